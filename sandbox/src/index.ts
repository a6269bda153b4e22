import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createContext } from "./context.ts";
import { createApp } from "./http/app.ts";
import { closeConnections, trackConnections } from "./http/connections.ts";
import { type Credentials, type SandboxOptions, type Settings, toSettings } from "./options.ts";
import type { StateFile } from "./state/file.ts";
import { saveState } from "./state/persist.ts";

export type { SandboxOptions } from "./options.ts";
export { StateFileError } from "./state/file-error.ts";

/** A running twin of the Atlas Admin API. */
export type Sandbox = Credentials & {
  /** Base URL without a path. */
  url: string;
  /** The first organization. */
  orgId: string;
  /** Ends all connections, hanging ones too, and frees the port. */
  close(): Promise<void>;
};

// Only who keeps a state pays for reading one.
const open = async (statePath: string): Promise<StateFile> => {
  const { openStateFile } = await import("./state/file.ts");
  return openStateFile(statePath);
};

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });

// A wildcard address is for listening, not for calling; IPv6 needs brackets in a URL.
const reachableHost = (host: string): string => {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
};

const serve = async (settings: Settings, stateFile: StateFile | undefined): Promise<Sandbox> => {
  const closing = new AbortController();
  const sandbox = createContext(settings, stateFile, closing.signal);
  saveState(sandbox);
  const app = createApp(sandbox);
  // The adapter would put its own Request and Response in place of the process's.
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const server = settings.tls ? createTlsServer(settings.tls, listener) : createServer(listener);
  trackConnections(server, sandbox.connections);
  const port = await listen(server, settings.port, settings.host);

  let closed: Promise<void> | undefined;
  const { clientId, clientSecret, publicKey, privateKey } = settings.credentials;
  return {
    url: `${settings.tls ? "https" : "http"}://${reachableHost(settings.host)}:${port}`,
    clientId,
    clientSecret,
    publicKey,
    privateKey,
    orgId: settings.orgId,
    close: () => {
      closed ??= new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        closeConnections(sandbox.connections);
        stateFile?.close();
      });
      return closed;
    },
  };
};

/**
 * Starts a twin of the Atlas Admin API on an HTTP (or HTTPS) port; rejects where the port is taken, and with a
 * StateFileError where the state file cannot be used.
 * @example const sandbox = await createSandbox({ provisionMs: 0 });
 */
export const createSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const { statePath } = options;
  const stateFile = statePath === undefined ? undefined : await open(statePath);
  try {
    return await serve(toSettings(options, stateFile?.saved), stateFile);
  } catch (error) {
    stateFile?.close();
    throw error;
  }
};
