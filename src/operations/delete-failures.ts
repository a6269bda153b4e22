/** The failures of deletes: the message and the data of each. */
import { type Failure, failure, type Suggestion } from "../common/failure.ts";
import type { DeleteSpec } from "./delete-spec.ts";
import { lost } from "./failures.ts";

/** The response to a delete was lost, and no look-up showed that the resource is gone or DELETING. */
export const unknownDelete = <T>(spec: DeleteSpec<T>, cause: Failure, exists: boolean): Failure =>
  lost(
    "delete",
    spec,
    exists
      ? ". It still existed afterwards, and may be deleted later."
      : ". This call could not look it up afterwards.",
    cause,
  );

/** Atlas has accepted a delete, and the resource still exists. */
export const stillDeleting = (
  { noun, lookUp }: { noun: string; lookUp: Suggestion },
  stateName: string | undefined,
  last: unknown,
): Failure =>
  failure(
    "outcome_unknown",
    `Atlas has accepted the deletion of ${noun} but did not finish it within the time of this call.${stateName === undefined ? "" : ` Its state is ${stateName}.`} Repeat the call later: the outcome is "absent" once it is gone.`,
    {
      outcome: "unknown",
      retry: "after_delay",
      retryAfterSeconds: 30,
      ...(last === undefined ? {} : { existing: last }),
      suggestions: [lookUp, { suggest: "repeat", why: "Waits again until it is gone." }],
    },
  );

/** Another resource has the name by now. */
export const otherHasName = <T>({ noun, lookUp }: DeleteSpec<T>): Failure =>
  failure(
    "conflict",
    `The ${noun} that exists now is not the one to delete: it has another id. Nothing was sent.`,
    { outcome: "not_deleted", suggestions: [lookUp] },
  );

/** The time of the call was over before several looks could show that the resource is gone. */
export const outOfTime = <T>({ noun, lookUp }: DeleteSpec<T>): Failure =>
  failure(
    "unavailable",
    `The time of this call was over before several look-ups could show whether ${noun} is gone. Nothing was sent.`,
    { retry: "same_arguments", suggestions: [lookUp] },
  );
