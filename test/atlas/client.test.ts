import { describe, expect, it, onTestFinished } from "vitest";
import { createAtlasClient } from "../../src/atlas/client.ts";
import * as requests from "../../src/atlas/requests.ts";
import { apiKeyRoles, serviceAccountRoles } from "../../src/atlas/roles.ts";
import { secret } from "../../src/common/secret.ts";
import {
  clientFor,
  failureOf,
  groupId,
  openFakeAtlas,
  openHttp,
  orgId,
  userAgent,
} from "../support/atlas.ts";
import { json, type Responder } from "../support/fake-atlas.ts";
import { createFakeClock, deadlineOf } from "../support/fake-clock.ts";
import { startProxy } from "../support/proxy.ts";

const create = requests.createGroup({ name: "shop", orgId });

/** A client of an Admin API that answers so, on a clock that the test moves. */
const start = async (respond: Responder, caller?: AbortSignal) => {
  const fakeAtlas = await openFakeAtlas((seen, response, count) =>
    seen.path.startsWith("/api/atlas/") ? respond(seen, response, count) : undefined,
  );
  const clock = createFakeClock();
  const { atlas } = clientFor(fakeAtlas.url, { clock });
  return { atlas, clock, fakeAtlas, deadline: deadlineOf(clock, 45_000, caller) };
};

const silence: Responder = () => true;

describe("the time of a request", () => {
  it("that changes something is three fifths of what is left, so that there is time to look", async () => {
    const { atlas, clock, fakeAtlas, deadline } = await start(silence);
    let over = false;
    const sent = atlas.send(create, deadline).finally(() => {
      over = true;
    });
    await expect.poll(() => fakeAtlas.api().length).toBe(1);
    clock.pass(26_999);
    await fetch(fakeAtlas.url);
    expect(over).toBe(false);
    clock.pass(1);
    expect(await sent).toMatchObject({ fate: "unknown", failure: { code: "unavailable" } });
  });

  it("that reads is all of it, and its end is told as such", async () => {
    const { atlas, clock, fakeAtlas, deadline } = await start(silence);
    const told = failureOf(atlas.read(requests.listGroups(), deadline));
    await expect.poll(() => fakeAtlas.api().length).toBe(1);
    clock.pass(45_000);
    expect(await told).toMatchObject({
      code: "unavailable",
      message: "Atlas did not answer within the time for one call.",
      retry: "same_arguments",
    });
    expect(fakeAtlas.api()).toHaveLength(1);
  });

  it("that reads ends with its caller", async () => {
    const caller = new AbortController();
    const { atlas, fakeAtlas, deadline } = await start(() => {
      caller.abort();
      return true;
    }, caller.signal);
    expect((await failureOf(atlas.read(requests.listGroups(), deadline))).code).toBe("unavailable");
    expect(fakeAtlas.api()).toHaveLength(1);
  });

  it("that changes something goes on without its caller: what has left is not taken back", async () => {
    const caller = new AbortController();
    const { atlas, deadline } = await start((_seen, response) => {
      caller.abort();
      return json(response, 201, { id: groupId, name: "shop" });
    }, caller.signal);
    expect((await atlas.send(create, deadline)).fate).toBe("accepted");
  });
});

describe("a wait before a repeat", () => {
  const limited =
    (seconds: number): Responder =>
    (_seen, response, count) =>
      count > 2
        ? json(response, 200, { results: [] })
        : json(response, 429, {}, { "retry-after": `${seconds}` });

  it("may take all but the last of the time", async () => {
    const { atlas, fakeAtlas, deadline } = await start(limited(44));
    await atlas.read(requests.listGroups(), deadline);
    expect(fakeAtlas.api()).toHaveLength(2);
  });

  it("of just the time that is left is not begun", async () => {
    const { atlas, clock, deadline } = await start(limited(45));
    expect((await failureOf(atlas.read(requests.listGroups(), deadline))).code).toBe(
      "rate_limited",
    );
    expect(clock.sleeps).toEqual([]);
  });
});

describe("a failure to reach Atlas", () => {
  it("is told as a sentence, and may be repeated", async () => {
    const { fakeAtlas, deadline, clock } = await start(silence);
    const gone = await openFakeAtlas(silence);
    await gone.close();
    const { atlas } = clientFor(fakeAtlas.url, { clock, apiUrl: gone.url });
    const told = await failureOf(atlas.read(requests.listGroups(), deadline));
    expect(told).toMatchObject({ code: "unavailable", retry: "same_arguments" });
    expect(told.message).toMatch(
      /^127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\)\. If it stays so, the operator of this server must check the network/,
    );
  });

  it("for want of TLS is to be mended first", async () => {
    const { fakeAtlas, deadline, clock } = await start(silence);
    const apiUrl = fakeAtlas.url.replace("http:", "https:");
    const { atlas } = clientFor(fakeAtlas.url, { clock, apiUrl });
    expect(await failureOf(atlas.read(requests.listGroups(), deadline))).toMatchObject({
      code: "unavailable",
      retry: "after_fix",
    });
  });

  it.each([
    [
      407,
      1,
      "after_fix",
      /^The proxy at .* wants a user name and a password.*The operator of this/,
    ],
    [403, 1, "after_fix", /^The proxy at .* refuses to connect to atlas\.test:443 .*The operator/],
    [502, 3, "same_arguments", /^The proxy at .* could not connect .*If it stays so, the operator/],
  ])("by a proxy that answers %i is asked for %i times", async (status, times, retry, says) => {
    const proxy = await startProxy({}, status);
    onTestFinished(() => proxy.close());
    const { send } = openHttp(1000, { httpsProxy: secret(proxy.url) });
    const auth = { header: async () => undefined, renew: async () => false, close: async () => {} };
    const endpoint = async () => ({ baseUrl: "https://atlas.test", auth });
    const clock = createFakeClock();
    const atlas = createAtlasClient({ endpoint, sendHttp: send, clock, userAgent });
    const sent = await atlas.send(create, deadlineOf(clock));
    expect(sent).toMatchObject({ fate: "not_sent", failure: { code: "unavailable", retry } });
    if (sent.fate !== "accepted") expect(sent.failure.message).toMatch(says);
    expect(proxy.seen).toHaveLength(times);
  });
});

describe("an answer that is not Atlas's", () => {
  it.each([200, 299, 302, 403, 404, 408, 418, 499])(
    "(%i) is unavailable, and says what may have answered",
    async (status) => {
      const { atlas, deadline } = await start((_seen, response) => json(response, status, "busy"));
      expect(await failureOf(atlas.read(requests.listGroups(), deadline))).toEqual({
        code: "unavailable",
        message: `Something between this server and Atlas answered instead of Atlas: a proxy, a portal or a gateway (HTTP ${status}). If it stays so, the operator of this server must check HTTPS_PROXY, NO_PROXY and MONGODB_ATLAS_BASE_URL, and log in if the network has a login page.`,
        retry: "same_arguments",
        suggestions: [],
      });
    },
  );

  it("is to be repeated after the wait that it asks for", async () => {
    const { atlas, deadline } = await start((_seen, response) =>
      json(response, 403, "busy", { "retry-after": "90" }),
    );
    expect(await failureOf(atlas.read(requests.listGroups(), deadline))).toMatchObject({
      retry: "after_delay",
      retryAfterSeconds: 90,
    });
  });

  it.each([{ error: 407, errorCode: "X", detail: "No." }, "<html></html>", ""])(
    "is a proxy's where the status is 407, with the body %j",
    async (body) => {
      const { atlas, deadline } = await start((_seen, response) => json(response, 407, body));
      const told = await failureOf(atlas.read(requests.listGroups(), deadline));
      expect(told).toMatchObject({ code: "unavailable", retry: "after_fix" });
      expect(told.message).toMatch(/^A proxy between .*user name and a password.*HTTPS_PROXY/);
      expect(told).not.toHaveProperty("atlas");
    },
  );

  it.each([
    [500, {}],
    [500, { error: 503 }],
    [502, "<html></html>"],
    [503, ""],
    [504, { message: "upstream" }],
  ])("with %i and %j may be Atlas's or that of something before it", async (status, body) => {
    const { atlas, deadline } = await start((_seen, response) => json(response, status, body));
    const told = await failureOf(atlas.read(requests.listGroups(), deadline));
    expect(told).toMatchObject({ code: "unavailable", retry: "after_delay", atlas: { status } });
    expect(told.message).toMatch(
      new RegExp(`^Atlas, or something before it .* failed \\(HTTP ${status}\\)\\. If it stays so`),
    );
    expect(told.atlas).not.toHaveProperty("detail");
  });

  it("is a portal's where the status is 511", async () => {
    const { atlas, deadline } = await start((_seen, response) => json(response, 511, "log in"));
    const told = await failureOf(atlas.read(requests.listGroups(), deadline));
    expect(told).toMatchObject({ retry: "same_arguments" });
    expect(told.message).toMatch(/^Something between.*login page/);
  });

  it("is told as Atlas's own where a 500 has Atlas's form", async () => {
    const body = { error: 500, errorCode: "UNEXPECTED_ERROR" };
    const { atlas, deadline } = await start((_seen, response) => json(response, 500, body));
    expect(await failureOf(atlas.read(requests.listGroups(), deadline))).toMatchObject({
      message: "Atlas had an internal problem (HTTP 500).",
      atlas: { errorCode: "UNEXPECTED_ERROR" },
    });
  });
});

describe("the roles of the credentials", () => {
  const appName = "MongoDB Atlas";
  const served = (body: unknown) => start((_seen, response) => json(response, 200, body));

  it("are those of the service account", async () => {
    const { atlas, fakeAtlas, deadline } = await served({
      clientId: "mdb/1",
      roles: ["ORG_OWNER"],
    });
    expect(await serviceAccountRoles(atlas, deadline, orgId, "mdb/1")).toEqual(["ORG_OWNER"]);
    expect(fakeAtlas.api()[0]?.path).toBe(`/api/atlas/v2/orgs/${orgId}/serviceAccounts/mdb%2F1`);
  });

  it("are those of the API key in the one organization", async () => {
    const roles = [
      { orgId, roleName: "ORG_MEMBER" },
      { orgId: groupId, roleName: "ORG_OWNER" },
      { orgId },
    ];
    const { atlas, deadline } = await served({ appName, apiKey: { roles } });
    expect(await apiKeyRoles(atlas, deadline, orgId)).toEqual(["ORG_MEMBER"]);
  });

  it.each([{}, { apiKey: {} }])("are none where Atlas says %j", async (body) => {
    const { atlas, deadline } = await served({ clientId: "id", appName, ...body });
    expect(await serviceAccountRoles(atlas, deadline, orgId, "id")).toEqual([]);
    expect(await apiKeyRoles(atlas, deadline, orgId)).toEqual([]);
  });
});
