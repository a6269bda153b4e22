/** The server of the library: on any MCP transport, with the configuration of a given environment. */
import { promises } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crypto } from "./common/crypto.ts";
import { readConfig } from "./config/config.ts";
import { createContainer } from "./container.ts";
import { createServerFactory } from "./mcp/server.ts";
import { type Connection, serveConnection, type Transport } from "./mcp/transports/connection.ts";
import { operator } from "./policy/caller.ts";

export type { Transport };

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

/** Creates the server. Rejects with `ConfigError`. */
export const openServer = async ({ env = process.env }: ServerOptions): Promise<AtlasServer> => {
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
