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
import { until, within } from "../../../support/until.ts";
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
  const asked = async (open?: string) => {
    const session = open ?? (await openSession(host.url));
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

  it("is asked again in a call with the same id, after the stream was gone", async () => {
    const { session, leaving } = await asked();
    leaving.abort();
    await until(() => ends.length > 0, "the end of the call");
    (await asked(session)).leaving.abort();
    await until(() => ends.length > 1, "the end of the other call");
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

describe("a question whose answer is no response", () => {
  it.each([{ error: "nope" }, { result: null }])(
    "ends at once, and the answer is refused: %j",
    async (broken) => {
      const codes: string[] = [];
      await host.drain();
      host = await hostOwn(asking, {}, { onRefused: (code) => codes.push(code) });
      const session = await openSession(host.url);
      const call = legacy(session, "tools/call", { name: "ask", arguments: {} });
      const response = await post(host.url, call);
      const reader = response.body?.getReader();
      const first = new TextDecoder().decode((await reader?.read())?.value);
      const { id } = JSON.parse(/^data: (.*)$/m.exec(first)?.[1] ?? "");
      const { headers } = call;
      const refused = await post(host.url, { headers, body: { jsonrpc: "2.0", id, ...broken } });
      expect([refused.status, codes]).toEqual([400, ["invalid_response"]]);
      await refused.text();
      expect(await until(() => ends[0], "the end of the question")).toContain("not valid");
      await reader?.cancel();
    },
  );
});

describe("a call that its client cancels, in the era of 2025", () => {
  /** Ends the calls that wait. */
  let release = () => {};
  let waiting = 0;
  let lateQuestion: string | undefined;

  /** Its tool `wait` waits until the call is cancelled or released, `late` then asks its user, and `ask` asks first. */
  const patient = () => {
    const server = new Server({ name: "patient", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
      if (params.name === "ask")
        await mcpReq.send({ method: "elicitation/create", params: question });
      waiting += 1;
      await new Promise<void>((resolve) => {
        mcpReq.signal.addEventListener("abort", () => resolve());
        const before = release;
        release = () => {
          before();
          resolve();
        };
      });
      if (params.name === "late")
        await mcpReq
          .send({ method: "elicitation/create", params: question })
          .catch(({ message }: Error) => {
            lateQuestion = message;
          });
      return { content: [] };
    });
    return server;
  };

  let quiet: Host;
  let session: string;
  const open = async (limits = {}) => {
    quiet = await hostOwn(patient, limits);
    session = await openSession(quiet.url);
  };
  beforeEach(() => {
    release = () => {};
    waiting = 0;
    return open();
  });
  afterEach(() => quiet.drain());

  const json = { accept: "application/json" };
  const call = (name: string, id = 1) => legacy(session, "tools/call", { name, arguments: {} }, id);

  const cancel = async (requestId: number) => {
    const told = legacy(session, "notifications/cancelled", { requestId }, null);
    expect((await post(quiet.url, told)).status).toBe(202);
  };

  /** The whole text of the response, once the call waits. */
  const start = async (
    ...[message, more]: [Parameters<typeof post>[1], Record<string, string>?]
  ) => {
    const before = waiting;
    const response = post(quiet.url, message, more).then((one) => one.text());
    await until(() => waiting > before, "the call");
    return () => within(2000, response, "the end of the response");
  };

  const askAgain = async () => {
    const leaving = new AbortController();
    const response = await post(quiet.url, call("ask"), {}, { signal: leaving.signal });
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    leaving.abort();
    return first;
  };

  it("has a stream that ends without a response", async () => {
    const whole = await start(call("wait"));
    await cancel(1);
    expect(await whole()).toBe("");
  });

  it("has an error as its answer where the client takes JSON alone", async () => {
    const whole = await start(call("wait"), json);
    await cancel(1);
    const { id, error } = JSON.parse(await whole());
    expect([id, error.code]).toEqual([1, -32603]);
    expect(error.message).toMatch(/cancelled/);
  });

  it("cannot ask its user any more", async () => {
    await start(call("late"));
    await cancel(1);
    expect(await until(() => lateQuestion, "the end of the question")).toMatch(/No connection/);
  });

  it.each([{}, json])("does not keep its session from being idle (%j)", async (more) => {
    await quiet.drain();
    await open({ idleMs: 150 });
    await start(call("wait"), more);
    await cancel(1);
    await until(() => quiet.sessions.size() === 0, "the end of the session", 2000);
  });

  it("leaves the other calls of its batch to be answered", async () => {
    const { headers, body } = call("wait");
    const whole = await start({ headers, body: [body, { ...body, id: 2 }] });
    await until(() => waiting === 2, "both calls");
    await cancel(1);
    release();
    const text = await whole();
    expect(text).toContain('"id":2');
    expect(text).not.toContain('"id":1');
  });

  it("leaves nothing behind for a call with the same id, after an answer as JSON", async () => {
    const whole = await start(call("wait"), json);
    await cancel(1);
    await whole();
    expect(await askAgain()).toContain("elicitation/create");
  });
});
