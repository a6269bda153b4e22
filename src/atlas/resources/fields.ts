/**
 * What all resources share. Requests are held to the documented constraints; answers are read loosely: what is unknown
 * survives, what is not as documented is left out, and nothing turns a success into a failure.
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

/** A key like this one that is still free. */
const freeKey = (key: string, list: readonly { key: string }[]): string => {
  const taken = new Set(list.map((tag) => tag.key));
  for (let count = 2; ; count += 1) {
    const free = `${key.slice(0, 250)}-${count}`;
    if (!taken.has(free)) return free;
  }
};

/** Resource tags: at most 50, keys unique and case sensitive. Characters are left to Atlas, whose rules change (docs/atlas.md#tags). */
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
          message: `the key ${JSON.stringify(key)} is given twice`,
          params: { example: freeKey(key, list) },
        });
      seen.add(key);
    }
  })
  .meta({
    description: "Letters, digits, spaces and ;@_-.+ only; unique keys.",
    examples: [[{ key: "environment", value: "test" }]],
  });

/** Whatever is not of the documented type is left out. */
export const soft = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

// One of each, since a start builds all schemas.
export const text = soft(z.string());
export const number = soft(z.number());
export const flag = soft(z.boolean());

export const readTags = soft(z.array(z.looseObject({ key: z.string(), value: z.string() })));

export type Tag = { key: string; value: string };

/** One page of a list; `totalCount` may be missing. */
export type Page<T> = { results: T[]; totalCount?: number };

/** Removes the links that Atlas puts on everything: they are for browsers of the API, not for its answers here. */
const unlinked = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const { links: _links, ...rest } = value as Record<string, unknown>;
  return rest;
};

/** Reads one resource. An answer that is no object reads as one without fields. */
export const one =
  <T extends z.ZodType>(schema: T) =>
  (json: unknown): z.output<T> =>
    schema.parse(unlinked(json));

// Made once: a schema is compiled when it is first used, which costs more than reading with it.
const anyPage = z.looseObject({
  results: z.array(z.unknown()).catch([]),
  totalCount: number,
});

/** Reads one page of a list. */
export const page =
  <T extends z.ZodType>(schema: T) =>
  (json: unknown): Page<z.output<T>> => {
    const { results, totalCount } = anyPage.parse(unlinked(json));
    return {
      results: results.map(one(schema)),
      ...(totalCount === undefined ? {} : { totalCount }),
    };
  };
