import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type HttpServed, serveHttp } from "../../../support/http.ts";
import { aws, type LiveSandbox, startSandbox } from "../../../support/live-sandbox.ts";
import { until } from "../../../support/until.ts";

let sandbox: LiveSandbox;
let server: HttpServed;
let groupId: string;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.reset();
  server = await serveHttp(
    [],
    { ...sandbox.env, ATLAS_MCP_CONFIRM: "auto" },
    { limits: { drainMs: 500 } },
  );
  groupId = (await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId })).id;
});
afterEach(() => server.end());

const info = { name: "test", version: "1" };
const capabilities = { elicitation: {} };

type Answer = () => Promise<{ action: "accept" | "decline"; content?: { agree: boolean } }>;

type Asked = { call(name: string): Promise<any>; close(): Promise<void> };

const call = (client: any, ...rest: unknown[]): Asked => ({
  call: (name) => {
    const args = { groupId, name, providerSettings: aws };
    return client.callTool({ name: "create_flex_cluster", arguments: args }, ...rest);
  },
  close: () => client.close(),
});

/** Clients whose user answers so. */
const clients: Record<string, (answer: Answer) => Promise<Asked>> = {
  "SDK v1": async (answer) => {
    const client = new ClientV1(info, { capabilities });
    client.setRequestHandler(ElicitRequestSchema, answer);
    await client.connect(new HttpV1(new URL(server.url)) as any);
    return call(client, undefined);
  },
  "SDK v2 in the era of 2025": async (answer) => {
    const client = new ClientV2(info, { capabilities, versionNegotiation: { mode: "legacy" } });
    client.setRequestHandler("elicitation/create", answer);
    await client.connect(new HttpV2(new URL(server.url)));
    return call(client);
  },
  "SDK v2 in the era of 2026": async (answer) => {
    const mode = { pin: "2026-07-28" };
    const client = new ClientV2(info, { capabilities, versionNegotiation: { mode } });
    client.setRequestHandler("elicitation/create", answer);
    await client.connect(new HttpV2(new URL(server.url)));
    return call(client);
  },
};

const names = async () => (await sandbox.state()).clusters.map(({ name }) => name);

describe.each(Object.keys(clients))("over HTTP, with the client of %s,", (kind) => {
  const connect = (answer: Answer) => (clients[kind] ?? Promise.reject)(answer) as Promise<Asked>;

  it("a user who agrees gets what was asked for", async () => {
    const client = await connect(async () => ({ action: "accept", content: { agree: true } }));
    const { structuredContent } = await client.call("shop");
    expect(structuredContent).toMatchObject({ status: "ok", outcome: "created" });
    expect(await names()).toEqual(["shop"]);
    await client.close();
  });

  it("a user who does not agree gets nothing", async () => {
    const client = await connect(async () => {
      // A person takes longer than a host that says no by itself.
      await new Promise((resolve) => setTimeout(resolve, 700));
      return { action: "decline" };
    });
    const { structuredContent } = await client.call("shop");
    expect(structuredContent).toMatchObject({ status: "error", error: { code: "declined" } });
    expect(await names()).toEqual([]);
    await client.close();
  });
});

describe("a question that is open when the server is told to end", () => {
  it("is answered to the model as not agreed to, and nothing is made", async () => {
    let asked = false;
    const client = await clients["SDK v1"]?.(() => {
      asked = true;
      return new Promise(() => {});
    });
    const answer = client?.call("shop");
    await until(() => asked, "the question");
    const ended = server.end("SIGTERM", 9000);
    const { structuredContent } = await answer;
    expect(structuredContent.status).not.toBe("ok");
    expect(await ended).toBe(0);
    expect(await names()).toEqual([]);
  });
});
