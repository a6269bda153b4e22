import { describe, expect, it } from "vitest";
import * as z from "zod/v4";
import { sentenceIn } from "../../../src/mcp/transports/plain-errors.ts";

const messageOf = (schema: z.ZodType, value: unknown): string =>
  schema.safeParse(value).error?.message ?? "";

const params = z.object({
  params: z.object({
    name: z.string(),
    size: z.number().optional(),
    list: z.array(z.string()).optional(),
    level: z.enum(["low", "high"]).optional(),
    either: z.union([z.string(), z.number()]).optional(),
  }),
});

describe("the sentence for an error of the SDK", () => {
  it.each<[unknown, string]>([
    [{ params: {} }, 'Invalid params: "name" is missing; it must be a string'],
    [{ params: { name: 5 } }, 'Invalid params: "name" must be a string, not a number'],
    [{ params: { name: [] } }, 'Invalid params: "name" must be a string, not an array'],
    [{ params: { name: null } }, 'Invalid params: "name" must be a string, not null'],
    [
      { params: { name: "a", list: ["a", 5] } },
      'Invalid params: "list.1" must be a string, not a number',
    ],
    [{ params: 5 }, 'Invalid params: "params" must be an object, not a number'],
    [
      { params: { name: true, size: "x" } },
      'Invalid params: "name" must be a string, not a boolean',
    ],
    [
      { params: { name: "a", either: true } },
      'Invalid params: "either" is not valid (Invalid input)',
    ],
    [
      { params: { name: "a", level: "x" } },
      'Invalid params: "level" is not valid (Invalid option: expected one of "low"|"high")',
    ],
  ])("says what is wrong first with %j", (value, sentence) => {
    const message = messageOf(params, value);
    expect(sentenceIn(message)).toBe(sentence);
    expect(sentenceIn(`Invalid tools/call request: ${message}`)).toBe(sentence);
  });

  it.each([
    "Method not found",
    "",
    "[]",
    "[1, 2]",
    "[{not json]",
    '[{"a":1}]',
    "Invalid tools/call result: [{}]",
  ])("leaves %j alone", (message) => {
    expect(sentenceIn(message)).toBeUndefined();
  });

  it("does not repeat a long name", () => {
    const message = messageOf(z.object({ ["x".repeat(5000)]: z.string() }), {});
    expect(sentenceIn(message)?.length).toBeLessThan(200);
  });
});
