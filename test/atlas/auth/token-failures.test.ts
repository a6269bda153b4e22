import { describe, expect, it } from "vitest";
import { failureOf } from "../../support/atlas.ts";
import { json } from "../../support/fake-atlas.ts";
import { grant, startTokens } from "./tokens.ts";

const invalidClient = (response: Parameters<typeof json>[0]) =>
  json(response, 401, {
    error_description: "Invalid credentials provided.",
    error: "invalid_client",
  });

describe("a token endpoint that refuses the credentials", () => {
  it("means unauthenticated", async () => {
    const { read, counts } = await startTokens({ token: invalidClient });
    expect((await failureOf(read())).code).toBe("unauthenticated");
    expect(counts.api).toBe(0);
  });

  it("is remembered: the next call does not ask again", async () => {
    const { read, counts } = await startTokens({ token: invalidClient });
    await failureOf(read());
    expect((await failureOf(read())).code).toBe("unauthenticated");
    expect(counts.tokens).toBe(1);
  });

  it("is not remembered for ever, since the account may have been mended", async () => {
    const { read, clock } = await startTokens({
      token: (response, count) => (count === 1 ? invalidClient(response) : undefined),
    });
    await failureOf(read());
    clock.pass(5 * 60_000);
    expect(await read()).toMatchObject({ results: [] });
  });

  it("is quoted without control characters and capped", async () => {
    const error = `invalid\u0007\u202E${"x".repeat(5000)}`;
    const { read } = await startTokens({ token: (response) => json(response, 401, { error }) });
    const { atlas } = await failureOf(read());
    expect(atlas?.errorCode ?? "").not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect((atlas?.errorCode ?? "").length).toBeLessThan(1000);
  });

  it("does not bring the secret into the failure", async () => {
    const clientSecret = "mdb_sa_sk_do_not_print";
    const { read } = await startTokens({ token: invalidClient }, { clientSecret });
    const failure = JSON.stringify(await failureOf(read()));
    expect(failure).not.toContain(clientSecret);
    expect(failure).not.toContain(Buffer.from(`mdb_sa_id_1:${clientSecret}`).toString("base64"));
  });
});

describe("a token endpoint that limits", () => {
  const limited = {
    detail: "Resource /api/oauth/token is limited to 10 requests every 1 minutes.",
    error: 429,
    errorCode: "RATE_LIMITED",
    parameters: ["/api/oauth/token", 10, 1],
    reason: "Too Many Requests",
  };

  it("means rate_limited, with the seconds that it names", async () => {
    const { read } = await startTokens({
      token: (response) => json(response, 429, limited, { "retry-after": "23" }),
    });
    expect(await failureOf(read())).toMatchObject({
      code: "rate_limited",
      retry: "after_delay",
      retryAfterSeconds: 23,
    });
  });

  it("means a minute where it names none: that is the span of its limit", async () => {
    const { read } = await startTokens({ token: (response) => json(response, 429, limited) });
    expect(await failureOf(read())).toMatchObject({ code: "rate_limited", retryAfterSeconds: 60 });
  });

  it("is asked once: a limit is not met with a repeat", async () => {
    const { read, counts } = await startTokens({
      token: (response) => json(response, 429, limited),
    });
    await failureOf(read());
    expect(counts.tokens).toBe(1);
  });

  it("of live tokens (403) is no wrong credential but something to wait for", async () => {
    const { read } = await startTokens({
      token: (response) =>
        json(response, 403, {
          error_description: "Access Token limit reached. Please use the existing Access Tokens.",
          error: "access_denied",
        }),
    });
    expect(await failureOf(read())).toMatchObject({
      code: "quota_exceeded",
      retry: "after_delay",
      retryAfterSeconds: expect.any(Number),
    });
  });
});

describe("a token endpoint that fails", () => {
  it.each([
    ["with a 500", (response: Parameters<typeof json>[0]) => json(response, 500, {})],
    ["with a page", (response: Parameters<typeof json>[0]) => json(response, 503, "<html></html>")],
    [
      "with a 200 that has no token",
      (response: Parameters<typeof json>[0]) => json(response, 200, {}),
    ],
    ["by silence", () => true as const],
    [
      "by a reset",
      (response: Parameters<typeof json>[0]) => {
        response.socket?.resetAndDestroy();
        return true as const;
      },
    ],
  ])("%s is asked once more, then unavailable", async (_what, token) => {
    const { read, counts } = await startTokens({ token }, { requestTimeoutMs: 100 });
    expect((await failureOf(read())).code).toBe("unavailable");
    expect(counts.tokens).toBe(2);
  });

  it("once is not noticed", async () => {
    const { read } = await startTokens({
      token: (response, count) => (count === 1 ? json(response, 500, {}) : undefined),
    });
    expect(await read()).toMatchObject({ results: [] });
  });

  it("is not remembered: the next call asks again", async () => {
    const { read } = await startTokens({
      token: (response, count) => (count <= 2 ? json(response, 500, {}) : undefined),
    });
    await failureOf(read());
    expect(await read()).toMatchObject({ results: [] });
  });
});

describe("the end of a service account's work", () => {
  it("gives the token back in the documented form", async () => {
    const token = (response: Parameters<typeof json>[0]) => grant(response, "ey+J/a=b&c");
    const { read, close, to } = await startTokens({ token }, { clientId: "i", clientSecret: "s" });
    await read();
    await close();
    const [revoked] = to("/api/oauth/revoke");
    expect(revoked?.method).toBe("POST");
    expect(revoked?.headers.authorization).toBe(`Basic ${Buffer.from("i:s").toString("base64")}`);
    expect(revoked?.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    expect([...new URLSearchParams(revoked?.body)]).toEqual([
      ["token", "ey+J/a=b&c"],
      ["token_type_hint", "access_token"],
    ]);
  });

  it("asks for nothing where no token was had", async () => {
    const { close, fakeAtlas } = await startTokens();
    await close();
    expect(fakeAtlas.seen).toEqual([]);
  });

  it("revokes one token once, however often it is closed", async () => {
    const { read, close, to } = await startTokens();
    await read();
    await Promise.all([close(), close()]);
    expect(to("/api/oauth/revoke")).toHaveLength(1);
  });

  it("leaves an expired token alone", async () => {
    const { read, close, clock, to } = await startTokens();
    await read();
    clock.pass(3_600_001);
    await close();
    expect(to("/api/oauth/revoke")).toEqual([]);
  });

  it.each([
    ["refuses", (response: Parameters<typeof json>[0]) => json(response, 401, { error: "no" })],
    ["fails", (response: Parameters<typeof json>[0]) => json(response, 500, "oh")],
    ["is silent", () => true as const],
  ])("never throws when the endpoint %s", async (_what, revoke) => {
    const { read, close } = await startTokens({ revoke }, { requestTimeoutMs: 100 });
    await read();
    await expect(close()).resolves.toBeUndefined();
  });

  it("never throws when Atlas is gone", async () => {
    const { read, close, fakeAtlas } = await startTokens();
    await read();
    await fakeAtlas.close();
    await expect(close()).resolves.toBeUndefined();
  });
});
