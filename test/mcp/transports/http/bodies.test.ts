import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answerOf,
  eras,
  type HttpServed,
  initialize,
  legacy,
  modern,
  openSession,
  post,
  send,
  serveHttp,
} from "../../../support/http.ts";

let server: HttpServed;
let session: string;
beforeAll(async () => {
  server = await serveHttp();
  session = await openSession(server.url);
});
afterAll(() => server.end("SIGTERM"));

type Era = (typeof eras)[number];

const messageOf = (era: Era, method: string, params = {}) =>
  era === "2026" ? modern(method, params) : legacy(session, method, params);

/** Posts a body with the headers that a request to list the tools has. */
const postBody = async (era: Era, body: string | Buffer, more: Record<string, string> = {}) => {
  const headers = { ...messageOf(era, "tools/list").headers, ...more };
  const response = await fetch(server.url, { method: "POST", headers, body: Buffer.from(body) });
  return { status: response.status, answer: await answerOf(response) };
};

const request = (id: string, more: string) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/list"${more}}`;

const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;

type Malformed = [what: string, body: string, code: number, id: unknown];

const malformed: Malformed[] = [
  ["params null", request("901", ',"params":null'), -32602, 901],
  ["params that are text", request('"902"', ',"params":"x"'), -32602, "902"],
  ["params that are a list", request("903", ',"params":[]'), -32602, 903],
  ["_meta that is text", request("904", ',"params":{"_meta":"x"}'), -32602, 904],
  ["an id with a fraction", request("1.5", ""), -32600, 1.5],
  ["an id that is too large", request("9007199254740993", ""), -32600, null],
  ["an id without a form of JSON", request("1e400", ""), -32600, null],
  ["an id that is null", request("null", ""), -32600, null],
  ["an id that is an object", request("{}", ""), -32600, null],
  ["no version of JSON-RPC", '{"id":905,"method":"tools/list"}', -32600, 905],
  ["version 1.0", '{"jsonrpc":"1.0","id":906,"method":"tools/list"}', -32600, 906],
  ["no method", '{"jsonrpc":"2.0","id":907}', -32600, 907],
  ["a method that is a number", '{"jsonrpc":"2.0","id":908,"method":5}', -32600, 908],
  ["an object that is no message", '{"hello":"world"}', -32600, null],
  ["a number", "42", -32600, null],
  ["null", "null", -32600, null],
  ["an empty list", "[]", -32600, null],
  ["a list of no messages", "[1]", -32600, null],
  ["a list of a hundred and one", `[${Array(101).fill("1").join(",")}]`, -32600, null],
  ["a broken notification", '{"jsonrpc":"1.0","method":"x"}', -32600, null],
  ["a broken response", '{"jsonrpc":"2.0","id":909,"result":5}', -32600, null],
  ["what is not JSON", "{not json", -32700, null],
  ["nothing", "", -32700, null],
  ["white space", " \r\n", -32700, null],
  ["a deeply nested list", deep, -32600, null],
  ["deeply nested params", request("910", `,"params":${deep}`), -32602, 910],
];

describe.each(eras)("a body in the era of %s", (era) => {
  it.each(malformed)("with %s is refused", async (_what, body, code, id) => {
    const { status, answer } = await postBody(era, body);
    expect(status).toBe(400);
    expect(answer).toEqual({
      jsonrpc: "2.0",
      id,
      error: { code, message: expect.stringMatching(/^[^\n]{10,200}$/) },
    });
  });

  it("says which message of a batch is broken", async () => {
    const { body } = messageOf(era, "tools/list");
    const { status, answer } = await postBody(era, JSON.stringify([body, { id: 5 }]));
    expect(status).toBe(400);
    expect(answer).toMatchObject({ id: null, error: { code: -32600 } });
    expect(answer.error.message).toMatch(/message 2/);
  });

  it.each<[string, (text: string) => string | Buffer, Record<string, string>]>([
    ["a byte order mark", (text) => `\uFEFF${text}`, {}],
    ["line ends and blanks around it", (text) => `\r\n ${text}\r\n`, {}],
    ["a member that nobody knows", (text) => text.replace("{", '{"extra":1,'), {}],
    ["charset=utf-8", (text) => text, { "content-type": "application/json;charset=UTF-8" }],
    ["a quoted charset", (text) => text, { "content-type": 'application/json; charset="utf8"' }],
    ["US-ASCII", (text) => text, { "content-type": "application/json; charset=us-ascii" }],
    ["a type in other letters", (text) => text, { "content-type": "Application/JSON" }],
    ["a type with a parameter", (text) => text, { "content-type": "application/json; a=b ;c" }],
    ["the encoding identity", (text) => text, { "content-encoding": "identity" }],
  ])("with %s is served", async (_what, change, headers) => {
    const text = JSON.stringify(messageOf(era, "tools/list").body);
    const { status, answer } = await postBody(era, change(text), headers);
    expect(status).toBe(200);
    expect(answer.result.tools.length).toBeGreaterThan(0);
  });

  it.each<[string, (text: string) => string | Buffer, Record<string, string>, RegExp]>([
    [
      "the charset of a western language",
      (text) => Buffer.from(text, "latin1"),
      { "content-type": "application/json; charset=ISO-8859-1" },
      /UTF-8/,
    ],
    [
      "UTF-16",
      (text) => Buffer.from(text, "utf16le"),
      { "content-type": "application/json;charset=utf-16" },
      /UTF-8/,
    ],
    ["gzip", (text) => gzipSync(text), { "content-encoding": "gzip" }, /Content-Encoding/],
    ["another type", (text) => text, { "content-type": "text/json" }, /application\/json/],
    [
      "a type that only begins alike",
      (text) => text,
      { "content-type": "application/jsonp" },
      /application\/json/,
    ],
  ])("in %s is refused with 415", async (_what, change, headers, sentence) => {
    const text = JSON.stringify(messageOf(era, "tools/list").body);
    const { status, answer } = await postBody(era, change(text), headers);
    expect(status).toBe(415);
    expect(answer).toMatchObject({ jsonrpc: "2.0", id: null, error: { code: -32000 } });
    expect(answer.error.message).toMatch(sentence);
  });

  it("of bytes that are not UTF-8 is not taken for text", async () => {
    const text = JSON.stringify(messageOf(era, "tools/list", { cursor: "é" }).body);
    const { status, answer } = await postBody(era, Buffer.from(text, "latin1"));
    expect([status, answer.error.code]).toEqual([400, -32700]);
    expect(answer.error.message).toContain("UTF-8");
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["tools/list", { cursor: 5 }, /"cursor" must be a string, not a number/],
    ["prompts/list", { cursor: {} }, /"cursor" must be a string, not an object/],
    ["tools/call", { name: "get_account", arguments: [] }, /"arguments" must be an object/],
  ])("for %s with %j is answered in one sentence", async (method, params, sentence) => {
    const { id, error } = await answerOf(await post(server.url, messageOf(era, method, params)));
    expect([id, error.code]).toEqual([1, -32602]);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toMatch(/[\n{[]/);
  });

  it.each([
    ["tools/list", "tools"],
    ["prompts/list", "prompts"],
  ])("for %s may have null as cursor", async (method, member) => {
    const message = messageOf(era, method, { cursor: null });
    expect((await answerOf(await post(server.url, message))).result).toHaveProperty(member);
  });
});

describe("a greeting of the era of 2025", () => {
  const { params } = initialize.body;
  const greet = (more: object) =>
    post(server.url, {
      ...initialize,
      body: { ...initialize.body, id: "hi", params: { ...params, ...more } },
    });

  it.each<[object, RegExp]>([
    [{ protocolVersion: undefined }, /"protocolVersion" is missing/],
    [{ protocolVersion: 5 }, /"protocolVersion" must be a string, not a number/],
    [{ capabilities: null }, /"capabilities" is missing/],
    [{ capabilities: { roots: 5 } }, /"capabilities.roots" must be an object/],
    [{ clientInfo: { name: "a" } }, /"clientInfo.version" is missing/],
  ])("with %j is refused in one sentence", async (more, sentence) => {
    const response = await greet(more);
    expect(response.status).toBe(400);
    const { id, error } = await answerOf(response);
    expect([id, error.code]).toEqual(["hi", -32602]);
    expect(error.message).toMatch(sentence);
    expect(response.headers.get("mcp-session-id")).toBeNull();
  });

  it("may have null for what it has not", async () => {
    const capabilities = { elicitation: null, sampling: null };
    const clientInfo = { name: "a", version: "1", title: null };
    const { id, result } = await answerOf(await greet({ capabilities, clientInfo }));
    expect(id).toBe("hi");
    expect(result).toHaveProperty("serverInfo");
  });

  it("without params is refused", async () => {
    const { params: _none, ...body } = initialize.body;
    const response = await post(server.url, { ...initialize, body });
    const { id, error } = await answerOf(response);
    expect([response.status, id, error.code]).toEqual([400, 0, -32602]);
  });
});

describe("a refusal", () => {
  it.each<[string, () => Promise<Response>]>([
    ["without a session", () => post(server.url, { ...initialize, body: legacy("", "ping").body })],
    ["with a session that nobody opened", () => post(server.url, legacy("none", "ping"))],
    [
      "with a version that nobody speaks",
      () => post(server.url, legacy(session, "ping"), { "mcp-protocol-version": "1999-01-01" }),
    ],
    [
      "of a second greeting",
      () => post(server.url, { ...legacy(session, ""), body: { ...initialize.body, id: 1 } }),
    ],
  ])("of a request %s has the request's id", async (_what, ask) => {
    const response = await ask();
    expect([400, 404]).toContain(response.status);
    expect(await answerOf(response)).toMatchObject({ id: 1, error: { code: expect.any(Number) } });
  });

  it("is JSON everywhere", async () => {
    const { headers } = modern("tools/list");
    const asked = [
      send(server.url, "PUT", headers),
      send(server.url, "HEAD", {}),
      send(server.url, "GET", {}),
      send(server.url, "DELETE", {}),
      send(server.at("/nowhere"), "GET", {}),
      send(server.at("/"), "POST", headers),
      send(server.url, "POST", { ...headers, host: "evil.example.com" }),
      send(server.url, "OPTIONS", { origin: "https://evil.example.com" }),
    ];
    for (const { status, headers: answered } of await Promise.all(asked)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(answered["content-type"]).toMatch(/^application\/json/);
    }
  });
});
