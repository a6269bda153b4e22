/**
 * The tools as data, for programs that use the library. The build runs this file and bundles the result (bundle/evaluate.ts),
 * so that a program that only uses the sandbox need not load the tools.
 */
import { tools as declared } from "../index.ts";
import { resultSchema } from "../result.ts";
import { standard } from "./json-schema.ts";
import { inputSchemaOf } from "./normalize.ts";

/** A tool as data, with the full JSON Schemas. Hosts get smaller ones, which `listTools` of a client returns. */
export type ToolInfo = {
  name: string;
  title: string;
  description: string;
  access: "read" | "create" | "update" | "delete";
  inputSchema: Record<string, unknown>;
  outputSchema: Record<string, unknown>;
};

/** All tools, in the order in which a server lists them. */
export const tools: readonly ToolInfo[] = declared.map((tool) => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  access: tool.access,
  inputSchema: { ...standard(inputSchemaOf(tool)) },
  outputSchema: resultSchema(tool),
}));
