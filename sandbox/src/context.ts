/** All data of one running sandbox. */
import type { TokenBuckets } from "./api/rate-limits.ts";
import type { Nonces } from "./auth/digest.ts";
import { type AccessTokens, createAccessTokens } from "./auth/tokens.ts";
import { createFaultScript, type FaultScript } from "./faults/script.ts";
import type { Connections } from "./http/connections.ts";
import { createRequestLog, type RequestLog } from "./http/request-log.ts";
import type { Settings } from "./options.ts";
import type { StateFile } from "./state/file.ts";
import type { Persisted } from "./state/persist.ts";
import type { SandboxState } from "./state/resources.ts";

/** The state of the sandbox, how it was started, and what its connections, tokens and faults need. */
export type SandboxContext = Readonly<Persisted> & {
  readonly nonceLifetimeMs: number;
  /** The time of day in the sandbox. */
  readonly clock: () => number;
  readonly rateLimits: boolean;
  readonly tokens: AccessTokens;
  readonly nonces: Nonces;
  readonly buckets: TokenBuckets;
  readonly connections: Connections;
  /** Aborted when the sandbox closes, so that no delay outlives it. */
  readonly closing: AbortSignal;
  script: FaultScript;
  log: RequestLog;
};

/** Creates the context of a sandbox that starts. */
export const createContext = (
  settings: Settings,
  stateFile: StateFile | undefined,
  closing: AbortSignal,
): SandboxContext => {
  const { credentials, nonceLifetimeMs, clock, rateLimits, warn } = settings;
  const { organizations, provisionMs, clockAheadMs, ids, resources } = settings;
  const state: SandboxState = { organizations, provisionMs, clockAheadMs, ids, ...resources };
  return {
    state,
    credentials,
    nonceLifetimeMs,
    clock: () => clock() + state.clockAheadMs,
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
