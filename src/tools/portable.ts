/** JSON Schemas that no host rejects: the portable subset of what zod knows (mcp facts, section 5). */
import type { Member, Tool } from "./define.ts";
import { inputs } from "./inputs.ts";
import { isSchema, type JsonSchema, toSchema } from "./json-schema.ts";

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

/** The whole schema of a tool's arguments: for messages, not for hosts. */
export const fullInput = (tool: Tool): JsonSchema => inputs[tool.name] ?? toSchema(tool.input);

/** The input schema to advertise, without the arguments that the server fills in itself. */
export const portableInput = (tool: Tool, hidden: readonly string[]): JsonSchema => {
  const { properties = {}, required = [], ...rest } = sanitize(fullInput(tool));
  const shown = required.filter((name) => !hidden.includes(name));
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).filter(([name]) => !hidden.includes(name)),
    ),
    ...(shown.length === 0 ? {} : { required: shown }),
  };
};

const open: JsonSchema = { type: "object", properties: {} };
const list: JsonSchema = { type: "array", items: open };

const members: Record<Member, JsonSchema> = {
  reconciled: { type: "boolean" },
  ready: { type: "boolean" },
  project: open,
  projects: list,
  cluster: open,
  clusters: list,
  databaseUser: open,
  databaseUsers: list,
  accessListEntry: open,
  accessListEntries: list,
  credentialsFile: { type: "string" },
  note: { type: "string" },
  organizations: list,
  totalCount: { type: "integer" },
  totals: open,
  request: open,
  receipt: open,
  baseUrl: { type: "string" },
  scope: open,
  limits: open,
  prices: open,
  policy: open,
  switchedOff: list,
};

/** The output schema to advertise: shallow, nested objects open, fit for successes and errors alike. */
export const portableOutput = (tool: Tool): JsonSchema => ({
  type: "object",
  properties: {
    status: { type: "string" },
    backend: { type: "string" },
    outcome: { type: "string" },
    ...Object.fromEntries(tool.output.map((member) => [member, members[member]])),
    error: open,
    nextActions: list,
  },
  required: ["status", "backend"],
});
