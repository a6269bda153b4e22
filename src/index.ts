/** The library: the server for any MCP transport, the tools as data, and the sandbox. */

import { promises } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crypto } from "./common/crypto.ts";
import { readConfig } from "./config/config.ts";
import { createContainer } from "./container.ts";
import { createServerFactory } from "./mcp/server.ts";
import { type Connection, serveConnection, type Transport } from "./mcp/transports/connection.ts";
import { operator } from "./policy/caller.ts";
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
export type { Transport };

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

export type ServerOptions = {
  /** The environment variables of the README; default: those of the process. */
  env?: Record<string, string | undefined>;
};

export type AtlasServer = {
  /** Serves one connection; a server can have several, one after another or at once. */
  connect(transport: Transport): Promise<void>;
  /** Closes all connections, revokes the access token, and ends the embedded sandbox with its passwords. */
  close(): Promise<void>;
};

/**
 * Creates the MCP server, without a transport. Without credentials in `env` it runs on a sandbox of its own. Passwords that
 * it makes on a sandbox go to a temporary folder until `close`, unless `env` names a folder. If the configuration is wrong,
 * rejects with an error whose message is one sentence.
 * @example const server = await createServer({ env: {} });
 */
export const createServer = async ({
  env = process.env,
}: ServerOptions = {}): Promise<AtlasServer> => {
  // The first password creates the folder.
  const sandboxFolder = join(tmpdir(), `atlas-provision-mcp-${crypto().randomUUID()}`);
  const container = await createContainer(readConfig(env, {}), { sandboxFolder });
  const factory = createServerFactory(container.runner, container);
  const open = new Set<Connection>();
  return {
    connect: async (transport) => {
      let connection: Connection | undefined;
      const forget = () => connection && open.delete(connection);
      connection = await serveConnection(transport, () => factory(operator, "public"), forget);
      open.add(connection);
    },
    close: async () => {
      await Promise.all([...open].map((connection) => connection.close().catch(() => {})));
      await container.close();
      await promises.rm(sandboxFolder, { recursive: true, force: true }).catch(() => {});
    },
  };
};
