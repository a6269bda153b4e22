import { describe, expect, it } from "vitest";
import { failureOf } from "../../support/atlas.ts";
import { json } from "../../support/fake-atlas.ts";
import { deadlineOf } from "../../support/fake-clock.ts";
import { grant, mostWithin, startTokens } from "./tokens.ts";

const minutes = 60_000;

const emptyOf = (status: number) => (response: Parameters<typeof json>[0]) => {
  response.writeHead(status);
  response.end();
  return true as const;
};

const empty401 = emptyOf(401);

describe("the token of a service account", () => {
  it("is asked for once by 20 calls at once", async () => {
    const { header, counts } = await startTokens();
    const headers = await Promise.all(Array.from({ length: 20 }, () => header()));
    expect(new Set(headers)).toEqual(new Set(["Bearer token-1"]));
    expect(counts.tokens).toBe(1);
  });

  it("is kept for the next call", async () => {
    const { read, counts, clock } = await startTokens();
    await read();
    clock.pass(10 * minutes);
    await read();
    expect(counts).toEqual({ tokens: 1, api: 2 });
  });

  it("is asked for as documented", async () => {
    const { header, to } = await startTokens();
    await header();
    const [asked] = to("/api/oauth/token");
    expect(asked?.method).toBe("POST");
    expect(asked?.body).toBe("grant_type=client_credentials");
    expect(asked?.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    expect(asked?.headers["user-agent"]).toMatch(/^atlas-provision-mcp\//);
  });

  it("is asked for with the raw secret, not percent-encoded", async () => {
    const account = { clientId: "mdb_sa_id_0", clientSecret: "mdb_sa_sk_a:b_c%20d+e/f=é" };
    const { header, to } = await startTokens({}, account);
    await header();
    const [, encoded = ""] = to("/api/oauth/token")[0]?.headers.authorization?.split(" ") ?? [];
    expect(Buffer.from(encoded, "base64").toString()).toBe("mdb_sa_id_0:mdb_sa_sk_a:b_c%20d+e/f=é");
  });

  it("goes along with requests to the Admin API", async () => {
    const { read, fakeAtlas } = await startTokens();
    await read();
    expect(fakeAtlas.api()[0]?.headers.authorization).toBe("Bearer token-1");
  });

  it("is not had in time by a caller whose deadline ends, yet by those who wait longer", async () => {
    let answer = () => {};
    const { auth, fakeAtlas, clock, header } = await startTokens({
      token: (response) => {
        answer = () => grant(response, "late");
        return true;
      },
    });
    const caller = new AbortController();
    const request = { method: "GET", url: fakeAtlas.url };
    const impatient = auth.header(request, deadlineOf(clock, 45_000, caller.signal));
    const patient = header();
    await expect.poll(() => fakeAtlas.seen.length).toBe(1);
    caller.abort();
    expect((await failureOf(impatient)).code).toBe("unavailable");
    answer();
    expect(await patient).toBe("Bearer late");
  });
});

describe("the renewal of a token", () => {
  it("comes before the token expires", async () => {
    const { header, clock } = await startTokens();
    await header();
    clock.pass(60 * minutes - 30_000);
    expect(await header()).toBe("Bearer token-2");
  });

  it("keeps to the lifetime that the endpoint states", async () => {
    const { header, clock } = await startTokens({
      token: (response, count) => grant(response, `token-${count}`, 120),
    });
    await header();
    clock.pass(30_000);
    expect(await header()).toBe("Bearer token-1");
    clock.pass(89_000);
    expect(await header()).toBe("Bearer token-2");
  });

  it("may fail: the old token goes on as long as it is valid", async () => {
    const { header, clock, counts } = await startTokens({
      token: (response, count) => (count === 1 ? undefined : json(response, 500, {})),
    });
    await header();
    clock.pass(59 * minutes);
    expect(await header()).toBe("Bearer token-1");
    expect(counts.tokens).toBeGreaterThan(1);
  });

  it("must not fail once the old token has expired", async () => {
    const { header, clock } = await startTokens({
      token: (response, count) => (count === 1 ? undefined : json(response, 500, {})),
    });
    await header();
    clock.pass(61 * minutes);
    expect((await failureOf(header())).code).toBe("unavailable");
  });

  it("happens once after an empty 401, and the request is sent once more", async () => {
    const { read, counts, fakeAtlas } = await startTokens({
      api: (response, count) => (count === 1 ? empty401(response) : undefined),
    });
    await read();
    expect(counts).toEqual({ tokens: 2, api: 2 });
    expect(fakeAtlas.api().map((one) => one.headers.authorization)).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
  });

  it("does not happen a second time when the new token is refused too", async () => {
    const { read, counts } = await startTokens({ api: empty401 });
    expect((await failureOf(read())).code).toBe("unauthenticated");
    expect(counts).toEqual({ tokens: 2, api: 2 });
  });

  it("is shared by 20 calls that are refused at once", async () => {
    const { read, counts } = await startTokens({
      api: (response, _count, seen) =>
        seen.headers.authorization === "Bearer token-1" ? empty401(response) : undefined,
    });
    await Promise.all(Array.from({ length: 20 }, read));
    expect(counts.tokens).toBe(2);
  });

  it("does not happen after a 401 with a body: that one is about permissions", async () => {
    const { read, counts } = await startTokens({
      api: (response) => json(response, 401, { error: 401, errorCode: "USER_UNAUTHORIZED" }),
    });
    expect((await failureOf(read())).code).toBe("forbidden");
    expect(counts).toEqual({ tokens: 1, api: 1 });
  });

  it.each([
    ["one after another, at one moment", 0],
    ["a second apart", 1000],
    ["seven seconds apart", 7000],
  ])(
    "takes at most 10 token requests a minute when calls fail with an empty 401 %s",
    async (_, ms) => {
      const { read, clock, mintedAt } = await startTokens({ api: empty401 });
      for (let call = 0; call < 60; call += 1) {
        await failureOf(read());
        clock.pass(ms);
      }
      expect(mostWithin(mintedAt, minutes)).toBeLessThanOrEqual(10);
    },
  );

  it("takes at most 10 token requests a minute when the token endpoint itself fails", async () => {
    const { header, mintedAt } = await startTokens({
      token: (response) => json(response, 500, {}),
    });
    for (let call = 0; call < 30; call += 1) await failureOf(header());
    expect(mostWithin(mintedAt, minutes)).toBeLessThanOrEqual(10);
  });

  it("is waited for as long as it lasts, also where somebody sets the clock back", async () => {
    const { header, clock } = await startTokens({
      token: (response) => json(response, 500, {}),
    });
    for (let call = 0; call < 4; call += 1) await failureOf(header());
    clock.set(-2 * 3_600_000);
    const { code, retryAfterSeconds } = await failureOf(header());
    expect(code).toBe("rate_limited");
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
  });
});
