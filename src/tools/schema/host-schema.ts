/** JSON Schemas that every host accepts: a portable subset of what zod writes (docs/atlas.md#hosts-and-protocol). */
import type { Tool } from "../define.ts";
import { isSchema, type JsonSchema } from "./json-schema.ts";
import { inputSchemaOf } from "./normalize.ts";
import { schemas } from "./schemas.ts";

// Everything else (propertyNames, const, $ref, additionalProperties, format, examples ...) makes at least one host drop the tool or the whole list.
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

const portable = (schema: JsonSchema): JsonSchema => {
  const kept: JsonSchema = Object.fromEntries(
    scalars.flatMap((keyword) =>
      schema[keyword] === undefined ? [] : [[keyword, schema[keyword]]],
    ),
  );
  // Obvious, and for all texts together it costs a hundred tokens.
  if (kept.minLength === 1) delete kept.minLength;
  // zod writes the bounds of safe integers on every integer.
  if (kept.maximum === Number.MAX_SAFE_INTEGER) delete kept.maximum;
  if (kept.minimum === Number.MIN_SAFE_INTEGER) delete kept.minimum;
  return {
    ...kept,
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

/** The output schema to advertise: shallow, with open nested objects, valid for successes and errors. */
export const hostOutputSchema = (tool: Tool): JsonSchema => schemas[tool.name]?.output ?? {};
