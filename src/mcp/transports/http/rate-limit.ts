/** A token bucket for each caller: a burst, then a steady rate. */
import type { Store } from "../../../store/store.ts";

export type RateLimit = {
  /** Takes `count` tokens. If there are not enough, takes none and returns the seconds to wait. */
  take(caller: string, count: number): number | undefined;
};

/** The same, counted by all servers that share a store. */
export type SharedRateLimit = {
  take(caller: string, count: number): Promise<number | undefined>;
};

type Bucket = { level: number; at: number };

const sizeOf = (perMinute: number): number => Math.max(1, Math.ceil(perMinute / 6));
const perMsOf = (perMinute: number): number => perMinute / 60_000;

/** A caller may send `perMinute` requests a minute, a sixth of them at once. `now` is in milliseconds. */
export const createRateLimit = (
  perMinute: number,
  now: () => number = () => performance.now(),
): RateLimit => {
  const size = sizeOf(perMinute);
  const perMs = perMsOf(perMinute);
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

/** The rate of all servers together; while the store does not answer, each counts on its own. */
export const createSharedRateLimit = (
  perMinute: number,
  { takeTokens }: Pick<Store, "takeTokens">,
): SharedRateLimit => {
  const own = createRateLimit(perMinute);
  return {
    take: async (caller, count) => {
      const taking = takeTokens(caller, sizeOf(perMinute), perMsOf(perMinute), count);
      const seconds = await taking.catch(() => undefined);
      if (seconds === undefined) return own.take(caller, count);
      return seconds === 0 ? undefined : seconds;
    },
  };
};
