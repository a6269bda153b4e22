/** The library: the server for any MCP transport, the tools as data, and the sandbox. */

import type { AtlasServer, ServerOptions } from "./library-server.ts";
import { tools as declared } from "./tools/index.ts";
import { resultSchema } from "./tools/result.ts";
import { standard } from "./tools/schema/json-schema.ts";
import { inputSchemaOf } from "./tools/schema/normalize.ts";

export {
  type AccessListEntryState,
  createSandbox,
  type DatabaseUserState,
  type EphemeralClusterState,
  type FaultName,
  type FaultOperation,
  type FlexClusterState,
  type LoggedOperation,
  type LoggedRequest,
  type OperationId,
  type ProjectState,
  type Sandbox,
  SandboxError,
  type SandboxErrorCode,
  type SandboxFault,
  type SandboxOptions,
  type SandboxSnapshot,
  type WaitingFault,
} from "@atlas-provision-mcp/sandbox";
export type { AtlasServer, ServerOptions, Transport } from "./library-server.ts";

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

/**
 * Creates the MCP server, without a transport. Without credentials in `env` it runs on a sandbox of its own. Passwords that
 * it makes on a sandbox go to a temporary folder until `close`, unless `env` names a folder. If the configuration is wrong,
 * rejects with an error whose message is one sentence.
 * @example const server = await createServer({ env: {} });
 */
export const createServer = async (options: ServerOptions = {}): Promise<AtlasServer> => {
  // Loaded only now, because programs that only use the sandbox need not wait for it.
  const { openServer } = await import("./library-server.ts");
  return openServer(options);
};
