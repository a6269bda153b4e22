import type { TokenBuckets } from "./api/rate-limits.ts";
import type { Nonces } from "./auth/digest.ts";
import { type AccessTokens, createAccessTokens } from "./auth/tokens.ts";
import { createFaultScript, type FaultScript } from "./faults/script.ts";
import type { Connections } from "./http/connections.ts";
import { createRequestLog, type RequestLog } from "./http/request-log.ts";
import type { Settings } from "./options.ts";
import type { StateFile } from "./state/file.ts";
import { commitChange } from "./state/persist.ts";
import { createResources, type SandboxState } from "./state/resources.ts";

/** Everything that one running sandbox holds. */
export type SandboxContext = {
  readonly state: SandboxState;
  readonly credentials: Settings["credentials"];
  readonly nonceLifetimeMs: number;
  readonly clock: () => number;
  readonly rateLimits: boolean;
  readonly warn: (problem: string) => void;
  /** Where the world is kept; undefined where it ends with the process. */
  readonly stateFile: StateFile | undefined;
  readonly tokens: AccessTokens;
  readonly nonces: Nonces;
  readonly buckets: TokenBuckets;
  readonly connections: Connections;
  /** Aborted when the sandbox closes, so that no delay outlives it. */
  readonly closing: AbortSignal;
  script: FaultScript;
  log: RequestLog;
};

/** Makes a twin in its first state. */
export const createContext = (
  settings: Settings,
  stateFile: StateFile | undefined,
  closing: AbortSignal,
): SandboxContext => {
  const { credentials, nonceLifetimeMs, clock, rateLimits, warn } = settings;
  const { organizations, provisionMs, ids, resources } = settings;
  return {
    state: { organizations, provisionMs, ids, ...resources },
    credentials,
    nonceLifetimeMs,
    clock,
    rateLimits,
    warn,
    stateFile,
    tokens: createAccessTokens(),
    nonces: new Map(),
    buckets: new Map(),
    connections: new Map(),
    closing,
    script: createFaultScript(),
    log: createRequestLog(),
  };
};

/** Empties a twin of all that was made in it; tokens and nonces stay good, so that clients need not notice. */
export const resetSandbox = (sandbox: SandboxContext): void => {
  commitChange(sandbox, () => Object.assign(sandbox.state, createResources()));
  sandbox.buckets.clear();
  sandbox.tokens.requested.clear();
  sandbox.script = createFaultScript();
  sandbox.log = createRequestLog();
};
