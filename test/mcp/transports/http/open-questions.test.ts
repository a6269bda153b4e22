import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { Server } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { legacy, openSession, post } from "../../../support/http.ts";
import { until } from "../../../support/until.ts";
import { hostOwn } from "./own-host.ts";

type Host = Awaited<ReturnType<typeof hostOwn>>;

let host: Host;
/** What became of each call that asked its user. */
let ends: string[];

const question = {
  message: "Go on?",
  requestedSchema: { type: "object", properties: { yes: { type: "boolean" } } },
};

/** A server whose one tool asks its user before anything else. */
const asking = () => {
  const server = new Server({ name: "asking", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({ tools: [] }));
  server.setRequestHandler("tools/call", async (_request, { mcpReq }) => {
    const gone = new Promise<never>((_resolve, reject) => {
      const end = () => reject(new Error("cancelled"));
      mcpReq.signal.addEventListener("abort", end);
    });
    const asked = mcpReq.send({ method: "elicitation/create", params: question });
    const answer = await Promise.race([asked, gone]).catch((error: Error) => error.message);
    const text = typeof answer === "string" ? answer : answer.action;
    ends.push(text);
    return { content: [{ type: "text", text }] };
  });
  return server;
};

beforeEach(async () => {
  ends = [];
  host = await hostOwn(asking);
});
afterEach(() => host.drain());

const info = { name: "test", version: "1" };
const capabilities = { elicitation: {} };
const answer = { action: "accept" as const, content: { yes: true } };

describe("a question to the user, in the era of 2025", () => {
  it("is answered through the client of SDK v1", async () => {
    const client = new ClientV1(info, { capabilities });
    client.setRequestHandler(ElicitRequestSchema, () => answer);
    // The transport of that SDK is not written for exact optional properties.
    await client.connect(new HttpV1(new URL(host.url)) as any);
    const result: any = await client.callTool({ name: "ask" });
    expect(result.content[0].text).toBe("accept");
    await client.close();
  });

  it("is answered through the client of SDK v2", async () => {
    const client = new ClientV2(info, { capabilities, versionNegotiation: { mode: "legacy" } });
    client.setRequestHandler("elicitation/create", () => answer);
    await client.connect(new HttpV2(new URL(host.url)));
    const result: any = await client.callTool({ name: "ask" });
    expect(result.content[0].text).toBe("accept");
    await client.close();
  });

  /** A call that has come to its question, and the means to leave it. */
  const asked = async () => {
    const session = await openSession(host.url);
    const leaving = new AbortController();
    const call = legacy(session, "tools/call", { name: "ask", arguments: {} });
    const response = await post(host.url, call, {}, { signal: leaving.signal });
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toContain("elicitation/create");
    return { session, leaving };
  };

  it("ends with its call when the stream is gone", async () => {
    const { leaving } = await asked();
    leaving.abort();
    await until(() => ends.length > 0, "the end of the call");
    expect(ends).toEqual(["cancelled"]);
  });

  it("ends with its call when the session is closed", async () => {
    const { session } = await asked();
    await fetch(host.url, { method: "DELETE", headers: { "mcp-session-id": session } });
    await until(() => ends.length > 0, "the end of the call");
    expect(ends).not.toContain("accept");
  });

  it("ends with its call when the client cancels", async () => {
    const { session } = await asked();
    await post(host.url, legacy(session, "notifications/cancelled", { requestId: 1 }, null));
    await until(() => ends.length > 0, "the end of the call");
    expect(ends).toEqual(["cancelled"]);
  });
});
