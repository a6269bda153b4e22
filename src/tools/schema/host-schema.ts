/** JSON Schemas that no host rejects: the portable subset of what zod knows (docs/atlas.md#hosts-and-protocol). */
import type { Tool } from "../define.ts";
import { inputSchemaOf } from "./arguments.ts";
import { isSchema, type JsonSchema } from "./json-schema.ts";
import { schemas } from "./schemas.ts";

// Everything else (propertyNames, const, $ref, additionalProperties, format, examples ...) makes some host drop the tool or the whole list.
const scalars = [
  "type",
  "description",
  "enum",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "pattern",
] as const;

const sanitize = (schema: JsonSchema): JsonSchema => {
  const kept: JsonSchema = Object.fromEntries(
    scalars.flatMap((keyword) =>
      schema[keyword] === undefined ? [] : [[keyword, schema[keyword]]],
    ),
  );
  // That a text must not be empty goes without saying; said of every one it is a hundred tokens.
  if (kept.minLength === 1) delete kept.minLength;
  // zod writes the bounds of safe integers on every integer.
  if (kept.maximum === Number.MAX_SAFE_INTEGER) delete kept.maximum;
  if (kept.minimum === Number.MIN_SAFE_INTEGER) delete kept.minimum;
  return {
    ...kept,
    ...(schema.type === "object"
      ? {
          properties: Object.fromEntries(
            Object.entries(schema.properties ?? {}).map(([name, one]) => [name, sanitize(one)]),
          ),
        }
      : {}),
    ...(schema.required?.length ? { required: schema.required } : {}),
    ...(isSchema(schema.items) ? { items: sanitize(schema.items) } : {}),
  };
};

/** The input schema to advertise, without the arguments that the server fills in itself. */
export const hostInputSchema = (tool: Tool, hidden: readonly string[]): JsonSchema => {
  const { properties = {}, required = [], ...rest } = sanitize(inputSchemaOf(tool));
  const shown = required.filter((name) => !hidden.includes(name));
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).filter(([name]) => !hidden.includes(name)),
    ),
    ...(shown.length === 0 ? {} : { required: shown }),
  };
};

/** The output schema to advertise: shallow, nested objects open, fit for successes and errors alike. */
export const hostOutputSchema = (tool: Tool): JsonSchema => schemas[tool.name]?.output ?? {};
