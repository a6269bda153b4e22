/**
 * Schemas that resources share. Requests must meet the documented constraints. Responses are parsed loosely: unknown
 * fields are kept, and fields of another type are dropped.
 */
import * as z from "zod/v4";
import { isRecord } from "../../common/json.ts";
import { leaseKey } from "./lease.ts";

/** Whether a value has the form of an id. */
export const isObjectId = (value: unknown): boolean =>
  typeof value === "string" && /^[a-f0-9]{24}$/.test(value);

/** A text without a problem. `mend` gives the text that was meant, as an example, where that is certain. */
export const checked = (
  type: z.ZodString,
  problemOf: (text: string) => string | undefined,
  mend: (text: string) => string | undefined,
) =>
  type.superRefine((text, context) => {
    const message = problemOf(text);
    if (message === undefined) return;
    context.addIssue({ code: "custom", message, params: { example: mend(text) } });
  });

const objectIdProblem = (id: string): string | undefined =>
  isObjectId(id) ? undefined : "must be 24 hexadecimal digits in lower case";

const mendObjectId = (id: string): string | undefined => {
  const lower = id.trim().toLowerCase();
  return isObjectId(lower) ? lower : undefined;
};

/** `^([a-f0-9]{24})$`, the id of a project, an organization or a user. */
export const objectId = (what: string) =>
  checked(z.string(), objectIdProblem, mendObjectId).meta({
    description: `${what}: 24 hex digits.`,
    pattern: "^[a-f0-9]{24}$",
  });

/** Whether a text was never meant as a name: a placeholder that a host left, encoded text, or JSON. */
export const isNoName = (text: string): boolean =>
  /^[$%{[<]|\$\{|\{\{|%[0-9a-f]{2}/i.test(text) || !/[\p{L}\p{N}]/u.test(text);

/** A name for something new, in the form in which it is sent: without white space around it, in Unicode's form NFC. */
export const newName = () => z.string().overwrite((name) => name.normalize().trim());

/** Resource tags: at most 50, keys unique and case sensitive. Atlas checks the characters, since its rules change (docs/atlas.md#tags). */
export const tagsSchema = z
  .array(
    z.strictObject({
      key: z
        .string()
        .min(1)
        .max(255)
        .meta({ examples: ["environment"] }),
      value: z
        .string()
        .min(1)
        .max(255)
        .meta({ examples: ["test"] }),
    }),
  )
  .max(50)
  .superRefine((list, context) => {
    const seen = new Set<string>();
    for (const [index, { key }] of list.entries()) {
      if (key === leaseKey)
        context.addIssue({
          code: "custom",
          path: [index, "key"],
          message: "is kept for sweepAfter, which has to be set by its own argument",
        });
      if (seen.has(key))
        context.addIssue({
          code: "custom",
          path: [index, "key"],
          message: `repeats the key ${JSON.stringify(key)}`,
        });
      seen.add(key);
    }
  })
  .meta({
    description: "At most 50, keys unique; each text 1 to 255 letters, digits, spaces and ;@_-.+.",
    examples: [[{ key: "environment", value: "test" }]],
  });

/** Drops a value that is not of the documented type. */
export const soft = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

// Shared, because a start builds all schemas.
export const text = soft(z.string());
export const number = soft(z.number());
export const flag = soft(z.boolean());

export const readTags = soft(z.array(z.looseObject({ key: z.string(), value: z.string() })));

export type Tag = { key: string; value: string };

/** One page of a list; `totalCount` may be missing. */
export type Page<T> = { results: T[]; totalCount?: number };

/** What was read from the body of a success; undefined if Atlas would not answer so. */
export type Read<T> = { value: T } | undefined;

/** Whether a resource is the one that was asked for. */
type IsAsked = (resource: Record<string, unknown>) => boolean;

export const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

/** Whether a value is this text; characters with accents have two forms, and Atlas need not return the one that was sent. */
export const isSame = (value: unknown, text: string): boolean =>
  typeof value === "string" && value.normalize() === text.normalize();

/** A test for resources that have these members, and whose parents are these where they name them. */
export const having =
  (
    members: Readonly<Record<string, string | ((value: unknown) => boolean)>>,
    parents: Readonly<Record<string, string>> = {},
  ): IsAsked =>
  (resource) =>
    Object.entries(members).every(([name, expected]) =>
      typeof expected === "string" ? isSame(resource[name], expected) : expected(resource[name]),
    ) &&
    Object.entries(parents).every(
      ([name, id]) => resource[name] === undefined || resource[name] === id,
    );

/** Removes the `links` that Atlas puts on every resource: they are of no use in results. */
const unlinked = ({ links: _links, ...rest }: Record<string, unknown>) => rest;

/** Reads one resource. Undefined if it is not the one that was asked for: then it is not Atlas's answer. */
export const one =
  <T extends z.ZodType>(schema: T, isAsked: IsAsked) =>
  (json: unknown): Read<z.output<T>> =>
    isRecord(json) && isAsked(json) ? { value: schema.parse(unlinked(json)) } : undefined;

/** Reads one page of a list. Undefined if it has no `results`, or one of them is not of the kind that was asked for. */
export const page = <T extends z.ZodType>(
  schema: T,
  isAsked: IsAsked,
): ((json: unknown) => Read<Page<z.output<T>>>) => {
  const read = one(schema, isAsked);
  return (json) => {
    if (!isRecord(json) || !Array.isArray(json.results)) return undefined;
    const entries = json.results.map(read);
    const results = entries.flatMap((entry) => (entry === undefined ? [] : [entry.value]));
    if (results.length < entries.length) return undefined;
    const { totalCount } = json;
    return { value: { results, ...(typeof totalCount === "number" ? { totalCount } : {}) } };
  };
};

/** Reads the answer to a delete: Atlas sends an empty object or nothing. */
export const nothing = (json: unknown): Read<undefined> =>
  isRecord(json) && Object.keys(json).length === 0 ? { value: undefined } : undefined;
