import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eras, type Raw, startRaw } from "../support/raw.ts";

describe.each(eras)("what is no call at all, in the era of %s", (era) => {
  let raw: Raw;
  beforeAll(async () => {
    raw = startRaw(era);
    await raw.hello();
  });
  afterAll(() => raw.close());

  it.each([[[]], [["a"]], ["{}"], ["text"], [5], [true]])(
    "answers arguments %j with the JSON-RPC error -32602",
    async (args) => {
      const answer = await raw.call("get_account", args);
      expect(answer.error?.code).toBe(-32602);
      expect(answer).not.toHaveProperty("result");
    },
  );

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
