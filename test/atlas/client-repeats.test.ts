import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import * as requests from "../../src/atlas/requests.ts";
import { clientFor, failureOf, groupId, openFakeAtlas, orgId } from "../support/atlas.ts";
import { json, type Responder } from "../support/fake-atlas.ts";
import { createFakeClock, deadlineOf } from "../support/fake-clock.ts";

const shop = { id: groupId, name: "shop", orgId };
const create = requests.createGroup({ name: "shop", orgId });

/** A client of an Admin API that answers as told, counting from 1; what is left open is a success. */
const start = async (
  answer: (response: Parameters<Responder>[1], count: number) => true | undefined,
  options: { random?: () => number; deadlineMs?: number } = {},
) => {
  let count = 0;
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    if (!seen.path.startsWith("/api/atlas/")) return undefined;
    count += 1;
    return answer(response, count) ?? json(response, 200, { ...shop, results: [] });
  });
  const clock = createFakeClock(options.random === undefined ? {} : { random: options.random });
  const { atlas } = clientFor(fakeAtlas.url, { clock, requestTimeoutMs: 200 });
  const deadline = deadlineOf(clock, options.deadlineMs);
  return {
    clock,
    count: () => count,
    read: () => atlas.read(requests.listGroups(), deadline),
    create: () => atlas.send(create, deadline),
  };
};

type Response = Parameters<Responder>[1];

const reset = (response: Response): true => {
  response.socket?.resetAndDestroy();
  return true;
};

const lost: [what: string, (response: Response) => true][] = [
  ["a reset", reset],
  ["silence", () => true],
  ["a 500", (response) => json(response, 500, { errorCode: "UNEXPECTED_ERROR" })],
  ["a 503 with a page", (response) => json(response, 503, "<html></html>")],
  ["a success that is no JSON", (response) => json(response, 200, "<html></html>")],
];

describe("a read", () => {
  it.each(lost)("after %s is sent again, three times in all", async (_what, answer) => {
    const { read, count } = await start(answer);
    expect((await failureOf(read())).code).toBe("unavailable");
    expect(count()).toBe(3);
  });

  it.each(lost)("after %s succeeds when Atlas recovers", async (_what, answer) => {
    const { read, count } = await start((response, n) => (n < 3 ? answer(response) : undefined));
    expect(await read()).toEqual({ results: [] });
    expect(count()).toBe(3);
  });

  it.each([400, 402, 403, 404, 409])("after a %i is not sent again", async (status) => {
    const { read, count } = await start((response) => json(response, status, { error: status }));
    await failureOf(read());
    expect(count()).toBe(1);
  });

  it("waits with full jitter: between nothing and a bound that grows", async () => {
    const bounds = async (random: number) => {
      const { read, clock } = await start(reset, { random: () => random });
      await failureOf(read());
      return clock.sleeps;
    };
    expect(await bounds(0)).toEqual([0, 0]);
    const [first = 0, second = 0] = await bounds(0.999);
    expect(first).toBeGreaterThanOrEqual(90);
    expect(second).toBeGreaterThan(first);
    expect(second).toBeLessThanOrEqual(2000);
    expect(await bounds(0.4995)).toEqual([first / 2, second / 2]);
  });
});

describe("a create", () => {
  it.each(lost)("after %s is unknown and not sent again", async (_what, answer) => {
    const { create, count, clock } = await start(answer);
    expect((await create()).fate).toBe("unknown");
    expect(count()).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  it.each([400, 401, 402, 403, 404, 409])(
    "after a %i is refused and not sent again",
    async (status) => {
      const { create, count } = await start((response) =>
        json(response, status, { errorCode: "X" }),
      );
      expect((await create()).fate).toBe("refused");
      expect(count()).toBe(1);
    },
  );

  it("after a 429 is sent again, three times in all", async () => {
    const { create, count } = await start((response) => json(response, 429, {}));
    expect(await create()).toMatchObject({ fate: "refused", failure: { code: "rate_limited" } });
    expect(count()).toBe(3);
  });

  it("that was not sent is sent again once somebody listens", async () => {
    const server = createServer((_request, response) => void json(response, 201, shop));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    onTestFinished(() => void server.close());

    const { url } = await openFakeAtlas(() => undefined);
    const clock = createFakeClock({
      onSleep: () => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve)),
    });
    const { atlas } = clientFor(url, { clock, apiUrl: `http://127.0.0.1:${port}` });
    expect((await atlas.send(create, deadlineOf(clock))).fate).toBe("accepted");
    expect(clock.sleeps).toHaveLength(1);
  });

  it("that is never sent is known not to be, after three attempts", async () => {
    const gone = await openFakeAtlas(() => undefined);
    await gone.close();
    const { url } = await openFakeAtlas(() => undefined);
    const { atlas, clock } = clientFor(url, { apiUrl: gone.url });
    const sent = await atlas.send(create, deadlineOf(clock));
    expect(sent).toMatchObject({ fate: "not_sent", failure: { code: "unavailable" } });
    expect(clock.sleeps).toHaveLength(2);
  });

  it("is not sent again once its caller is gone", async () => {
    const caller = new AbortController();
    let count = 0;
    const { url } = await openFakeAtlas((seen, response) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      count += 1;
      caller.abort();
      return json(response, 429, {});
    });
    const { atlas, clock } = clientFor(url);
    await atlas.send(create, deadlineOf(clock, 45_000, caller.signal));
    expect(count).toBe(1);
  });
});

const limit =
  (headers: Record<string, string>, body: unknown = {}) =>
  (response: Response, n: number) =>
    n === 1 ? json(response, 429, body, headers) : undefined;

const bucket = {
  error: 429,
  errorCode: "RATE_LIMITED_TOKEN_BUCKET",
  parameters: ["api/atlas/v2/groups", 12, 10, 5, 60],
};

describe("a wait that Atlas asks for", () => {
  it.each(["read", "create"] as const)("is kept to by a %s, without jitter", async (kind) => {
    const { clock, count, ...calls } = await start(limit({ "retry-after": "7" }));
    await calls[kind]();
    expect(clock.sleeps).toEqual([7000]);
    expect(count()).toBe(2);
  });

  it("is taken from the body where there is no header", async () => {
    const { create, clock } = await start(limit({}, bucket));
    await create();
    expect(clock.sleeps).toEqual([12_000]);
  });

  it("may be an HTTP date", async () => {
    const at = new Date(createFakeClock().now() + 9000).toUTCString();
    const { create, clock } = await start(limit({ "retry-after": at }));
    await create();
    expect(clock.sleeps).toEqual([9000]);
  });

  it("that is malformed gives way to the usual back-off", async () => {
    const { create, clock, count } = await start(limit({ "retry-after": "soon" }));
    await create();
    expect(clock.sleeps[0]).toBeLessThanOrEqual(2000);
    expect(count()).toBe(2);
  });

  it("after a 503 is kept to by a read", async () => {
    const { read, clock } = await start((response, n) =>
      n === 1 ? json(response, 503, {}, { "retry-after": "3" }) : undefined,
    );
    await read();
    expect(clock.sleeps).toEqual([3000]);
  });

  it("that does not fit a read's deadline is answered at once as rate_limited", async () => {
    const { read, clock, count } = await start(limit({ "retry-after": "55" }));
    expect(await failureOf(read())).toMatchObject({
      code: "rate_limited",
      retry: "after_delay",
      retryAfterSeconds: 55,
    });
    expect(clock.sleeps).toEqual([]);
    expect(count()).toBe(1);
  });

  it("that does not fit a create's deadline is answered at once as rate_limited", async () => {
    const { create, clock, count } = await start(limit({ "retry-after": "55" }));
    expect(await create()).toMatchObject({
      fate: "refused",
      failure: { code: "rate_limited", retryAfterSeconds: 55 },
    });
    expect(clock.sleeps).toEqual([]);
    expect(count()).toBe(1);
  });
});
