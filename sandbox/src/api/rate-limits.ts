import type { EndpointSet } from "./endpoint-sets.ts";

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
export const REFILL_SECONDS = 60;

/**
 * Takes one token. The refill comes all at once at the end of each 60 seconds, not drop by drop:
 * a bucket of 10 refilled by 5 was seen to answer "retry after 55 seconds".
 */
export const spendToken = (
  buckets: TokenBuckets,
  set: EndpointSet,
  owner: string,
  now: number,
): Allowance => {
  const key = `${set.name} ${owner}`;
  const bucket = buckets.get(key) ?? { tokens: set.capacity, refilledAt: now };
  buckets.set(key, bucket);

  const periods = Math.floor((now - bucket.refilledAt) / (REFILL_SECONDS * 1000));
  if (periods > 0) {
    bucket.tokens = Math.min(set.capacity, bucket.tokens + periods * set.refill);
    bucket.refilledAt += periods * REFILL_SECONDS * 1000;
  }

  const allowed = bucket.tokens > 0;
  if (allowed) bucket.tokens -= 1;
  const untilRefill = bucket.refilledAt + REFILL_SECONDS * 1000 - now;
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
