/** Arguments as hosts and models send them, made regular before they are parsed. */
import type { Tool } from "../define.ts";
import { type JsonSchema, toSchema } from "./json-schema.ts";
import { schemas } from "./schemas.ts";

/** The whole schema of a tool's arguments: to read them by and for messages; hosts are shown less. */
export const inputSchemaOf = (tool: Tool): JsonSchema =>
  schemas[tool.name]?.input ?? toSchema(tool.input);

/** A member that a record has itself. */
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

/** Leaves out nulls, and parses objects and arrays that arrive as JSON in a string. */
export const normalizeArguments = (value: unknown, schema: JsonSchema | undefined): unknown => {
  if (schema?.type === "object") {
    const object = typeof value === "string" ? (parsed(value) ?? value) : value;
    if (!isArgs(object)) return value;
    return Object.fromEntries(
      Object.entries(object)
        .filter(([, one]) => one !== null)
        .map(([name, one]) => [name, normalizeArguments(one, own(schema.properties, name))]),
    );
  }
  if (schema?.type === "array") {
    const list = typeof value === "string" ? (parsed(value) ?? value) : value;
    return Array.isArray(list) ? list.map((one) => normalizeArguments(one, schema.items)) : value;
  }
  return value;
};
