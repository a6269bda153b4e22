/** Normalizes arguments from hosts and models before they are parsed. */
import type { Tool } from "../define.ts";
import { type JsonSchema, toSchema } from "./json-schema.ts";
import { schemas } from "./schemas.ts";

/** The full schema of a tool's arguments, to normalize them and to explain problems; hosts get less. */
export const inputSchemaOf = (tool: Tool): JsonSchema =>
  schemas[tool.name]?.input ?? toSchema(tool.input);

/** A record's own member, never an inherited one. */
export const own = <T>(record: Record<string, T> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

type Args = Record<string, unknown>;

const isArgs = (value: unknown): value is Args =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Drops nulls, and parses objects and arrays that arrive as JSON strings. */
export const normalizeArguments = (value: unknown, schema: JsonSchema | undefined): unknown => {
  if (schema?.type === "object") {
    const object = typeof value === "string" ? (parsed(value) ?? value) : value;
    if (!isArgs(object)) return value;
    return Object.fromEntries(
      Object.entries(object)
        .filter(([, member]) => member !== null)
        .map(([name, member]) => [name, normalizeArguments(member, own(schema.properties, name))]),
    );
  }
  if (schema?.type === "array") {
    const list = typeof value === "string" ? (parsed(value) ?? value) : value;
    return Array.isArray(list) ? list.map((item) => normalizeArguments(item, schema.items)) : value;
  }
  return value;
};
