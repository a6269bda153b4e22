/**
 * The whole JSON Schema of each tool's arguments, by the tool's name. The build runs this file and puts what it makes in
 * its place: at the start of a server it would take a twentieth of the time.
 */
import { tools } from "./index.ts";
import { type JsonSchema, toSchema } from "./json-schema.ts";

export const inputs: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  tools.map(({ name, input }) => [name, toSchema(input)]),
);
