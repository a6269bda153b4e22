/**
 * The JSON Schemas of each tool by its name: `input` whole, `output` as shallow as hosts take it. The build runs this file
 * and puts what it makes in its place: at the start of a server it would take a twentieth of the time.
 */
import * as z from "zod/v4";
import { tools } from "../index.ts";
import { members } from "../result.ts";
import { type JsonSchema, toSchema } from "./json-schema.ts";

const open: JsonSchema = { type: "object", properties: {} };
const list: JsonSchema = { type: "array", items: open };

/** The kind of a member and nothing of what is in it. */
const shallow = (type: z.ZodType): JsonSchema => {
  if (type instanceof z.ZodString) return { type: "string" };
  if (type instanceof z.ZodNumber) return { type: "integer" };
  if (type instanceof z.ZodBoolean || type instanceof z.ZodLiteral) return { type: "boolean" };
  return type instanceof z.ZodArray ? list : open;
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
