/** The schemas that all parts of a state file have in common. */
import * as z from "zod/v4";

/** JSON has no undefined, so the file has null. */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.nullable(schema).transform((value) => value ?? undefined);

export const text = z.string();
export const time = z.int();
export const id = text.regex(/^[a-f0-9]{24}$/);
export const flag = z.boolean();
export const number = z.number();
export const object = z.record(text, z.json());
export const tags = z.array(z.strictObject({ key: text, value: text }));
