import type { TokenBuckets } from "./api/rate-limits.ts";
import type { Nonces } from "./auth/digest.ts";
import { type AccessTokens, createAccessTokens } from "./auth/tokens.ts";
import { createFaultScript, type FaultScript } from "./faults/script.ts";
import type { Connections } from "./http/connections.ts";
import { createRequestLog, type RequestLog } from "./http/request-log.ts";
import type { Settings } from "./options.ts";
import type { StateStore } from "./state/file.ts";
import { durably } from "./state/persist.ts";
import { noResources, type World } from "./state/resources.ts";

/** Everything that one running sandbox holds. */
export type Twin = {
  readonly world: World;
  readonly credentials: Settings["credentials"];
  readonly nonceLifetimeMs: number;
  readonly clock: () => number;
  readonly rateLimits: boolean;
  readonly warn: (problem: string) => void;
  /** Where the world is kept; undefined where it ends with the process. */
  readonly store: StateStore | undefined;
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
export const createTwin = (
  settings: Settings,
  store: StateStore | undefined,
  closing: AbortSignal,
): Twin => {
  const { credentials, nonceLifetimeMs, clock, rateLimits, warn } = settings;
  const { organizations, provisionMs, ids, resources } = settings;
  return {
    world: { organizations, provisionMs, ids, ...resources },
    credentials,
    nonceLifetimeMs,
    clock,
    rateLimits,
    warn,
    store,
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
export const resetTwin = (twin: Twin): void => {
  durably(twin, () => Object.assign(twin.world, noResources()));
  twin.buckets.clear();
  twin.tokens.asked.clear();
  twin.script = createFaultScript();
  twin.log = createRequestLog();
};
