/** The rate limits of the Admin API: which endpoints share a token bucket, and what is left in it. */
import { createErrorBody } from "../errors/api-error.ts";
import { createErrorResponse, type HttpResponse } from "../http/response.ts";

/** A set of endpoints that share one token bucket per user, project, organization or address. */
export type EndpointSet = {
  name: string;
  scope: "user" | "group" | "organization" | "address";
  capacity: number;
  /** Tokens that are added every 60 seconds. */
  refill: number;
};

const wide = { capacity: 1200, refill: 500 };
const widest = { capacity: 10000, refill: 5000 };

/**
 * The endpoint sets of the sandbox's operations. Capacity and refill: docs "Atlas Administration API rate limits"
 * (docs/atlas.md#rate-limits); recorded RateLimit-Limit headers confirm the capacities. Which endpoints share a bucket beyond that
 * list is not documented.
 */
export const endpointSets = {
  /** Lists and creates projects. */
  groups: { name: "groups", scope: "user", ...wide },
  /** One project, and all endpoints below it without a set of their own. */
  group: { name: "group", scope: "group", ...wide },
  flexClusters: { name: "flexClusters", scope: "group", ...wide },
  accessList: { name: "accessList", scope: "group", ...wide },
  /** Clusters and provider regions of one project. */
  clusters: { name: "clusters", scope: "group", ...widest },
  databaseUsers: { name: "databaseUsers", scope: "group", ...widest },
  organizations: { name: "orgs", scope: "user", capacity: 300, refill: 100 },
  organization: { name: "org", scope: "organization", capacity: 500, refill: 250 },
  // No figure is documented for ephemeral clusters. Creates have a small bucket, and reads one that polling does not empty.
  ephemeralClusterCreates: {
    name: "ephemeralClusterCreates",
    scope: "address",
    capacity: 10,
    refill: 5,
  },
  ephemeralClusters: { name: "ephemeralClusters", scope: "address", ...wide },
} satisfies Record<string, EndpointSet>;

/** The buckets by endpoint set and owner. */
export type TokenBuckets = Map<string, Bucket>;

type Bucket = { tokens: number; refilledAt: number };

/** Whether a request is allowed, how many tokens are left, and when the next refill is. */
export type Allowance = {
  allowed: boolean;
  limit: number;
  remaining: number;
  retryAfterSeconds: number;
};

/** Seconds between two refills. */
const refillSeconds = 60;

/**
 * Takes one token. The whole refill comes at the end of each 60 seconds, not gradually: Atlas has answered "retry after
 * 55 seconds" for a bucket of 10 that is refilled by 5.
 */
export const takeToken = (
  buckets: TokenBuckets,
  set: EndpointSet,
  owner: string,
  now: number,
): Allowance => {
  const key = `${set.name} ${owner}`;
  const bucket = buckets.get(key) ?? { tokens: set.capacity, refilledAt: now };
  buckets.set(key, bucket);

  const periods = Math.floor((now - bucket.refilledAt) / (refillSeconds * 1000));
  if (periods > 0) {
    bucket.tokens = Math.min(set.capacity, bucket.tokens + periods * set.refill);
    bucket.refilledAt += periods * refillSeconds * 1000;
  }

  const allowed = bucket.tokens > 0;
  if (allowed) bucket.tokens -= 1;
  const untilRefill = bucket.refilledAt + refillSeconds * 1000 - now;
  return {
    allowed,
    limit: set.capacity,
    remaining: bucket.tokens,
    retryAfterSeconds: Math.ceil(untilRefill / 1000),
  };
};

/** The allowance if rate limits are switched off. */
export const fullBucket = ({ capacity }: EndpointSet): Allowance => ({
  allowed: true,
  limit: capacity,
  remaining: capacity,
  retryAfterSeconds: 0,
});

/** The decoded path without its first slash (docs/atlas.md#rate-limits), or the path as it is if it cannot be decoded. */
const limitedPath = (path: string): string => {
  const relative = path.slice(1);
  try {
    return decodeURIComponent(relative);
  } catch {
    return relative;
  }
};

/** Creates the response to a caller whose bucket is empty. Atlas may leave out its headers (docs/atlas.md#rate-limits). */
export const createRateLimitedResponse = (
  path: string,
  endpointSet: EndpointSet,
  seconds: number,
  withHeaders: boolean,
): HttpResponse => {
  const { capacity, refill } = endpointSet;
  const values = { path: limitedPath(path), seconds, capacity, refill, window: refillSeconds };
  const headers = {
    "RateLimit-Limit": `${capacity}`,
    "RateLimit-Remaining": "0",
    "Retry-After": `${seconds}`,
  };
  const body = createErrorBody(429, "RATE_LIMITED_TOKEN_BUCKET", values);
  return createErrorResponse(429, body, undefined, withHeaders ? headers : {});
};
