/** What every result has to keep (docs/architecture.md#results), checked by a validator that is not the server's own. */

import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { tools } from "../../src/tools/index.ts";
import type { Driver, ToolResult } from "./clients.ts";

/** The tools in the order of src/tools/index.ts, as far as they are offered. */
export const toolNames: readonly string[] = tools.map(({ name }) => name);

/** Those that are on beside live Atlas, as long as the operator has not asked for ephemeral clusters. */
export const liveNames = toolNames.filter((name) => !name.includes("ephemeral"));

export const readNames = liveNames.filter((name) => /^(get|list|check)_/.test(name));

export type NextAction = { tool: string; arguments: Record<string, unknown>; why: string };

export const actionsOf = (result: ToolResult): NextAction[] =>
  result.structured.error?.nextActions ?? result.structured.nextActions ?? [];

/** Calls each next action as it stands. */
export const callAll = async (driver: Driver, actions: NextAction[]): Promise<ToolResult[]> => {
  const results: ToolResult[] = [];
  for (const action of actions) results.push(await driver.call(action.tool, action.arguments));
  return results;
};

/** What is wrong with a result by the schema that its tool advertises; undefined where nothing is. */
export const schemaProblem = (schema: unknown, result: ToolResult): string | undefined =>
  new AjvJsonSchemaValidator().getValidator(schema as object)(result.structured).errorMessage;

/** The code of a JSON-RPC error, whichever client threw it. */
export const rpcCodeOf = (call: Promise<unknown>): Promise<number | string> =>
  call.then(
    (result) => `no error but ${JSON.stringify(result).slice(0, 300)}`,
    (error: { code?: number }) => error.code ?? String(error),
  );
