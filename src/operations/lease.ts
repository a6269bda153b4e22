/** The leases that creates and updates ask for: what they send as tags, and how they compare (docs/architecture.md#leases). */
import type { Tag } from "../atlas/resources/fields.ts";
import {
  type Leased,
  leaseIn,
  leaseKey,
  leaseTag,
  withoutLease,
} from "../atlas/resources/lease.ts";
import { invalidInput, raise } from "../common/failure.ts";
import type { CompareField } from "./compare.ts";

/** The argument that asks for no lease. */
export const never = "never";

/** When `sweep` may delete it: RFC 3339 in UTC, in whole seconds, or `never`; undefined if nothing is said of it. */
export type SweepAfter = string | undefined;

/** What a resource shows of its lease. */
export type WithLease = { tags?: Tag[] | undefined; sweepAfter?: string | undefined };

// Atlas's most (docs/atlas.md#tags).
const mostTags = 50;

const checked = (tags: Tag[]): Tag[] => {
  if (tags.length <= mostTags) return tags;
  const problem = "must be at most 49: sweepAfter needs one more, and Atlas takes 50";
  return raise(invalidInput([{ path: "tags", problem }]));
};

const leaseOf = (leased: Leased, sweepAfter: SweepAfter): Tag[] =>
  sweepAfter === undefined || sweepAfter === never ? [] : [leaseTag(leased, sweepAfter)];

/** The tags of something new; undefined if it has none. Throws if they are too many. */
export const newTags = (
  leased: Leased,
  tags: Tag[] | undefined,
  sweepAfter: SweepAfter,
): Tag[] | undefined => {
  const lease = leaseOf(leased, sweepAfter);
  return lease.length === 0 ? tags : checked([...(tags ?? []), ...lease]);
};

/**
 * The tags that an update sends: the whole list, since Atlas replaces it. What the update does not speak of stays: the tags
 * of others, and the lease, which is written anew for `leased`. Throws if they are too many.
 */
export const changedTags = (
  leased: Leased,
  existing: WithLease,
  { tags, sweepAfter }: { tags?: Tag[] | undefined; sweepAfter?: SweepAfter },
): Tag[] => {
  const kept = existing.tags ?? [];
  // A tag with our key that is no lease of this resource stays, unless a new name would make it one.
  const foreign =
    sweepAfter === undefined && leaseIn(kept, leased) === undefined
      ? kept.filter(({ key }) => key === leaseKey)
      : [];
  const lease = leaseOf(leased, sweepAfter ?? existing.sweepAfter);
  return checked([...(tags ?? withoutLease(kept)), ...(lease.length === 0 ? foreign : lease)]);
};

/** The tags of a resource that a caller can set, without any with our key. */
export const ownTags = ({ tags = [] }: WithLease): Tag[] => withoutLease(tags);

/** Compares the lease of a create: one that ends later than asked is no difference, because a script may compute a date at each start. */
export const livesAsLong: CompareField<SweepAfter, WithLease> = (field, yours, existing) => {
  const { sweepAfter: theirs } = existing;
  const isShort = theirs !== undefined && (yours === never || (yours ?? "") > theirs);
  const isMissing = theirs === undefined && yours !== never;
  if (yours === undefined || !(isShort || isMissing)) return [];
  return [{ field, yours, existing: theirs ?? never }];
};

/** The value of a tag with our key that is no lease of its resource. */
const foreignIn = ({ tags = [] }: WithLease): string | undefined =>
  tags.find(({ key }) => key === leaseKey)?.value;

/** Compares the lease of an update, which has to be as asked. */
export const sameLease: CompareField<SweepAfter, WithLease> = (field, yours, existing) => {
  const theirs = existing.sweepAfter ?? foreignIn(existing) ?? never;
  return yours === undefined || yours === theirs ? [] : [{ field, yours, existing: theirs }];
};
