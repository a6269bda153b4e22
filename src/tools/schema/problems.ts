/** Explains invalid arguments: every problem at once, with its path and a valid value. */
import type * as z from "zod/v4";
import type { FieldProblem } from "../../common/failure.ts";
import { exampleFor, meantBy } from "./examples.ts";
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

/** What to say of a member that nobody knows. */
const unknownMember = (name: string, known: readonly string[]): string => {
  const meant = meantBy(name, known);
  if (meant !== undefined) return `is not known here; did you mean ${meant}?`;
  return `is not known here; ${known.length === 0 ? "there are no arguments" : `allowed are ${known.join(", ")}`}`;
};

/** The members that an object must have, as the end of a sentence. */
const shapeOf = (schema: JsonSchema | undefined): string => {
  const names = schema?.type === "object" ? (schema.required ?? []) : [];
  return names.length === 0 ? "" : ` with ${names.join(" and ")}`;
};

const sentence = (
  issue: z.core.$ZodIssue,
  value: unknown,
  schema: JsonSchema | undefined,
): string => {
  switch (issue.code) {
    case "invalid_type": {
      const what = `${kinds[issue.expected] ?? issue.expected}${shapeOf(schema)}`;
      if (value !== undefined) return `must be ${what}`;
      return schema?.type === "object" ? `is required: ${what}` : "is required";
    }
    case "invalid_value": {
      const values = `one of ${issue.values.join(", ")}`;
      return value === undefined ? `is required: ${values}` : `must be ${values}`;
    }
    case "too_small":
      if (issue.origin === "string") return "must not be empty";
      return issue.origin === "array"
        ? `must have at least ${issue.minimum} ${issue.minimum === 1 ? "entry" : "entries"}`
        : `must be at least ${issue.minimum}`;
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
    const parentPath = issue.path.slice(0, -1);
    const at = schemaAt(schema, issue.path);
    const value = valueAt(args, issue.path);
    const parent = valueAt(args, parentPath);
    const siblings = schemaAt(schema, parentPath);
    const example = usable(exampleFor(issue, type, { value, parent, schema: at, siblings }));
    return [
      {
        path: pathText(issue.path),
        problem: sentence(issue, value, at),
        ...(example === undefined ? {} : { example }),
      },
    ];
  });
