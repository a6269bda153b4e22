/** A token bucket for each caller: a burst, then a steady rate. */

export type RateLimit = {
  /** Takes `count` tokens. If there are not enough, takes none and returns the seconds to wait. */
  take(caller: string, count: number): number | undefined;
};

type Bucket = { level: number; at: number };

/** A caller may send `perMinute` requests a minute, a sixth of them at once. `now` is in milliseconds. */
export const createRateLimit = (
  perMinute: number,
  now: () => number = () => performance.now(),
): RateLimit => {
  const size = Math.max(1, Math.ceil(perMinute / 6));
  const perMs = perMinute / 60_000;
  const buckets = new Map<string, Bucket>();

  const levelOf = (bucket: Bucket | undefined): number =>
    bucket === undefined ? size : Math.min(size, bucket.level + (now() - bucket.at) * perMs);

  /** A missing bucket counts as full, so full ones can go. The map then holds only recent callers. */
  const deleteFull = () => {
    for (const [caller, bucket] of buckets) if (levelOf(bucket) >= size) buckets.delete(caller);
  };

  return {
    take: (caller, count) => {
      if (buckets.size > 1000) deleteFull();
      const level = levelOf(buckets.get(caller));
      // A full bucket lets a batch pass that is larger than the bucket.
      if (level < Math.min(count, size))
        return Math.ceil((Math.min(count, size) - level) / perMs / 1000);
      buckets.set(caller, { level: level - count, at: now() });
      return undefined;
    },
  };
};
