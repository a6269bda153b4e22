/** Normalizes arguments from hosts and models before they are parsed (docs/architecture.md#arguments). */
import { isRecord, parseJson } from "../../common/json.ts";
import type { Tool } from "../define.ts";
import { type JsonSchema, toSchema } from "./json-schema.ts";
import { schemas } from "./schemas.ts";

/** The full schema of a tool's arguments, to normalize them and to explain problems; hosts get less. */
export const inputSchemaOf = (tool: Tool): JsonSchema =>
  schemas[tool.name]?.input ?? toSchema(tool.input);

/** A record's own member, never an inherited one. */
export const own = <T>(record: Record<string, T> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

/** The value of a JSON text; the text itself if it is not JSON. Some hosts send objects and lists as text. */
const parsed = (value: unknown): unknown => {
  const read = typeof value === "string" ? parseJson(value) : undefined;
  return read === undefined ? value : read.value;
};

const words: Readonly<Record<string, boolean>> = { true: true, false: false };

const toBoolean = (value: unknown): unknown =>
  typeof value === "string" ? (own(words, value.trim().toLowerCase()) ?? value) : value;

const toInteger = (value: unknown, { maximum, takesMore }: JsonSchema): unknown => {
  const isDigits = typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value);
  const number = isDigits && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (!takesMore || maximum === undefined || typeof number !== "number") return number;
  return Math.min(number, maximum);
};

const toKnownValue = (value: unknown, { enum: known = [], anyCase }: JsonSchema): unknown => {
  if (!anyCase || typeof value !== "string") return value;
  return known.find((one) => one === value.trim().toUpperCase()) ?? value;
};

const toObject = (value: unknown, { properties }: JsonSchema): unknown => {
  const object = parsed(value);
  if (!isRecord(object)) return object === null ? undefined : value;
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, member]) => {
      const normal = normalizeArguments(member, own(properties, name));
      return normal === undefined ? [] : [[name, normal]];
    }),
  );
};

const toList = (value: unknown, { items }: JsonSchema): unknown => {
  const list = parsed(value);
  if (Array.isArray(list)) return list.map((item) => normalizeArguments(item, items) ?? item);
  return list === null ? undefined : value;
};

/**
 * The value as its schema has it, where that is certain: scalars, objects and lists that arrive as text. Undefined if it
 * counts as absent, as null and empty texts do. Everything else is left for the parser to refuse.
 */
export const normalizeArguments = (value: unknown, schema: JsonSchema | undefined): unknown => {
  const isAbsent = value === null || (value === "" && !schema?.takesEmpty);
  if (isAbsent) return undefined;
  if (schema === undefined) return value;
  if (schema.type === "object") return toObject(value, schema);
  if (schema.type === "array") return toList(value, schema);
  if (schema.type === "boolean") return toBoolean(value);
  if (schema.type === "integer") return toInteger(value, schema);
  return toKnownValue(value, schema);
};
