/** The sandbox: an HTTP server that answers like the MongoDB Atlas Admin API. */
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Credentials } from "./auth/credentials.ts";
import { createContext } from "./context.ts";
import { closeConnections, trackConnections } from "./http/connections.ts";
import { type SandboxOptions, type Settings, toSettings } from "./options.ts";
import { createApp } from "./routes/app.ts";
import type { ShareOptions } from "./share.ts";
import type { StateFile } from "./state/file.ts";
import { saveState } from "./state/persist.ts";

export type { SandboxOptions } from "./options.ts";
export { StateFileError } from "./state/file-error.ts";

/** A running sandbox. */
export type Sandbox = Credentials & {
  /** Base URL without a path. */
  url: string;
  /** Id of the first organization. */
  orgId: string;
  /** Closes all connections, including hanging ones, and frees the port. */
  close(): Promise<void>;
};

/** Loads the code for state files only if there is one. */
const openFile = async (statePath: string): Promise<StateFile> => {
  const { openStateFile } = await import("./state/file.ts");
  return openStateFile(statePath);
};

/** Rejects with a StateFileError if a sandbox could not start with this state file. Changes nothing. */
export const checkStateFile = async (statePath: string): Promise<void> => {
  const { checkStateFile: check } = await import("./state/file.ts");
  await check(statePath);
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

/** The host for URLs: clients cannot connect to a wildcard address, and IPv6 needs brackets. */
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
  // By default the adapter replaces the global Request and Response of the process.
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const server = settings.tls ? createTlsServer(settings.tls, listener) : createServer(listener);
  trackConnections(server, sandbox.connections);
  const port = await listen(server, settings.port, settings.host);

  const url = `${settings.tls ? "https" : "http"}://${reachableHost(settings.host)}:${port}`;
  stateFile?.announce(url);
  let closed: Promise<void> | undefined;
  const { clientId, clientSecret, publicKey, privateKey } = settings.credentials;
  return {
    url,
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
 * Starts a sandbox on an HTTP (or HTTPS) port. Rejects if the port is in use, and with a StateFileError if the
 * state file cannot be used.
 * @example const sandbox = await createSandbox({ provisionMs: 0 });
 */
export const createSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const { statePath } = options;
  const stateFile = statePath === undefined ? undefined : await openFile(statePath);
  try {
    return await serve(toSettings(options, stateFile?.saved), stateFile);
  } catch (error) {
    stateFile?.close();
    throw error;
  }
};

/**
 * Starts a sandbox with a state file, or uses the one of another process of this machine that has the file, and takes
 * over when that ends. Rejects with a StateFileError if the file cannot be used.
 */
export const shareSandbox = async (options: ShareOptions): Promise<Sandbox> =>
  (await import("./share.ts")).shareSandbox(options);
