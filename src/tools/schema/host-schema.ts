/**
 * JSON Schemas that every host accepts: a portable subset of what zod writes. Without patterns, lengths and bounds, because
 * some hosts refuse a call by them before the server can say what is wrong (docs/atlas.md#hosts-and-protocol); the
 * descriptions have them in words.
 */
import type { Tool } from "../define.ts";
import { isSchema, type JsonSchema } from "./json-schema.ts";
import { inputSchemaOf } from "./normalize.ts";
import { schemas } from "./schemas.ts";

// Other keywords (propertyNames, const, $ref, additionalProperties, format, examples ...) make at least one host drop the tool or the whole list.
const scalars = ["type", "description", "enum"] as const;

const portable = (schema: JsonSchema): JsonSchema => {
  const kept = scalars.flatMap((keyword) =>
    schema[keyword] === undefined ? [] : [[keyword, schema[keyword]] as const],
  );
  return {
    ...Object.fromEntries(kept),
    ...(schema.type === "object"
      ? {
          properties: Object.fromEntries(
            Object.entries(schema.properties ?? {}).map(([name, member]) => [
              name,
              portable(member),
            ]),
          ),
        }
      : {}),
    ...(schema.required?.length ? { required: schema.required } : {}),
    ...(isSchema(schema.items) ? { items: portable(schema.items) } : {}),
  };
};

/** The input schema to advertise, without the arguments that the server fills in itself. */
export const hostInputSchema = (tool: Tool, hidden: readonly string[]): JsonSchema => {
  const { properties = {}, required = [], ...rest } = portable(inputSchemaOf(tool));
  const shown = required.filter((name) => !hidden.includes(name));
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).filter(([name]) => !hidden.includes(name)),
    ),
    ...(shown.length === 0 ? {} : { required: shown }),
  };
};

/** The output schema to advertise: only names, so that successes and errors fit. The library exports the full one. */
export const hostOutputSchema = (tool: Tool): JsonSchema => schemas[tool.name]?.output ?? {};
