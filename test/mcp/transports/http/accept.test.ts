import { get } from "node:http";
import { Server } from "@modelcontextprotocol/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { acceptedIn } from "../../../../src/mcp/transports/http/accept.ts";
import {
  answerOf,
  type HttpServed,
  initialize,
  legacy,
  modern,
  openSession,
  post,
  send,
  serveHttp,
} from "../../../support/http.ts";
import { until } from "../../../support/until.ts";
import { hostOwn } from "./own-host.ts";

const both = { json: true, stream: true };
const neither = { json: false, stream: false };

describe("the header Accept", () => {
  it.each<[string | null, { json: boolean; stream: boolean; prefersStream: boolean }]>([
    ["application/json, text/event-stream", { ...both, prefersStream: true }],
    ["text/event-stream,application/json", { ...both, prefersStream: true }],
    ["Application/JSON, Text/Event-Stream", { ...both, prefersStream: true }],
    [null, { ...both, prefersStream: false }],
    ["", { ...both, prefersStream: false }],
    ["*/*", { ...both, prefersStream: false }],
    ["*", { ...both, prefersStream: false }],
    ["application/json, text/plain, */*", { ...both, prefersStream: false }],
    ["text/html, */*; q=.2", { ...both, prefersStream: false }],
    ["text/event-stream, */*;q=0.5", { ...both, prefersStream: true }],
    ["application/json;q=0.5, text/event-stream;q=0.9", { ...both, prefersStream: true }],
    ["application/json;q=0.9, text/event-stream;q=0.5", { ...both, prefersStream: false }],
    ["application/json", { json: true, stream: false, prefersStream: false }],
    ["application/json; charset=utf-8", { json: true, stream: false, prefersStream: false }],
    ['application/json;a="b,c;q=0"', { json: true, stream: false, prefersStream: false }],
    ["application/*", { json: true, stream: false, prefersStream: false }],
    ["APPLICATION/JSON ; Q=1.000", { json: true, stream: false, prefersStream: false }],
    ["*/*, text/event-stream;q=0", { json: true, stream: false, prefersStream: false }],
    ["text/event-stream", { json: false, stream: true, prefersStream: true }],
    ["text/*", { json: false, stream: true, prefersStream: true }],
    ["application/json;q=0, */*", { json: false, stream: true, prefersStream: true }],
    ["application/*;q=0.0, */*;q=0.1", { json: false, stream: true, prefersStream: true }],
    ["application/json;q=0, text/event-stream", { json: false, stream: true, prefersStream: true }],
    ["text/html", { ...neither, prefersStream: false }],
    ["application/xml, text/plain", { ...neither, prefersStream: false }],
    ["*/*;q=0", { ...neither, prefersStream: false }],
    ["application/jsonp", { ...neither, prefersStream: false }],
    ["x-application/json", { ...neither, prefersStream: false }],
    ["garbage", { ...neither, prefersStream: false }],
    ['text/html;a="b, application/json', { ...neither, prefersStream: false }],
    ['application/json, text/html;a="b\\"', { json: true, stream: false, prefersStream: false }],
  ])("%j is read as RFC 9110 says", (header, accepted) => {
    expect(acceptedIn(header)).toEqual(accepted);
  });

  /** The shortest of several runs, in milliseconds. */
  const timeOf = (header: string): number =>
    Math.min(
      ...Array.from({ length: 5 }, () => {
        const start = performance.now();
        acceptedIn(header);
        return performance.now() - start;
      }),
    );

  it.each<[string, (length: number) => string]>([
    ["quotes that never end", (length) => `"${'\\"'.repeat(length / 2)}`],
    ["quotes that end in a backslash", (length) => `"${'\\"'.repeat(length / 2)}\\`],
  ])("takes time in proportion to its length with %s", (_what, headerOf) => {
    // Eight times the length takes 64 times as long where the time grows with the square.
    const [short, long] = [timeOf(headerOf(8192)), timeOf(headerOf(65_536))];
    expect(long / short).toBeLessThan(32);
  });
});

let server: HttpServed;
beforeAll(async () => {
  server = await serveHttp();
});
afterAll(() => server.end("SIGTERM"));

type Sent = { headers: Record<string, string>; body: unknown };

/** Sends a message with exactly this Accept, or with none. */
const sendWith = async ({ headers, body }: Sent, accept: string | undefined) => {
  const { accept: _usual, ...others } = headers;
  const all = accept === undefined ? others : { ...others, accept };
  const {
    status,
    headers: answered,
    text,
  } = await send(server.url, "POST", all, JSON.stringify(body));
  const type = String(answered["content-type"]);
  const message = type.startsWith("text/event-stream")
    ? JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "")
    : JSON.parse(text);
  return { status, type: type.split(";")[0], message, session: answered["mcp-session-id"] };
};

const json = "application/json";
const stream = "text/event-stream";

const served: [accept: string | undefined, legacyType: string, modernType: string][] = [
  ["application/json, text/event-stream", stream, json],
  ["APPLICATION/json;q=0.9 , Text/Event-Stream;q=0.9", stream, json],
  [undefined, json, json],
  ["*/*", json, json],
  ["application/json, text/plain, */*", json, json],
  ["application/*", json, json],
  ["application/json;charset=utf-8", json, json],
  ["application/json, text/event-stream;q=0", json, json],
  ["text/event-stream", stream, stream],
  ["text/*", stream, stream],
  ["application/json;q=0, */*", stream, stream],
];

describe("a request that accepts", () => {
  it.each(served)("%j is served in the era of 2025", async (accept, type) => {
    const opened = await sendWith(initialize, accept);
    expect(opened).toMatchObject({ status: 200, type });
    expect(opened.message.result).toHaveProperty("serverInfo");
    const listed = await sendWith(legacy(String(opened.session), "tools/list"), accept);
    expect(listed).toMatchObject({ status: 200, type, session: opened.session });
    expect(listed.message.result.tools.length).toBeGreaterThan(0);
  });

  it.each(served)("%j is served in the era of 2026", async (accept, _legacyType, type) => {
    const listed = await sendWith(modern("tools/list"), accept);
    expect(listed).toMatchObject({ status: 200, type });
    expect(listed.message.result.tools.length).toBeGreaterThan(0);
  });

  it.each(["text/html", "application/json;q=0", "*/*;q=0", "garbage"])(
    "%j is refused with one sentence in both eras",
    async (accept) => {
      for (const message of [initialize, modern("tools/list")]) {
        const { status, type, message: answer } = await sendWith(message, accept);
        expect([status, type]).toEqual([406, json]);
        expect(answer).toMatchObject({ id: message.body.id, error: { code: -32000 } });
        expect(answer.error.message).toContain("application/json or text/event-stream");
      }
    },
  );

  it.each([json, stream])("%s gets the errors of a call", async (accept) => {
    const { session } = await sendWith(initialize, accept);
    for (const message of [
      legacy(String(session), "tools/call", { name: "none" }),
      modern("tools/call", { name: "none" }),
    ]) {
      const answer = await sendWith(message, accept);
      expect(answer.message).toMatchObject({ id: 1, error: { code: -32602 } });
    }
  });

  it("JSON alone gets the answers to a batch as a list", async () => {
    const { session } = await sendWith(initialize, json);
    const { headers, body } = legacy(String(session), "ping");
    const batch = [body, { ...body, id: 2 }];
    const { message } = await sendWith({ headers, body: batch }, json);
    expect(message.map(({ id }: { id: number }) => id).sort()).toEqual([1, 2]);
    const { message: one } = await sendWith({ headers, body: [body] }, json);
    expect(one).toMatchObject([{ id: 1, result: {} }]);
  });

  it("JSON alone may tell a notification", async () => {
    const { session } = await sendWith(initialize, json);
    const told = legacy(String(session), "notifications/initialized", {}, null);
    expect((await post(server.url, told, { accept: json })).status).toBe(202);
  });

  it("JSON alone cannot listen to what only a stream can tell", async () => {
    const listen = modern("subscriptions/listen", { notifications: {} });
    const { status, message } = await sendWith(listen, json);
    expect(status).toBe(406);
    expect(message.error.message).toContain("text/event-stream");
  });
});

describe("a stream of a session", () => {
  const openStream = async (accept: string) => {
    const headers = { accept, "mcp-session-id": await openSession(server.url) };
    const leaving = new AbortController();
    const response = await fetch(server.url, { headers, signal: leaving.signal });
    const found = [response.status, response.headers.get("content-type")?.split(";")[0]];
    leaving.abort();
    return found;
  };

  it.each(["text/event-stream", "*/*", "text/*", "TEXT/Event-Stream", "text/html, */*;q=0.1"])(
    "opens for a client that accepts %s",
    async (accept) => {
      expect(await openStream(accept)).toEqual([200, stream]);
    },
  );

  it("opens for a client that does not say what it accepts", async () => {
    const headers = { "mcp-session-id": await openSession(server.url) };
    const status = await new Promise((resolve, reject) => {
      const request = get(server.url, { headers, agent: false }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on("error", reject);
    });
    expect(status).toBe(200);
  });

  it.each(["application/json", "*/*, text/event-stream;q=0"])(
    "does not open for a client that accepts %s",
    async (accept) => {
      expect(await openStream(accept)).toEqual([406, json]);
    },
  );
});

describe("a call that asks its user", () => {
  let host: Awaited<ReturnType<typeof hostOwn>>;
  beforeEach(async () => {
    host = await hostOwn(() => {
      const asking = new Server({ name: "asking", version: "1" }, { capabilities: { tools: {} } });
      asking.setRequestHandler("tools/call", async (_request, { mcpReq }) => {
        await mcpReq.notify({
          method: "notifications/progress",
          params: { progressToken: 1, progress: 1 },
        });
        const params = {
          message: "Go on?",
          requestedSchema: { type: "object" as const, properties: {} },
        };
        const text = await mcpReq.send({ method: "elicitation/create", params }).then(
          ({ action }) => action,
          ({ message }: Error) => message,
        );
        return { content: [{ type: "text", text }] };
      });
      return asking;
    });
  });
  afterEach(() => host.drain());

  it("is told at once that it cannot ask where the client takes JSON alone", async () => {
    const session = await openSession(host.url);
    const call = legacy(session, "tools/call", { name: "ask", arguments: {} });
    const response = await post(host.url, call, { accept: json });
    expect(response.headers.get("content-type")).toBe(json);
    const { id, result } = await answerOf(response);
    expect(id).toBe(1);
    expect(result.content[0].text).toMatch(/cannot be asked/);
  });

  it("asks on the next stream as before", async () => {
    const session = await openSession(host.url);
    const call = legacy(session, "tools/call", { name: "ask", arguments: {} });
    await (await post(host.url, call, { accept: json })).text();
    const leaving = new AbortController();
    const response = await post(host.url, call, {}, { signal: leaving.signal });
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes("elicitation/create")) break;
    }
    expect(text).toContain("elicitation/create");
  });
});

describe("a call that tells its progress to a client of JSON alone", () => {
  it.each(["answers", "is cancelled when the client leaves"])(
    "%s in the era of 2026",
    async (what) => {
      const leaves = what !== "answers";
      let told = false;
      let cancelled = false;
      const host = await hostOwn(() => {
        const slow = new Server({ name: "slow", version: "1" }, { capabilities: { tools: {} } });
        slow.setRequestHandler("tools/call", async (_request, { mcpReq }) => {
          const params = { progressToken: "a", progress: 1 };
          await mcpReq.notify({ method: "notifications/progress", params });
          told = true;
          if (leaves)
            await new Promise((resolve) => mcpReq.signal.addEventListener("abort", resolve));
          cancelled = mcpReq.signal.aborted;
          return { content: [] };
        });
        return slow;
      });
      const leaving = new AbortController();
      const call = modern("tools/call", { name: "a", arguments: {} }, { progressToken: "a" });
      const answering = post(host.url, call, { accept: json }, { signal: leaving.signal })
        .then(answerOf)
        .catch(() => undefined);
      await until(() => told, "the progress");
      if (leaves) leaving.abort();
      const answer = await answering;
      if (leaves) await until(() => cancelled, "the cancellation");
      else expect(answer).toMatchObject({ id: 1, result: { content: [] } });
      await host.drain();
    },
  );
});
