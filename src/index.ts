/** The library: the server for any MCP transport and for typed calls, the tools as data, and the sandbox. */

import type { AtlasServer, ServerOptions } from "./library/server.ts";

export {
  type AccessListEntryState,
  type AdvancedClusterState,
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
export type {
  Call,
  CallOptions,
  ConfirmationQuestion,
  ToolAccess,
  ToolInput,
  ToolName,
  ToolPlan,
  ToolResult,
  ToolSuccess,
} from "./library/call.ts";
export { type CallTool, createCaller, type McpClient } from "./library/caller.ts";
export type {
  AtlasServer,
  ServerOptions,
  Transport,
} from "./library/server.ts";
export { ServerError, type ServerErrorCode } from "./library/server-error.ts";
export {
  CallError,
  type CallErrorCode,
  ConfirmationError,
  type ConfirmationErrorCode,
  ToolError,
  type ToolErrorCode,
} from "./library/tool-error.ts";
export type {
  AccessListEntry,
  DatabaseUser,
  EphemeralCluster,
  Failure,
  FlexCluster,
  FlexClusterRow,
  NextAction,
  Organization,
  PlannedRequest,
  Price,
  Project,
  Receipt,
  ToolConfirmation,
  ToolFailure,
} from "./library/tool-types.ts";
export { type ToolInfo, tools } from "./library/tools.ts";

/**
 * Creates the MCP server, without a transport. Without credentials in `env` it runs on a sandbox of its own. Passwords that
 * it makes on a sandbox go to a temporary folder until `close`, unless `env` names a folder. Rejects with a
 * ServerError if an option or a variable is wrong.
 * @example const server = await createServer({ env: {} });
 */
export const createServer = async (options: ServerOptions = {}): Promise<AtlasServer> => {
  // Loaded only now, because programs that only use the sandbox need not wait for it.
  const { openServer } = await import("./library/server.ts");
  return openServer(options);
};
