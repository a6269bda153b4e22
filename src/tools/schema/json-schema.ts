/** The JSON Schemas that are used here, and how zod writes them. */
import * as z from "zod/v4";
import { isRecord } from "../../common/json.ts";

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A JSON Schema, with the keywords that are read or advertised here. */
export type JsonSchema = {
  type?: string;
  description?: string;
  properties?: { [name: string]: JsonSchema };
  required?: string[];
  items?: JsonSchema;
  enum?: Json[];
  examples?: Json[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  // How arguments are normalized: keywords of this project, which `standard` leaves out.
  /** An empty text is a value, and not an absent argument. */
  takesEmpty?: boolean;
  /** More than the maximum means the maximum. */
  takesMore?: boolean;
  /** The values of the enum, which are in upper case, are taken in any case. */
  anyCase?: boolean;
};

const own: readonly string[] = [
  "takesEmpty",
  "takesMore",
  "anyCase",
] satisfies (keyof JsonSchema)[];

/** The schema with the keywords of JSON Schema only: a strict validator refuses others. */
export const standard = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema, (name, value) => (own.includes(name) ? undefined : value)));

export const isSchema = (value: unknown): value is JsonSchema => isRecord(value);

/** The JSON Schema of a zod schema's input, with examples. */
export const toSchema = (type: z.ZodType): JsonSchema => {
  const schema: unknown = z.toJSONSchema(type, { io: "input" });
  return isSchema(schema) ? schema : {};
};
