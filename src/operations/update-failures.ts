/** The failures of updates: the message and the data of each. */
import type { Sent } from "../atlas/client.ts";
import { type Failure, failure, type Suggestion } from "../common/failure.ts";
import { capital, words } from "./failures.ts";
import type { UpdateSpec } from "./update-spec.ts";

/** Another resource has the name by now. */
export const otherResource = <T>({ noun, lookUp }: UpdateSpec<T>): Failure =>
  failure(
    "conflict",
    `The ${noun} that exists now is not the one to change: it has another id. Nothing was sent.`,
    { outcome: "not_updated", suggestions: [lookUp] },
  );

/** Something about the resource has changed that whoever agreed to the update did not see. */
export const changedSincePlan = (noun: string, lookUp: Suggestion, says: string): Failure =>
  failure(
    "conflict",
    `${capital(noun)} has changed since this update was planned. ${says} Repeat the call.`,
    { outcome: "not_updated", retry: "same_arguments", suggestions: [lookUp] },
  );

/** Atlas changes nothing that it is deleting. */
export const beingDeleted = <T>({ noun, lookUp }: UpdateSpec<T>, existing: T): Failure =>
  failure("conflict", `${capital(noun)} is being deleted, so it cannot be changed.`, {
    outcome: "not_updated",
    retry: "never",
    existing,
    suggestions: [lookUp],
  });

/** Atlas has accepted the update twice, and each time it was gone a second later. */
export const changedBack = <T>(spec: UpdateSpec<T>, existing: T, again: Sent<T>): Failure => {
  const differences = spec.differences(existing);
  const fields = differences.map(({ field }) => field).join(", ");
  const message =
    again.fate === "accepted"
      ? `Atlas accepted the update of ${spec.noun} twice, but each time ${fields} had other values a second later: something else changes it at the same time, or Atlas shows changes late.`
      : `Atlas accepted the update of ${spec.noun}, but a second later ${fields} had other values, and it could not be sent again: ${again.failure.message}`;
  return failure("conflict", message, {
    outcome: "unknown",
    retry: "after_delay",
    retryAfterSeconds: 5,
    existing,
    differences,
    ...(again.fate !== "accepted" && again.failure.atlas !== undefined
      ? { atlas: again.failure.atlas }
      : {}),
    suggestions: [spec.lookUp, words.update.repeat],
  });
};
