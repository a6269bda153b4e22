import { describe, expect, it } from "vitest";
import { readMessage } from "../../../src/mcp/transports/messages.ts";

const read = (value: object) => readMessage({ jsonrpc: "2.0", ...value });

describe("null in a message", () => {
  it("is absent in params, at any depth that the protocol has", () => {
    const given = { cursor: null, a: { b: { c: null, d: 1 } }, list: [null] };
    expect(read({ id: 1, method: "tools/list", params: given })).toEqual({
      message: {
        jsonrpc: "2.0",
        id: 1,
        method: "tools/list",
        params: { a: { b: { d: 1 } }, list: [null] },
      },
    });
  });

  it("stays in the arguments of a tool, whose schema decides about it", () => {
    const params = { name: "a", arguments: { b: null }, _meta: { progressToken: null } };
    expect(read({ id: 1, method: "tools/call", params })).toMatchObject({
      message: { params: { name: "a", arguments: { b: null }, _meta: {} } },
    });
  });

  it("is absent in the reply to a question", () => {
    const result = { action: "decline", content: null };
    expect(read({ id: 1, result })).toEqual({
      message: { jsonrpc: "2.0", id: 1, result: { action: "decline" } },
    });
  });

  it("is absent in a notification, which is otherwise lost", () => {
    const params = { requestId: 1, reason: null };
    expect(read({ method: "notifications/cancelled", params })).toEqual({
      message: { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } },
    });
  });

  it("does not make a prototype of a member with that name", () => {
    const params = JSON.parse('{"__proto__":{"a":1},"b":null}');
    const incoming = read({ id: 1, method: "ping", params });
    expect(Reflect.get(Object(incoming), "message").params.a).toBeUndefined();
  });

  it("does no harm where it is nested deeply", () => {
    const params = JSON.parse(`${'{"a":'.repeat(50_000)}null${"}".repeat(50_000)}`);
    expect(read({ id: 1, method: "ping", params })).toHaveProperty("message");
  });
});

describe("an id that JavaScript would round", () => {
  it.each(["9007199254740992", "9007199254740993", "-9007199254740993", "1e300", "1e400"])(
    "is not given back: %s",
    (text) => {
      const message: unknown = JSON.parse(`{"jsonrpc":"2.0","id":${text},"method":"ping"}`);
      expect(readMessage(message)).toEqual({
        refused: {
          jsonrpc: "2.0",
          id: null,
          error: { code: -32600, message: expect.stringMatching(/"id" must .* safe integer/) },
        },
      });
    },
  );

  it("is told where it is a token of progress", () => {
    const params = { _meta: { progressToken: 2 ** 53 } };
    const incoming = read({ id: 1, method: "ping", params });
    expect(incoming).toMatchObject({
      refused: { id: 1, error: { message: expect.stringMatching(/progressToken.* safe integer/) } },
    });
  });

  it("may be the largest that it does not round", () => {
    expect(read({ id: 2 ** 53 - 1, method: "ping" })).toHaveProperty("message.id", 2 ** 53 - 1);
  });
});

describe("an answer to a question that is none", () => {
  it.each([{ error: "nope" }, { result: null }, { result: 5 }, { error: { code: "x" } }])(
    "is ignored, and ends the question as an error: %j",
    (answer) => {
      expect(read({ id: 3, ...answer })).toEqual({
        ignored: expect.stringContaining("response"),
        instead: {
          jsonrpc: "2.0",
          id: 3,
          error: { code: -32600, message: expect.stringContaining("response") },
        },
      });
    },
  );

  it.each([{}, { id: null }, { id: 1.5 }])("ends no question where its id is %j", (id) => {
    expect(read({ ...id, result: null })).toEqual({ ignored: expect.any(String) });
  });

  it("may have null for the error that did not happen", () => {
    expect(read({ id: 3, error: null, result: { action: "accept" } })).toEqual({
      message: { jsonrpc: "2.0", id: 3, result: { action: "accept" } },
    });
  });
});

describe("a message that is kept as it is", () => {
  it("has the same params", () => {
    const params = { name: "a", arguments: {} };
    const incoming = read({ id: 1, method: "prompts/get", params });
    expect(Reflect.get(Object(incoming), "message").params).toBe(params);
  });
});
