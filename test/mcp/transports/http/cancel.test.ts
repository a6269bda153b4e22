import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type HttpServed,
  legacy,
  modern,
  openSession,
  post,
  serveHttp,
} from "../../../support/http.ts";
import { type LiveSandbox, startSandbox } from "../../../support/live-sandbox.ts";
import { until } from "../../../support/until.ts";

let sandbox: LiveSandbox;
let server: HttpServed;
beforeAll(async () => {
  sandbox = await startSandbox();
  server = await serveHttp([], { ...sandbox.env, ATLAS_MCP_LOG_LEVEL: "info" });
});
afterAll(async () => {
  await server.end("SIGTERM");
  await sandbox.close();
});

type Call = { url: string; session?: string; signal: AbortSignal };

/** Lists projects of an Atlas that does not answer; `progress` makes the answer a stream from the start. */
const stuck = async ({ url, session, signal }: Call): Promise<void> => {
  await sandbox.reset();
  await sandbox.script("listGroups", "hang", 9);
  const params = { name: "list_projects", arguments: {} };
  const message =
    session === undefined ? modern("tools/call", params) : legacy(session, "tools/call", params);
  void post(url, message, {}, { signal }).catch(() => {});
  await until(
    async () => (await sandbox.state()).requests.some((one) => one.operation === "listGroups"),
    "the request to Atlas",
  );
};

const cancelled = () =>
  until(() => /"cancelled":true/.test(server.stderr().slice(from)), "a cancelled call in the log");
let from = 0;
const mark = () => {
  from = server.stderr().length;
};

describe("a call over HTTP that is not wanted any more", () => {
  it("ends in the era of 2026 when its connection is closed", async () => {
    mark();
    const leaving = new AbortController();
    await stuck({ url: server.url, signal: leaving.signal });
    leaving.abort();
    expect(await cancelled()).toBe(true);
  });

  it("ends in the era of 2025 when its client says so", async () => {
    mark();
    const session = await openSession(server.url);
    const { signal } = new AbortController();
    await stuck({ url: server.url, session, signal });
    await post(server.url, legacy(session, "notifications/cancelled", { requestId: 1 }, null));
    expect(await cancelled()).toBe(true);
  });

  it("ends in the era of 2025 when its session is closed", async () => {
    mark();
    const session = await openSession(server.url);
    const { signal } = new AbortController();
    await stuck({ url: server.url, session, signal });
    await fetch(server.url, { method: "DELETE", headers: { "mcp-session-id": session } });
    expect(await cancelled()).toBe(true);
  });
});
