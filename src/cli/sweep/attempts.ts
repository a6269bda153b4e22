/** What a sweep has tried, and what the looks since have shown of it. */
import type { Judged } from "../../operations/sweep-verdicts.ts";
import type { Ended } from "./deletes.ts";
import type { Seen } from "./look.ts";

/**
 * The deletes of one resource. `misses`: in how many looks since it was not there. `isThere`: whether the last look has shown
 * it. `isNew`: nobody has looked since.
 */
export type Attempt = {
  judged: Judged;
  ended: Ended;
  count: number;
  misses: number;
  isThere: boolean;
  isNew: boolean;
};

export type Attempts = ReadonlyMap<string, Attempt>;

/** Whether the delete itself has found out that it is gone, by more than one look. */
const isSure = (ended: Ended): boolean =>
  "outcome" in ended && ended.outcome !== "deleting" && ended.outcome !== "not_found";

/** Whether looks have shown that it is gone. A look at a project that cannot be read shows nothing. */
export const isGone = ({ ended, misses, isThere }: Attempt): boolean =>
  !isThere && (isSure(ended) || misses > 1);

const mostDeletes = 3;

/** Whether another delete of the same may do more: the last one was ignored, or failed in a way that may pass. */
export const mayRepeat = ({ ended, count }: Attempt): boolean =>
  count < mostDeletes && ("outcome" in ended || ended.mayPass);

/** Notes what a look has shown of the attempts. */
export const note = (attempts: Map<string, Attempt>, { present, unread }: Seen): void => {
  for (const [id, attempt] of attempts) {
    const isThere = present.has(id);
    const isMissing = !isThere && !unread.has(attempt.judged.groupId);
    const misses = isMissing ? attempt.misses + 1 : 0;
    attempts.set(id, { ...attempt, misses, isThere, isNew: false });
  }
};
