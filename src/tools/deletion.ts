/** What a delete answers with, for each of its ends. */
import { AtlasToolError, failure, type Hint } from "../common/failure.ts";
import type { DeleteResult } from "../operations/delete-spec.ts";
import type { Body } from "./define.ts";

/** The body of a delete that is over. Throws where Atlas has accepted it and what it deletes is still there. */
export const removalBody = <T>(removed: DeleteResult<T>, noun: string, lookUp: Hint): Body => {
  if (removed.outcome === "absent") return { outcome: "absent" };
  if (removed.outcome === "deleted")
    return { outcome: "deleted", ...(removed.reconciled ? { reconciled: true } : {}) };
  const state = removed.stateName === undefined ? "" : ` It is ${removed.stateName}.`;
  throw new AtlasToolError(
    failure(
      "outcome_unknown",
      `Atlas has accepted the deletion of ${noun} and was not done in the time of this call.${state} Repeat the call later: it answers absent once it is gone.`,
      {
        outcome: "unknown",
        retry: "after_delay",
        retryAfterSeconds: 30,
        ...(removed.last === undefined ? {} : { existing: removed.last }),
        hints: [lookUp, { advice: "repeat", why: "Waits again, and tells when it is gone." }],
      },
    ),
  );
};
