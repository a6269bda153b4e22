import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eras, type Raw, startRaw } from "../support/raw.ts";
import { until } from "../support/until.ts";

const deep = (open: string, close: string) => `${open.repeat(50_000)}${close.repeat(50_000)}`;

/** A request as text, with members that differ from those of a valid one. */
const request = (id: string, more: string) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/list"${more}}`;

type Malformed = [what: string, text: string, code: number, id: unknown];

const malformed: Malformed[] = [
  ["params null", request("901", ',"params":null'), -32602, 901],
  ["params that are text", request("902", ',"params":"x"'), -32602, 902],
  ["params that are a list", request("903", ',"params":[]'), -32602, 903],
  ["params that are a number", request('"904"', ',"params":5'), -32602, "904"],
  ["_meta that is text", request("905", ',"params":{"_meta":"x"}'), -32602, 905],
  [
    "a progress token that is none",
    request("906", ',"params":{"_meta":{"progressToken":1.5}}'),
    -32602,
    906,
  ],
  [
    "metadata that only the SDK knows",
    request("907", ',"params":{"_meta":{"io.modelcontextprotocol/related-task":5}}'),
    -32602,
    907,
  ],
  ["an id with a fraction", request("1.5", ""), -32600, 1.5],
  ["an id beyond the safe integers", request("1e300", ""), -32600, null],
  ["an id that is null", request("null", ""), -32600, null],
  ["an id that is an object", request("{}", ""), -32600, null],
  ["an id that is a boolean", request("true", ""), -32600, null],
  ["an id that is a list", request("[1]", ""), -32600, null],
  ["no version of JSON-RPC", '{"id":908,"method":"tools/list"}', -32600, 908],
  ["version 1.0", '{"jsonrpc":"1.0","id":909,"method":"tools/list"}', -32600, 909],
  ["version 2", '{"jsonrpc":2,"id":"910","method":"tools/list"}', -32600, "910"],
  ["no method", '{"jsonrpc":"2.0","id":911}', -32600, 911],
  ["a method that is a number", '{"jsonrpc":"2.0","id":912,"method":5}', -32600, 912],
  ["a method that is null", '{"jsonrpc":"2.0","id":913,"method":null}', -32600, 913],
  ["an object that is no message", '{"hello":"world"}', -32600, null],
  ["an empty object", "{}", -32600, null],
  ["a number", "42", -32600, null],
  ["a text", '"hello"', -32600, null],
  ["null", "null", -32600, null],
  ["true", "true", -32600, null],
  ["an empty list", "[]", -32600, null],
  ["a list of a hundred and one", `[${Array(101).fill("1").join(",")}]`, -32600, null],
  ["what is not JSON", "{not json", -32700, null],
  ["JSON that is cut short", '{"jsonrpc":"2.0","id":9', -32700, null],
  ["two messages on one line", `${request("914", "")}${request("915", "")}`, -32700, null],
  ["a deeply nested list", deep("[", "]"), -32600, null],
  ["a deeply nested object", `{"id":916,"a":${deep('{"a":', "}").replace('""', "")}`, -32700, null],
  ["deeply nested params", request("917", `,"params":${deep("[", "]")}`), -32602, 917],
];

describe.each(eras)("what is no valid request, in the era of %s", (era) => {
  let raw: Raw;
  beforeAll(async () => {
    raw = startRaw(era);
    await raw.hello();
  });
  afterAll(() => raw.close());

  /** What is said to a line, after all that was said before. */
  const answersTo = async (text: string, count = 1): Promise<any[]> => {
    const before = raw.lines().length;
    raw.write(`${text}\n`);
    await until(() => raw.lines().length >= before + count || undefined, "an answer");
    await raw.ask("tools/list");
    return raw
      .lines()
      .slice(before, -1)
      .map((line) => JSON.parse(line));
  };

  it.each(malformed)("answers %s", async (_what, text, code, id) => {
    const answers = await answersTo(text);
    expect(answers).toEqual([
      { jsonrpc: "2.0", id, error: { code, message: expect.stringMatching(/^[^\n]{10,200}$/) } },
    ]);
  });

  it.each([
    ["a notification of another version", '{"jsonrpc":"1.0","method":"notifications/cancelled"}'],
    ["a notification with wrong params", '{"jsonrpc":"2.0","method":"x","params":[1]}'],
    ["a response that nobody asked for", '{"jsonrpc":"2.0","id":5,"result":{}}'],
    ["a response without a result", '{"jsonrpc":"2.0","id":5,"result":7}'],
    ["an error without id", '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}'],
    ["an error that is none", '{"id":"a","error":"x"}'],
    ["an empty line", ""],
    ["white space", " \t\r"],
    ["a byte order mark", "\uFEFF"],
  ])("says nothing to %s", async (_what, text) => {
    expect(await answersTo(text, 0)).toEqual([]);
  });

  it("answers each member of a list as if it had come alone", async () => {
    const params = era === "2026" ? { _meta: meta } : {};
    const asked = (id: unknown) => ({ jsonrpc: "2.0", id, method: "prompts/list", params });
    const told = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 9 } };
    const answers = await answersTo(JSON.stringify([asked(920), told, 7, asked("921")]), 3);
    const ids = new Map(answers.map((answer) => [answer.id, answer]));
    expect([...ids.keys()].sort()).toEqual([920, "921", null].sort());
    expect(ids.get(920).result.prompts).toHaveLength(1);
    expect(ids.get("921").result.prompts).toHaveLength(1);
    expect(ids.get(null).error.code).toBe(-32600);
  });

  it.each([
    ["a byte order mark", (text: string) => `\uFEFF${text}`],
    ["a line end of Windows", (text: string) => `${text}\r`],
    ["blanks around it", (text: string) => `  ${text}\t`],
    ["members that nobody knows", (text: string) => text.replace("{", '{"extra":{"a":1},')],
  ])("takes a request with %s", async (_what, change) => {
    const params = era === "2026" ? { _meta: meta } : {};
    const text = JSON.stringify({ jsonrpc: "2.0", id: 930, method: "prompts/list", params });
    const [answer] = await answersTo(change(text));
    expect(answer).toMatchObject({ id: 930, result: { prompts: [expect.any(Object)] } });
  });
});

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1.0.0" },
};

describe.each(eras)("what is no call at all, in the era of %s", (era) => {
  let raw: Raw;
  beforeAll(async () => {
    raw = startRaw(era);
    await raw.hello();
  });
  afterAll(() => raw.close());

  it.each([[[]], [["a"]], ["[]"], ["text"], ["5"], ["{"], [5], [true]])(
    "answers arguments %j with the JSON-RPC error -32602",
    async (args) => {
      const answer = await raw.call("get_account", args);
      expect(answer.error?.code).toBe(-32602);
      expect(answer).not.toHaveProperty("result");
    },
  );

  it.each([
    ["an object as JSON text", JSON.stringify({ groupId: "no id" })],
    ["an object as JSON text with spaces", ` ${JSON.stringify({ groupId: "no id" }, null, 2)}\n`],
  ])("takes %s for the object", async (_what, args) => {
    const { result } = await raw.call("get_project", args);
    expect(result.structuredContent.error.fields).toMatchObject([{ path: "groupId" }]);
    expect(result.structuredContent.error.message).not.toContain("required");
  });

  it.each([[null], [""], ["{}"]])("takes arguments %j as none", async (args) => {
    const { result } = await raw.call("get_account", args);
    expect(result.structuredContent.status).toBe("ok");
  });

  it("answers an unknown tool with the JSON-RPC error -32602", async () => {
    const answer = await raw.call("delete_everything", {});
    expect(answer.error.code).toBe(-32602);
  });

  it("names the unknown tool in the message", async () => {
    const answer = await raw.call("delete_everything", {});
    expect(answer.error.message).toContain("delete_everything");
  });

  it("answers a call without a tool's name with -32602", async () => {
    const answer = await raw.ask("tools/call", { arguments: {} });
    expect(answer.error.code).toBe(-32602);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["tools/list", { cursor: 5 }, /"cursor" must be a string, not a number/],
    ["tools/list", { cursor: "x" }, /"cursor" is not known.* whole list/],
    ["prompts/list", { cursor: "x" }, /"cursor" is not known.* whole list/],
    ["prompts/list", { cursor: {} }, /"cursor" must be a string, not an object/],
    ["tools/call", {}, /"name" is missing; it must be a string/],
    ["tools/call", { name: 5 }, /"name" must be a string, not a number/],
    ["tools/call", { name: null }, /"name" is missing/],
    ["tools/call", { name: "get_account", arguments: [] }, /"arguments" must be an object/],
    ["prompts/get", {}, /"name" is missing/],
    ["prompts/get", { name: "no_such" }, /no_such/],
    [
      "prompts/get",
      { name: "provision_flex_cluster", arguments: "x" },
      /"arguments" must be an object/,
    ],
  ])("answers %s with %j in one sentence", async (method, params, sentence) => {
    const { error } = await raw.ask(method, params);
    expect(error.code).toBe(-32602);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toMatch(/[\n{[]/);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["tools/list", { cursor: null }, "tools"],
    ["prompts/list", { cursor: null }, "prompts"],
    ["tools/list", { cursor: "" }, "tools"],
    ["prompts/list", { cursor: "" }, "prompts"],
    ["tools/call", { name: "get_account", arguments: null }, "structuredContent"],
    ["prompts/get", { name: "provision_flex_cluster", arguments: null }, "messages"],
    [
      "prompts/get",
      { name: "provision_flex_cluster", arguments: { project: null, cluster: "db" } },
      "messages",
    ],
  ])("takes null in %s with %j as absent", async (method, params, member) => {
    expect((await raw.ask(method, params)).result).toHaveProperty(member);
  });

  it("takes null in metadata as absent", async () => {
    const all = { ...(era === "2026" ? meta : {}), progressToken: null };
    expect((await raw.ask("tools/list", { _meta: all })).result).toHaveProperty("tools");
  });

  it.each(["logging/setLevel", "completion/complete", "resources/subscribe"])(
    "answers %s, which is not served, with -32601",
    async (method) => {
      expect((await raw.ask(method, { cursor: 5 })).error.code).toBe(-32601);
    },
  );

  it("answers an unknown method with -32601", async () => {
    const answer = await raw.ask("tools/destroy");
    expect(answer.error.code).toBe(-32601);
  });

  it("takes a call without arguments as one with none", async () => {
    const answer = await raw.ask("tools/call", { name: "create_project" });
    expect(answer.result.isError).toBe(true);
    expect(answer.result.structuredContent.error).toMatchObject({
      code: "invalid_input",
      outcome: "not_created",
    });
  });

  it("goes on serving after all that", async () => {
    const answer = await raw.call("get_account", {});
    expect(answer.result.structuredContent.status).toBe("ok");
  });
});

describe("a greeting of the era of 2025", () => {
  const clientInfo = { name: "raw", version: "1" };
  const whole = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };

  it.each<[Record<string, unknown>, RegExp]>([
    [{}, /"protocolVersion" is missing/],
    [{ ...whole, protocolVersion: 5 }, /"protocolVersion" must be a string, not a number/],
    [{ ...whole, capabilities: null }, /"capabilities" is missing/],
    [{ ...whole, capabilities: { roots: 5 } }, /"capabilities.roots" must be an object/],
    [{ ...whole, clientInfo: { name: "a" } }, /"clientInfo.version" is missing/],
  ])("with %j is refused in one sentence, and the right one taken", async (params, sentence) => {
    const raw = startRaw("2025");
    const { error } = await raw.ask("initialize", params);
    expect(error.code).toBe(-32602);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toMatch(/[\n{[]/);
    expect((await raw.ask("initialize", whole)).result).toHaveProperty("serverInfo");
    await raw.close();
  });

  it("may have null for what it has not", async () => {
    const raw = startRaw("2025");
    const capabilities = { elicitation: null, roots: null, sampling: null };
    const named = { ...clientInfo, title: null, icons: null };
    const { result } = await raw.ask("initialize", { ...whole, capabilities, clientInfo: named });
    expect(result).toHaveProperty("serverInfo");
    await raw.close();
  });
});
