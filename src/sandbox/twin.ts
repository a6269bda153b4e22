import { type AccessTokens, createAccessTokens } from "./access-tokens.ts";
import type { Nonces } from "./digest.ts";
import { createFaultScript, type FaultScript } from "./fault-script.ts";
import { createRequestLog, type RequestLog } from "./request-log.ts";
import type { Settings } from "./settings.ts";
import type { TokenBuckets } from "./token-buckets.ts";
import type { Connections } from "./wire.ts";
import { createWorld, emptyWorld, type World } from "./world.ts";

/** Everything that one running sandbox holds. */
export type Twin = {
  readonly world: World;
  readonly credentials: Settings["credentials"];
  readonly nonceLifetimeMs: number;
  readonly clock: () => number;
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
export function createTwin(settings: Settings, closing: AbortSignal): Twin {
  const { credentials, nonceLifetimeMs, clock } = settings;
  return {
    world: createWorld(settings.organizations, settings.provisionMs, settings.ids),
    credentials,
    nonceLifetimeMs,
    clock,
    tokens: createAccessTokens(),
    nonces: new Map(),
    buckets: new Map(),
    connections: new Map(),
    closing,
    script: createFaultScript(),
    log: createRequestLog(),
  };
}

/** Takes a twin back to its first state; tokens and nonces stay good, so that clients need not notice. */
export function resetTwin(twin: Twin): void {
  emptyWorld(twin.world);
  twin.buckets.clear();
  twin.tokens.asked.clear();
  twin.script = createFaultScript();
  twin.log = createRequestLog();
}
