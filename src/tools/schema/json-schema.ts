/** JSON Schemas as they are read and shown here, and how one is made of what zod knows. */
import * as z from "zod/v4";

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A JSON Schema, as far as it is read or advertised here. */
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
};

export const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The JSON Schema of what a zod schema takes, with examples. */
export const toSchema = (type: z.ZodType): JsonSchema => {
  const schema: unknown = z.toJSONSchema(type, { io: "input" });
  return isSchema(schema) ? schema : {};
};
