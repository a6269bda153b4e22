/** Valid values for problems. An example never changes what was meant: where none can be derived, there is none. */
import * as z from "zod/v4";
import { nearest } from "../../common/spelling.ts";
import { isSchema, type JsonSchema } from "./json-schema.ts";
import { own } from "./normalize.ts";

/** A value that shows the form, for an argument that is missing; an id or an address would be somebody's. */
const formOf = (schema: JsonSchema | undefined): unknown => {
  if (schema === undefined) return undefined;
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === "boolean") return true;
  if (schema.type === "integer") return schema.minimum ?? 1;
  if (schema.type === "string") return "example";
  if (schema.type === "object")
    return Object.fromEntries(
      (schema.required ?? []).map((name) => [name, formOf(own(schema.properties, name))]),
    );
  return undefined;
};

const words: Readonly<Record<string, boolean>> = {
  "1": true,
  yes: true,
  y: true,
  on: true,
  "0": false,
  no: false,
  n: false,
  off: false,
};

const booleanFrom = (value: unknown): boolean | undefined =>
  own(words, String(value).trim().toLowerCase());

/** A whole number that is written as another kind, such as "5.0". */
const integerFrom = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
};

/** A list from one of its items, or tags from an object of them. */
const listFrom = (value: unknown, items: JsonSchema | undefined): unknown => {
  if (!isSchema(value) || items?.type !== "object") return undefined;
  const members = Object.entries(value);
  const names = Object.keys(items.properties ?? {});
  if (members.length > 0 && members.every(([name]) => names.includes(name))) return [value];
  const isTags = names.join() === "key,value";
  return isTags && members.every(([, text]) => typeof text === "string")
    ? members.map(([key, text]) => ({ key, value: text }))
    : undefined;
};

const typed = (expected: string, value: unknown, schema: JsonSchema): unknown => {
  switch (expected) {
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
    case "boolean":
      return booleanFrom(value);
    case "number":
      return integerFrom(value);
    case "array":
      return listFrom(value, schema.items);
    default:
      return undefined;
  }
};

const textFrom = (value: unknown, known: readonly unknown[]): string | undefined => {
  const names = known.filter((one) => typeof one === "string");
  return typeof value === "string" ? nearest(value.trim(), names) : undefined;
};

/** The value that a wrong one stands for, by zod's issue about it. */
const meant = (issue: z.core.$ZodIssue, value: unknown, schema: JsonSchema): unknown => {
  if (issue.code === "custom") return issue.params?.example;
  if (value === undefined) return formOf(schema);
  if (issue.code === "invalid_type") return typed(issue.expected, value, schema);
  if (issue.code === "invalid_value") return textFrom(value, issue.values);
  // The nearest number that is allowed.
  if (issue.code === "too_small" && issue.origin === "number") return issue.minimum;
  if (issue.code === "too_big" && issue.origin === "number") return issue.maximum;
  return undefined;
};

const isWrapper = (type: unknown): type is z.ZodOptional<z.ZodType> | z.ZodDefault<z.ZodType> =>
  type instanceof z.ZodOptional || type instanceof z.ZodDefault;

/** The type of what is at a path, without optional and default. */
const typeAt = (type: unknown, path: readonly PropertyKey[]): unknown => {
  if (isWrapper(type)) return typeAt(type.unwrap(), path);
  const [first, ...rest] = path;
  if (first === undefined) return type;
  if (type instanceof z.ZodArray) return typeAt(type.element, rest);
  return type instanceof z.ZodObject ? typeAt(own(type.shape, String(first)), rest) : undefined;
};

/** A valid value in place of a wrong one; undefined if none is certain. `type` and `schema` are those of all arguments. */
export const exampleFor = (
  issue: z.core.$ZodIssue,
  value: unknown,
  type: z.ZodType,
  schema: JsonSchema | undefined,
): unknown => {
  const example = schema && meant(issue, value, schema);
  const at = typeAt(type, issue.path);
  return at instanceof z.ZodType && at.safeParse(example).success ? example : undefined;
};
