import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerOf,
  callTool,
  eras,
  type HttpServed,
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

const orgId = "a".repeat(24);

/** A call whose arguments are the JSON text given, members of prototypes included. */
const callWith = async (text: string) => {
  const { headers, body } = modern("tools/call", { name: "create_project", arguments: "HERE" });
  return answerOf(
    await post(server.url, { headers, body: JSON.stringify(body).replace('"HERE"', text) }),
  );
};

describe("members that would reach into a prototype", () => {
  it.each([
    `{"__proto__":{"name":"shop","orgId":"${orgId}"}}`,
    `{"name":"shop","orgId":"${orgId}","__proto__":{"dryRun":true}}`,
    `{"name":"shop","orgId":"${orgId}","constructor":{"prototype":{"dryRun":true}}}`,
    `{"name":"shop","orgId":"${orgId}","prototype":1}`,
    `{"name":"shop","orgId":"${orgId}","tags":[{"key":"a","value":"b","__proto__":{"x":1}}]}`,
  ])("are no arguments, and nothing is made of them: %s", async (text) => {
    const { result } = await callWith(text);
    expect(result.structuredContent).toMatchObject({
      status: "error",
      error: { outcome: "not_created" },
    });
    const { result: after } = await callTool(server.url, "2026", "list_projects", {});
    expect(after.structuredContent).toMatchObject({ status: "ok", totalCount: 0 });
  });

  it("in _meta are harmless", async () => {
    const { headers, body } = modern("tools/list");
    const text = JSON.stringify(body).replace(
      '"_meta":{',
      '"_meta":{"__proto__":{"polluted":true},',
    );
    expect((await post(server.url, { headers, body: text })).status).toBe(200);
    expect((await post(server.url, modern("tools/list"))).status).toBe(200);
  });
});

describe("an id or a name that plays tricks", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "%s is no session",
    async (id) => {
      const headers = { ...modern("tools/list").headers, "mcp-session-id": id };
      const {
        "mcp-protocol-version": _version,
        "mcp-method": _method,
        ...plain
      } = headers as Record<string, string>;
      const body = { jsonrpc: "2.0", id: 1, method: "tools/list" };
      expect((await post(server.url, { headers: plain, body })).status).toBe(404);
    },
  );

  it.each(eras)("no tool is called constructor in the era of %s", async (era) => {
    const { error } = await callTool(server.url, era, "constructor", {});
    expect(error.code).toBe(-32602);
  });

  it("a session's id in the query opens nothing", async () => {
    const session = await openSession(server.url);
    const body = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const { "content-type": type, accept } = modern("tools/list").headers as Record<string, string>;
    const headers = { "content-type": type ?? "", accept: accept ?? "" };
    expect((await post(`${server.url}?mcp-session-id=${session}`, { headers, body })).status).toBe(
      400,
    );
  });
});

describe("requests that are no requests", () => {
  it.each(["TRACE", "CONNECT", "PROPFIND", "LOCK"])("%s does nothing", async (method) => {
    const status = await send(server.url, method, {}).then(
      (response) => response.status,
      () => "cut off",
    );
    expect([400, 404, 405, "cut off"]).toContain(status);
  });

  it("an upgrade is not taken", async () => {
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "a",
      "sec-websocket-version": "13",
    };
    expect((await send(server.url, "GET", headers)).status).toBe(405);
  });

  it("a path that climbs leads nowhere", async () => {
    for (const path of ["/mcp/../metrics/..", "/%2e%2e/mcp", "//mcp", "/mcp%00"])
      expect([400, 404, 405]).toContain((await fetch(new URL(server.url).origin + path)).status);
  });
});
