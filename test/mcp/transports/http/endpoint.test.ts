import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerOf,
  callTool,
  type HttpServed,
  legacy,
  modern,
  openSession,
  post,
  send,
  serveHttp,
} from "../../../support/http.ts";

let server: HttpServed;
beforeAll(async () => {
  server = await serveHttp();
});
afterAll(() => server.end("SIGTERM"));

const list = modern("tools/list");
const json = { "content-type": "application/json", accept: "application/json, text/event-stream" };

describe("a server over HTTP", () => {
  it("answers the era of 2026 without a session, as JSON", async () => {
    const response = await post(server.url, list);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect((await answerOf(response)).result.tools.length).toBeGreaterThan(0);
  });

  it("answers the era of 2025 in a session, as a stream", async () => {
    const session = await openSession(server.url);
    const response = await post(server.url, legacy(session, "tools/list"));
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect((await answerOf(response)).result.tools.length).toBeGreaterThan(0);
  });

  it("gives both eras the same answer to a call", async () => {
    const [old, recent] = [
      await callTool(server.url, "2025", "get_account", {}),
      await callTool(server.url, "2026", "get_account", {}),
    ];
    expect(old.result.structuredContent.status).toBe("ok");
    expect(recent.result.structuredContent).toEqual(old.result.structuredContent);
  });

  it("lists may be kept by anyone where nobody has to say who they are", async () => {
    const { result } = await answerOf(await post(server.url, list));
    expect(result.cacheScope).toBe("public");
  });

  it("accepts a notification with 202 and no body", async () => {
    const session = await openSession(server.url);
    const told = legacy(session, "notifications/initialized", {}, null);
    const response = await post(server.url, told);
    expect([response.status, await response.text()]).toEqual([202, ""]);
  });
});

type Case = [what: string, status: number, ask: () => Promise<{ status: number }>];

const cases: Case[] = [
  ["another path", 404, () => fetch(server.at("/other"))],
  ["the endpoint with more behind it", 404, () => post(`${server.url}/x`, list)],
  ["PUT", 405, () => fetch(server.url, { method: "PUT", headers: json, body: "{}" })],
  ["PATCH", 405, () => fetch(server.url, { method: "PATCH", headers: json, body: "{}" })],
  [
    "GET without a session",
    405,
    () => fetch(server.url, { headers: { accept: "text/event-stream" } }),
  ],
  ["DELETE without a session", 400, () => fetch(server.url, { method: "DELETE" })],
  ["text", 415, () => post(server.url, list, { "content-type": "text/plain" })],
  [
    "a form",
    415,
    () => post(server.url, list, { "content-type": "application/x-www-form-urlencoded" }),
  ],
  ["no type", 415, () => send(server.url, "POST", {}, JSON.stringify(list.body))],
  ["no JSON", 400, () => post(server.url, { ...list, body: "{" })],
  ["nothing", 400, () => post(server.url, { ...list, body: "" })],
  ["JSON that is no message", 400, () => post(server.url, { ...list, body: "[1]" })],
  [
    "a body of 256 KiB and one byte",
    413,
    () => post(server.url, { ...list, body: " ".repeat(262_145) }),
  ],
  [
    "headers that contradict the body",
    400,
    () => post(server.url, list, { "mcp-method": "tools/call" }),
  ],
  [
    "a version from the future",
    400,
    () =>
      post(
        server.url,
        modern("tools/list", {}, { "io.modelcontextprotocol/protocolVersion": "2999-01-01" }),
        {
          "mcp-protocol-version": "2999-01-01",
        },
      ),
  ],
  ["a method that nobody knows", 404, () => post(server.url, modern("tools/destroy"))],
  [
    "a call without a session",
    400,
    () =>
      post(server.url, { headers: json, body: { jsonrpc: "2.0", id: 1, method: "tools/list" } }),
  ],
  ["a session that nobody opened", 404, () => post(server.url, legacy("none", "tools/list"))],
];

describe("what is not as the specification wants it", () => {
  it.each(cases)("%s is answered with %i", async (_what, status, ask) => {
    expect((await ask()).status).toBe(status);
  });

  const bare = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  it.each<[string, unknown]>([
    ["a batch", [bare]],
    ["a response", { jsonrpc: "2.0", id: 1, result: {} }],
    ["an error", { jsonrpc: "2.0", id: 1, error: { code: 1, message: "x" } }],
  ])("%s of protocol 2026-07-28 is not asked for a session", async (_what, body) => {
    const response = await post(server.url, { headers: modern("tools/list").headers, body });
    expect(response.status).toBe(400);
    const { id, error } = await answerOf(response);
    expect([id, error.code]).toEqual([null, -32600]);
    expect(error.message).toMatch(/2026-07-28 has one request or notification/);
  });

  it("the end of a session is not a method of protocol 2026-07-28", async () => {
    const headers = { "mcp-protocol-version": "2026-07-28" };
    const response = await fetch(server.url, { method: "DELETE", headers });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  it.each(["2025-11-25", "newest", undefined])(
    "without a session, a batch of protocol %s is told that it needs one",
    async (version) => {
      const { "mcp-protocol-version": _version, ...headers } = modern("tools/list").headers;
      const more: Record<string, string> =
        version === undefined ? {} : { "mcp-protocol-version": version };
      const response = await post(server.url, { headers, body: [bare] }, more);
      expect(response.status).toBe(400);
      expect((await answerOf(response)).error.message).toMatch(/Mcp-Session-Id/);
    },
  );

  it("says with 405 what is allowed", async () => {
    const response = await fetch(server.url, { method: "PUT", headers: json, body: "{}" });
    expect(response.headers.get("allow")).toBe("GET, POST, DELETE");
  });

  it("takes a body of 256 KiB", async () => {
    const text = JSON.stringify(list.body);
    const response = await post(server.url, { ...list, body: text.padEnd(262_144) });
    expect(response.status).toBe(200);
  });
});
