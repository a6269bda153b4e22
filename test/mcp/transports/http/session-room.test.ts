import { Server } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it } from "vitest";
import { sessionToEnd, type Use } from "../../../../src/mcp/transports/http/session-room.ts";
import { initialize, legacy, openSession, post } from "../../../support/http.ts";
import { bearer } from "../../../support/token-file.ts";
import { byName, hostOwn } from "./own-host.ts";

type Given = { idle?: number; listening?: number; running?: number };

let clock = 0;
/** The sessions of a caller, the oldest first. */
const of = (
  id: string,
  { idle = 0, listening = 0, running = 0 }: Given,
): (Use & { is: string })[] => {
  const make = (count: number, use: Pick<Use, "running" | "listening">, kind: string) =>
    Array.from({ length: count }, (_, index) => {
      clock += 1;
      return { ...use, caller: { id }, usedAt: clock, is: `${id} ${kind} ${index}` };
    });
  return [
    ...make(idle, { running: 0, listening: 0 }, "idle"),
    ...make(listening, { running: 0, listening: 1 }, "listening"),
    ...make(running, { running: 1, listening: 1 }, "running"),
  ];
};

const limits = { sessions: 10, sessionsEach: 5 };

const chosen = (caller: string, sessions: (Use & { is: string })[]) => {
  const session = sessionToEnd(sessions, { id: caller }, limits);
  return typeof session === "object" ? session.is : session;
};

describe("a new session", () => {
  it.each<
    [what: string, caller: string, sessions: (Use & { is: string })[], ends: string | undefined]
  >([
    ["ends none while there are some left", "a", of("a", { idle: 4 }), undefined],
    [
      "at the caller's limit ends its oldest idle one",
      "a",
      of("a", { running: 1, listening: 1, idle: 3 }),
      "a idle 0",
    ],
    [
      "at the caller's limit ends none that is in use",
      "a",
      of("a", { listening: 3, running: 2 }),
      "none",
    ],
    [
      "ends one of whoever has most",
      "c",
      [...of("a", { idle: 3 }), ...of("b", { idle: 5 }), ...of("d", { idle: 2 })],
      "b idle 0",
    ],
    [
      "ends one that is idle before one that listens",
      "c",
      [...of("a", { listening: 3, idle: 2 }), ...of("b", { idle: 5 })],
      "a idle 0",
    ],
    [
      "ends one that only listens of whoever has most, not the idle one of a caller with few",
      "c",
      [...of("a", { idle: 1 }), ...of("b", { listening: 5 }), ...of("d", { running: 4 })],
      "b listening 0",
    ],
    [
      "passes over whoever has only running ones",
      "c",
      [...of("a", { running: 5 }), ...of("b", { listening: 4 }), ...of("d", { idle: 1 })],
      "b listening 0",
    ],
    ["ends none that runs", "c", [...of("a", { running: 5 }), ...of("b", { running: 5 })], "none"],
    [
      "ends the caller's own before that of a caller with as many",
      "b",
      [...of("a", { idle: 5 }), ...of("b", { idle: 2 }), ...of("c", { idle: 3 })],
      "a idle 0",
    ],
    [
      "ends the caller's own if nobody has more",
      "b",
      [...of("a", { idle: 4 }), ...of("b", { idle: 4 }), ...of("c", { idle: 2 })],
      "b idle 0",
    ],
    [
      "ends none of a caller with fewer",
      "b",
      [...of("b", { running: 4 }), ...of("a", { idle: 3 }), ...of("c", { idle: 3 })],
      "none",
    ],
  ])("%s", (_what, caller, sessions, ends) => {
    expect(chosen(caller, sessions)).toBe(ends);
  });
});

type Host = Awaited<ReturnType<typeof hostOwn>>;
const hosts: Host[] = [];
const leaving: AbortController[] = [];
afterEach(async () => {
  for (const one of leaving.splice(0)) one.abort();
  await Promise.all(hosts.splice(0).map((host) => host.drain()));
});

/** A server whose tokens are the names of their callers. */
const start = async () => {
  const factory = () => {
    const server = new Server({ name: "a", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", () => ({ tools: [] }));
    return server;
  };
  const host = await hostOwn(factory, { sessions: 8, sessionsEach: 2 }, { authentication: byName });
  hosts.push(host);
  return host;
};

const listen = async (host: Host, caller: string) => {
  const session = await openSession(host.url, bearer(caller));
  const ending = new AbortController();
  leaving.push(ending);
  const headers = { ...bearer(caller), accept: "text/event-stream", "mcp-session-id": session };
  const response = await fetch(host.url, { headers, signal: ending.signal });
  expect(response.status).toBe(200);
  return response;
};

describe("four callers that listen on all sessions", () => {
  it("do not keep a fifth out, whose session stays when they come back", async () => {
    const host = await start();
    for (const caller of ["a", "b", "c", "d", "a", "b", "c", "d"]) await listen(host, caller);
    expect(host.sessions.size()).toBe(8);
    const session = await openSession(host.url, bearer("e"));
    for (const caller of ["a", "b", "c", "d"])
      await (await post(host.url, initialize, bearer(caller))).text();
    const answer = await post(host.url, legacy(session, "tools/list"), bearer("e"));
    expect(answer.status).toBe(200);
    expect(host.sessions.size()).toBe(8);
  });
});
