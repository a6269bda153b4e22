/** The sandbox: an HTTP server that answers like the MongoDB Atlas Admin API. */
import { getRequestListener } from "@hono/node-server";
import { checkOptions } from "./check-options.ts";
import { createContext } from "./context.ts";
import { closeConnections, trackConnections } from "./http/connections.ts";
import { createWebServer, listen } from "./listen.ts";
import { type SandboxOptions, type Settings, toSettings } from "./options.ts";
import { createApp } from "./routes/app.ts";
import { createMethods, type Sandbox, type SandboxAccess } from "./sandbox.ts";
import type { ShareOptions } from "./share.ts";
import type { StateFile } from "./state/file.ts";
import type { SavedState } from "./state/format.ts";
import { saveState } from "./state/persist.ts";

export type { WaitingFault } from "./controls.ts";
export { SandboxError, type SandboxErrorCode } from "./error.ts";
export type { FaultName } from "./faults/parse.ts";
export type { FaultOperation } from "./faults/script.ts";
export type { LoggedOperation, LoggedRequest } from "./http/request-log.ts";
export type { OperationId } from "./operation-ids.ts";
export type { SandboxOptions } from "./options.ts";
export type { SandboxFault } from "./read-faults.ts";
export type { Sandbox } from "./sandbox.ts";
export type {
  AccessListEntryState,
  AdvancedClusterState,
  DatabaseUserState,
  EphemeralClusterState,
  FlexClusterState,
  ProjectState,
  SandboxSnapshot,
} from "./snapshot.ts";
export { StateFileError } from "./state/file-error.ts";

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

const serve = async (settings: Settings, stateFile: StateFile | undefined): Promise<Sandbox> => {
  const closing = new AbortController();
  const context = createContext(settings, stateFile, closing.signal);
  const app = createApp(context);
  // By default the adapter replaces the global Request and Response of the process.
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const server = await createWebServer(settings, listener);
  saveState(context);
  trackConnections(server, context.connections);
  const url = await listen(server, settings);
  stateFile?.announce(url);
  let closed: Promise<void> | undefined;
  return createMethods(context, { url, orgId: settings.orgId }, () => {
    closed ??= new Promise((resolve) => {
      closing.abort();
      server.close(() => resolve());
      closeConnections(context.connections);
      stateFile?.close();
    });
    return closed;
  });
};

/** As `createSandbox`. `check` sees what the state file has before that is used, and may throw. */
export const openSandbox = async (
  options: SandboxOptions,
  check: (saved: SavedState) => void = () => {},
): Promise<Sandbox> => {
  checkOptions(options);
  const { statePath } = options;
  const stateFile = statePath === undefined ? undefined : await openFile(statePath);
  try {
    if (stateFile?.saved !== undefined) check(stateFile.saved);
    return await serve(toSettings(options, stateFile?.saved), stateFile);
  } catch (error) {
    stateFile?.close();
    throw error;
  }
};

/**
 * Starts a sandbox on an HTTP (or HTTPS) port. Rejects with a SandboxError if an option is wrong, the port is in use, or
 * the state file cannot be used.
 * @example const sandbox = await createSandbox({ provisionMs: 0 });
 */
export const createSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> =>
  openSandbox(options);

/**
 * Starts a sandbox with a state file, or uses the one of another process of this machine that has the file, and takes
 * over when that ends. Rejects with a SandboxError, as `createSandbox` does, also if the file has another organization
 * than `orgId`.
 */
export const shareSandbox = async (options: ShareOptions): Promise<SandboxAccess> =>
  (await import("./share.ts")).shareSandbox(options);
