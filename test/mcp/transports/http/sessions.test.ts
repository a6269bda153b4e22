import { Server } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it } from "vitest";
import { answerOf, initialize, legacy, openSession, post } from "../../../support/http.ts";
import { until } from "../../../support/until.ts";
import { hostOwn } from "./own-host.ts";

type Host = Awaited<ReturnType<typeof hostOwn>>;

const hosts: Host[] = [];
const start = async (...args: Parameters<typeof hostOwn>): Promise<Host> => {
  const host = await hostOwn(...args);
  hosts.push(host);
  return host;
};
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.drain())));

const plain = () => {
  const server = new Server({ name: "plain", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({ tools: [] }));
  return server;
};

const listIn = (host: Host, session: string) => post(host.url, legacy(session, "tools/list"));

const statusOf = async (response: Promise<Response>) => {
  const { status, body } = await response;
  await body?.cancel();
  return status;
};

/** The stream on which a server may speak without being asked. */
const listen = (host: Host, session: string, signal: AbortSignal) =>
  fetch(host.url, {
    headers: { accept: "text/event-stream", "mcp-session-id": session },
    signal,
  });

describe("a session", () => {
  it("is closed by DELETE, and not known afterwards", async () => {
    const host = await start(plain);
    const session = await openSession(host.url);
    const headers = { "mcp-session-id": session };
    expect((await fetch(host.url, { method: "DELETE", headers })).status).toBe(200);
    expect(await statusOf(listIn(host, session))).toBe(404);
    expect(host.sessions.size()).toBe(0);
  });

  it("is closed once nothing has come for a while", async () => {
    const host = await start(plain, { idleMs: 30 });
    const session = await openSession(host.url);
    await until(() => host.sessions.size() === 0, "the end of the session");
    expect(await statusOf(listIn(host, session))).toBe(404);
  });

  it("stays while its client listens", async () => {
    const host = await start(plain, { idleMs: 400 });
    const leaving = new AbortController();
    const session = await openSession(host.url);
    const stream = await listen(host, session, leaving.signal);
    expect(stream.status).toBe(200);
    await openSession(host.url);
    await until(() => host.sessions.size() === 1, "the end of another session");
    expect(await statusOf(listIn(host, session))).toBe(200);
    leaving.abort();
    await until(() => host.sessions.size() === 0, "the end of the session");
  });

  it("is not opened by a greeting that is refused", async () => {
    const host = await start(plain);
    const body = {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "a", version: "1" },
      },
    };
    const headers = { "content-type": "application/json", accept: "text/html" };
    expect(await statusOf(post(host.url, { headers, body }))).toBe(406);
    const broken = { ...body, params: {} };
    expect(await statusOf(post(host.url, { headers, body: broken }, { accept: "*/*" }))).toBe(400);
    expect(host.sessions.size()).toBe(0);
  });

  it("is not opened by a greeting without an id, which is no request", async () => {
    const host = await start(plain, { sessions: 2, sessionsEach: 2 });
    const session = await openSession(host.url);
    const { id: _id, ...body } = initialize.body;
    for (const _ of [1, 2, 3]) {
      const response = await post(host.url, { headers: initialize.headers, body });
      expect([response.status, response.headers.get("mcp-session-id")]).toEqual([400, null]);
      expect((await answerOf(response)).error.message).toContain("Mcp-Session-Id");
    }
    expect(host.sessions.size()).toBe(1);
    expect(await statusOf(listIn(host, session))).toBe(200);
  });

  it("has an id that begins with the one a load balancer has given the request", async () => {
    const host = await start(plain);
    const place = "0123456789abcdef0123456789abcdef";
    const session = await openSession(host.url, { "x-request-id": place });
    expect(session).toMatch(new RegExp(`^${place}-[0-9a-f-]{36}$`));
    expect(await openSession(host.url, { "x-request-id": "short" })).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("a server with as many sessions as it takes", () => {
  it("ends the one that was idle longest to make room", async () => {
    const host = await start(plain, { sessionsEach: 2 });
    const [first, second] = [await openSession(host.url), await openSession(host.url)];
    await answerOf(await listIn(host, first));
    const third = await openSession(host.url);
    expect(await statusOf(listIn(host, second))).toBe(404);
    expect(await Promise.all([first, third].map((one) => statusOf(listIn(host, one))))).toEqual([
      200, 200,
    ]);
  });

  it("refuses one more while all are in use, and says when to come again", async () => {
    const host = await start(plain, { sessionsEach: 1 });
    const leaving = new AbortController();
    await listen(host, await openSession(host.url), leaving.signal);
    const refused = await post(host.url, initialize);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "30"]);
    leaving.abort();
  });

  it("never has more, however many come at once", async () => {
    const host = await start(plain, { sessions: 5, sessionsEach: 5 });
    await Promise.all(Array.from({ length: 40 }, () => openSession(host.url).catch(() => "")));
    expect(host.sessions.size()).toBeLessThanOrEqual(5);
  });
});
