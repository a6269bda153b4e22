/**
 * Schemas that resources share. Requests must meet the documented constraints. Responses are parsed loosely: unknown
 * fields are kept, fields of another type are dropped, and a success never becomes a failure.
 */
import * as z from "zod/v4";

/** `^([a-f0-9]{24})$`, the id of a project, an organization or a user. */
export const objectId = (what: string) =>
  z
    .string()
    .superRefine((id, context) => {
      if (/^[a-f0-9]{24}$/.test(id)) return;
      const lower = id.trim().toLowerCase();
      context.addIssue({
        code: "custom",
        message: "must be 24 hexadecimal digits in lower case",
        params: { example: /^[a-f0-9]{24}$/.test(lower) ? lower : "32b6e34b3d91647abb20e7b8" },
      });
    })
    .meta({ description: what, pattern: "^[a-f0-9]{24}$" });

/** A similar key that the list does not have. */
const freeKey = (key: string, list: readonly { key: string }[]): string => {
  const taken = new Set(list.map((tag) => tag.key));
  for (let count = 2; ; count += 1) {
    const free = `${key.slice(0, 250)}-${count}`;
    if (!taken.has(free)) return free;
  }
};

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
      if (seen.has(key))
        context.addIssue({
          code: "custom",
          path: [index, "key"],
          message: `repeats the key ${JSON.stringify(key)}`,
          params: { example: freeKey(key, list) },
        });
      seen.add(key);
    }
  })
  .meta({
    description: "Letters, digits, spaces and ;@_-.+ only; unique keys.",
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

/** Removes the `links` that Atlas puts on every resource: they are of no use in results. */
const unlinked = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const { links: _links, ...rest } = value as Record<string, unknown>;
  return rest;
};

/** Parses one resource. A body that is not an object becomes a resource without fields. */
export const one =
  <T extends z.ZodType>(schema: T) =>
  (json: unknown): z.output<T> =>
    schema.parse(unlinked(json));

// Created once: zod compiles a schema on first use, which costs more than parsing.
const anyPage = z.looseObject({
  results: z.array(z.unknown()).catch([]),
  totalCount: number,
});

/** Parses one page of a list. */
export const page =
  <T extends z.ZodType>(schema: T) =>
  (json: unknown): Page<z.output<T>> => {
    const { results, totalCount } = anyPage.parse(unlinked(json));
    return {
      results: results.map(one(schema)),
      ...(totalCount === undefined ? {} : { totalCount }),
    };
  };
