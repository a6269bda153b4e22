/** The rate limits of the Admin API: which endpoints share a token bucket, and what is left in it. */

/** A set of endpoints that share one token bucket per user, project or organization. */
export type EndpointSet = {
  name: string;
  scope: "user" | "group" | "organization";
  capacity: number;
  /** Tokens that come back every 60 seconds. */
  refill: number;
};

const wide = { capacity: 1200, refill: 500 };
const widest = { capacity: 10000, refill: 5000 };

// Capacity and refill: docs "Atlas Administration API rate limits" (RATEDOC); the capacities are
// confirmed by recorded RateLimit-Limit headers. How the endpoints share buckets beyond that list is
// not documented.
/** The endpoint sets of the operations that the sandbox has. */
export const endpointSets = {
  /** Lists and creates projects. */
  groups: { name: "groups", scope: "user", ...wide },
  /** One project, and whatever below it has no set of its own. */
  group: { name: "group", scope: "group", ...wide },
  flexClusters: { name: "flexClusters", scope: "group", ...wide },
  accessList: { name: "accessList", scope: "group", ...wide },
  /** Clusters and provider regions of one project. */
  clusters: { name: "clusters", scope: "group", ...widest },
  databaseUsers: { name: "databaseUsers", scope: "group", ...widest },
  organizations: { name: "orgs", scope: "user", capacity: 300, refill: 100 },
  organization: { name: "org", scope: "organization", capacity: 500, refill: 250 },
} satisfies Record<string, EndpointSet>;

/** The buckets of one sandbox by endpoint set and owner. */
export type TokenBuckets = Map<string, Bucket>;

type Bucket = { tokens: number; refilledAt: number };

/** What one request found: how many tokens are left, or how long until the next come. */
export type Allowance = {
  allowed: boolean;
  limit: number;
  remaining: number;
  retryAfterSeconds: number;
};

/** Seconds between two refills of a bucket. */
export const refillSeconds = 60;

/**
 * Takes one token. The refill comes all at once at the end of each 60 seconds, not drop by drop:
 * a bucket of 10 refilled by 5 was seen to answer "retry after 55 seconds".
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

/** What a request finds where nobody counts. */
export const fullBucket = ({ capacity }: EndpointSet): Allowance => ({
  allowed: true,
  limit: capacity,
  remaining: capacity,
  retryAfterSeconds: 0,
});
