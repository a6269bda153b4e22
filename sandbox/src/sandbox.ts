/** A running sandbox, as the program that started it uses it. */
import type { Credentials } from "./auth/credentials.ts";
import { advanceClock } from "./clock.ts";
import type { SandboxContext } from "./context.ts";
import {
  addFaults,
  faultsOf,
  requestsOf,
  resetSandbox,
  snapshotOf,
  type WaitingFault,
} from "./controls.ts";
import { SandboxError } from "./error.ts";
import type { LoggedOperation, LoggedRequest } from "./http/request-log.ts";
import type { SandboxFault } from "./read-faults.ts";
import type { SandboxSnapshot } from "./snapshot.ts";

/** Where a sandbox is, and what it lets in. */
export type SandboxAccess = Credentials & {
  /** Base URL without a path. */
  url: string;
  /** Id of the first organization. */
  orgId: string;
  /** Ends it: closes all connections, including hanging ones, and frees the port. */
  close(): Promise<void>;
};

// The names are known, so that `createServer(sandbox.env)` instead of `createServer({ env: sandbox.env })` does not compile.
type SandboxEnv = Record<
  "MONGODB_ATLAS_BASE_URL" | "MONGODB_ATLAS_CLIENT_ID" | "MONGODB_ATLAS_CLIENT_SECRET",
  string
>;

/** A running sandbox. All methods but `close` throw a SandboxError with the code `closed` once it is closed. */
export type Sandbox = SandboxAccess & {
  /** Base URL of the Admin API: `/api/atlas/v2` below `url`. */
  apiUrl: string;
  /** The variables that point clients here: `MONGODB_ATLAS_BASE_URL`, `_CLIENT_ID` and `_CLIENT_SECRET`. */
  env: SandboxEnv;
  /** All that is there, as a copy. */
  state(): SandboxSnapshot;
  /** The requests since the last reset, newest last: all of them, or those for one operation. At most 20,000 are kept. */
  requests(operation?: LoggedOperation): LoggedRequest[];
  /** Adds faults for the next requests. If one of them is wrong, none is added. */
  addFaults(...faults: SandboxFault[]): void;
  /** The faults that still wait for requests. */
  faults(): WaitingFault[];
  /** Removes all projects and what is in them, ephemeral clusters, faults and logged requests. Tokens stay valid. */
  reset(): void;
  /** Moves the clock of the sandbox forward. Clusters become ready, and tokens, users and entries end. */
  advanceClock(milliseconds: number): void;
  /** The time of day in the sandbox, in milliseconds since 1970. */
  now(): number;
  /** For `await using`: the same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
};

/** Creates what a program uses of its sandbox. */
export const createMethods = (
  context: SandboxContext,
  { url, orgId }: Pick<Sandbox, "url" | "orgId">,
  close: () => Promise<void>,
): Sandbox => {
  const { clientId, clientSecret, publicKey, privateKey } = context.credentials;
  const whileOpen =
    <Parameters extends unknown[], Result>(method: (...parameters: Parameters) => Result) =>
    (...parameters: Parameters): Result => {
      if (!context.closing.aborted) return method(...parameters);
      throw new SandboxError(
        "closed",
        "The sandbox is closed; createSandbox() starts another one.",
      );
    };
  return {
    url,
    apiUrl: `${url}/api/atlas/v2`,
    orgId,
    clientId,
    clientSecret,
    publicKey,
    privateKey,
    env: {
      MONGODB_ATLAS_BASE_URL: url,
      MONGODB_ATLAS_CLIENT_ID: clientId,
      MONGODB_ATLAS_CLIENT_SECRET: clientSecret,
    },
    state: whileOpen(() => snapshotOf(context)),
    requests: whileOpen((operation?: LoggedOperation) => requestsOf(context, operation)),
    addFaults: whileOpen((...faults: SandboxFault[]) => addFaults(context, faults)),
    faults: whileOpen(() => faultsOf(context)),
    reset: whileOpen(() => resetSandbox(context)),
    advanceClock: whileOpen((milliseconds: number) => advanceClock(context, milliseconds)),
    now: whileOpen(() => context.clock()),
    close,
    [Symbol.asyncDispose]: close,
  };
};
