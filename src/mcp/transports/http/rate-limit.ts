/** A token bucket for each principal: a burst at once, then a steady rate. */

export type RateLimit = {
  /** Takes so many; the seconds to wait where there are not enough, else undefined. */
  take(principal: string, count: number): number | undefined;
};

type Bucket = { level: number; at: number };

/** So many requests a minute for each, a sixth of them at once. `now` is in milliseconds. */
export const createRateLimit = (
  perMinute: number,
  now: () => number = () => performance.now(),
): RateLimit => {
  const size = Math.max(1, Math.ceil(perMinute / 6));
  const perMs = perMinute / 60_000;
  const buckets = new Map<string, Bucket>();

  const filled = (bucket: Bucket | undefined): number =>
    bucket === undefined ? size : Math.min(size, bucket.level + (now() - bucket.at) * perMs);

  /** Full buckets are as good as none, so that the map holds only who calls at the moment. */
  const forget = () => {
    for (const [principal, bucket] of buckets)
      if (filled(bucket) >= size) buckets.delete(principal);
  };

  return {
    take: (principal, count) => {
      if (buckets.size > 1000) forget();
      const level = filled(buckets.get(principal));
      // A batch that is larger than the bucket passes when the bucket is full.
      if (level < Math.min(count, size))
        return Math.ceil((Math.min(count, size) - level) / perMs / 1000);
      buckets.set(principal, { level: level - count, at: now() });
      return undefined;
    },
  };
};
