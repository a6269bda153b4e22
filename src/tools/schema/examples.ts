/** Valid values for problems. An example never changes what was meant: where none can be derived, there is none. */
import * as z from "zod/v4";
import { isRecord } from "../../common/json.ts";
import { nearest } from "../../common/spelling.ts";
import type { JsonSchema } from "./json-schema.ts";
import { own } from "./normalize.ts";

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
  if (!isRecord(value) || items?.type !== "object") return undefined;
  const members = Object.entries(value);
  const names = Object.keys(items.properties ?? {});
  if (members.length > 0 && members.every(([name]) => names.includes(name))) return [value];
  const isTags = names.join() === "key,value";
  return isTags && members.every(([, text]) => typeof text === "string")
    ? members.map(([key, text]) => ({ key, value: text }))
    : undefined;
};

/** The value of a member that is missing, where it stands under a name that is nearly the right one. */
const misnamed = (name: string, parent: unknown, siblings: JsonSchema | undefined): unknown => {
  if (!isRecord(parent)) return undefined;
  const known = Object.keys(siblings?.properties ?? {});
  const strangers = Object.keys(parent).filter((key) => !known.includes(key));
  const key = strangers.find((one) => meantBy(one, known) === name);
  return key === undefined ? undefined : parent[key];
};

/** The members of an object that is missing, where they stand beside it. */
const flattened = (parent: unknown, schema: JsonSchema | undefined): unknown => {
  if (!isRecord(parent) || schema?.type !== "object") return undefined;
  const members = Object.keys(schema.properties ?? {}).filter((name) =>
    Object.hasOwn(parent, name),
  );
  return members.length === 0
    ? undefined
    : Object.fromEntries(members.map((name) => [name, parent[name]]));
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

/** What an issue of zod is about: the value, the object that it is in, and the schemas of both. */
export type Place = {
  value: unknown;
  parent: unknown;
  schema: JsonSchema | undefined;
  siblings: JsonSchema | undefined;
};

const derived = (issue: z.core.$ZodIssue, { value, parent, schema, siblings }: Place): unknown => {
  if (issue.code === "custom") return issue.params?.example;
  if (value === undefined)
    return misnamed(String(issue.path.at(-1)), parent, siblings) ?? flattened(parent, schema);
  if (issue.code === "invalid_type") return typed(issue.expected, value, schema ?? {});
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

/** The known name that another stands for: `group_id`, `groupID` and `grupId` mean groupId. */
export const meantBy = (name: string, known: readonly string[]): string | undefined =>
  nearest(name.replace(/[\s_-]/g, ""), known);

/** A valid value in place of a wrong one; undefined if none is certain. `type` is that of all arguments. */
export const exampleFor = (issue: z.core.$ZodIssue, type: z.ZodType, place: Place): unknown => {
  const example = derived(issue, place);
  const at = typeAt(type, issue.path);
  return at instanceof z.ZodType && at.safeParse(example).success ? example : undefined;
};
