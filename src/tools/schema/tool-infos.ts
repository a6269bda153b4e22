/**
 * The tools as data, for programs that use the library. The build runs this file and bundles the result (bundle/evaluate.ts),
 * so that a program that only uses the sandbox need not load the tools.
 */
import { tools as declared } from "../index.ts";
import { standard } from "./json-schema.ts";
import { inputSchemaOf } from "./normalize.ts";
import { resultSchema } from "./result-schema.ts";

/** All tools, in the order in which a server lists them, with the full JSON Schemas. */
export const tools = declared.map((tool) => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  access: tool.access,
  inputSchema: { ...standard(inputSchemaOf(tool)) },
  outputSchema: resultSchema(tool),
}));
