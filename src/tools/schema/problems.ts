/** Explains invalid arguments: every problem at once, with its path and a valid value. */
import type * as z from "zod/v4";
import type { FieldProblem } from "../../common/failure.ts";
import { nearest } from "../../common/spelling.ts";
import { exampleFor } from "./examples.ts";
import type { JsonSchema } from "./json-schema.ts";
import { own } from "./normalize.ts";

export type Path = readonly PropertyKey[];

// With the flag u, this class has only surrogates without their pair.
const surrogate = /\p{Cs}/gu;

export const withoutSurrogates = (text: string): string => text.replace(surrogate, "");

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;

/** A name of a member, which may be any text. */
const nameText = (name: PropertyKey): string => cut(String(name), 100).replace(surrogate, "\ufffd");

export const pathText = (path: Path): string =>
  path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${nameText(part)}`,
    )
    .join("");

/** The part of a schema that is about the value at a path. */
export const schemaAt = (schema: JsonSchema, path: Path): JsonSchema | undefined =>
  path.reduce<JsonSchema | undefined>(
    (at, part) => (typeof part === "number" ? at?.items : own(at?.properties, String(part))),
    schema,
  );

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? Reflect.get(at, part) : undefined),
    value,
  );

const kinds: Record<string, string> = {
  string: "a string",
  boolean: "true or false",
  int: "a whole number",
  // Every number of these schemas is whole.
  number: "a whole number",
  object: "an object",
  array: "an array",
};

/** The object of the schema that has a member with this name, if any. */
const objectWith = (schema: JsonSchema, key: string): string | undefined =>
  Object.entries(schema.properties ?? {}).find(
    ([, member]) => own(member.properties, key) !== undefined,
  )?.[0];

/** What to say of a member that nobody knows; `group_id` and `groupID` mean groupId. */
const unknownMember = (name: string, known: readonly string[]): string => {
  const meant = nearest(name.replace(/[\s_-]/g, ""), known);
  if (meant !== undefined) return `is not known here; did you mean ${meant}?`;
  return `is not known here; ${known.length === 0 ? "there are no arguments" : `allowed are ${known.join(", ")}`}`;
};

const sentence = (issue: z.core.$ZodIssue, value: unknown): string => {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? "is required"
        : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return value === undefined ? "is required" : `must be one of ${issue.values.join(", ")}`;
    case "too_small":
      return issue.origin === "string" ? "must not be empty" : `must be at least ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") return `must have at most ${issue.maximum} characters`;
      return issue.origin === "array"
        ? `must have at most ${issue.maximum} entries`
        : `must be at most ${issue.maximum}`;
    default:
      // It may quote an argument.
      return withoutSurrogates(cut(issue.message, 500));
  }
};

/** An example that a schema has made of an argument: whole, although it may end within a pair of surrogates, and short. */
const usable = (example: unknown): unknown => {
  if (typeof example !== "string") return example;
  return example.length > 1000 ? undefined : withoutSurrogates(example);
};

/** Converts zod's issues to problems, each with its path and a valid value. `type` and `schema` are those of the tool's arguments. */
export const problemsOf = (
  issues: readonly z.core.$ZodIssue[],
  args: unknown,
  type: z.ZodType,
  schema: JsonSchema,
): FieldProblem[] =>
  issues.flatMap((issue): FieldProblem[] => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => {
        const parent = issue.path.length === 0 ? objectWith(schema, key) : undefined;
        const known = Object.keys(schemaAt(schema, issue.path)?.properties ?? {});
        return {
          path: pathText([...issue.path, key]),
          problem: parent === undefined ? unknownMember(key, known) : `belongs in ${parent}`,
        };
      });
    const value = valueAt(args, issue.path);
    const example = usable(exampleFor(issue, value, type, schemaAt(schema, issue.path)));
    return [
      {
        path: pathText(issue.path),
        problem: sentence(issue, value),
        ...(example === undefined ? {} : { example }),
      },
    ];
  });
