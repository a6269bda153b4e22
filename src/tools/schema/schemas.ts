/**
 * The JSON Schemas of each tool by name: the full `input`, and an `output` as shallow as hosts need. The build runs this
 * file and bundles the result (bundle/evaluate.ts), because computing it takes a twentieth of a start.
 */
import * as z from "zod/v4";
import { tools } from "../index.ts";
import { members } from "../result.ts";
import { type JsonSchema, toSchema } from "./json-schema.ts";

const open: JsonSchema = { type: "object", properties: {} };
const list: JsonSchema = { type: "array", items: open };
const words: JsonSchema = { type: "array", items: { type: "string" } };

/** The type of a member, without its contents. */
const shallow = (type: z.ZodType): JsonSchema => {
  if (type instanceof z.ZodString) return { type: "string" };
  if (type instanceof z.ZodNumber) return { type: "integer" };
  if (type instanceof z.ZodBoolean || type instanceof z.ZodLiteral) return { type: "boolean" };
  if (!(type instanceof z.ZodArray)) return open;
  return type.element instanceof z.ZodEnum ? words : list;
};

export const schemas: Readonly<Record<string, { input: JsonSchema; output: JsonSchema }>> =
  Object.fromEntries(
    tools.map(({ name, input, output }) => [
      name,
      {
        input: toSchema(input),
        output: {
          type: "object",
          properties: {
            status: { type: "string" },
            backend: { type: "string" },
            outcome: { type: "string" },
            ...Object.fromEntries(output.map((member) => [member, shallow(members[member])])),
            error: open,
            nextActions: list,
          },
          required: ["status", "backend"],
        },
      },
    ]),
  );
