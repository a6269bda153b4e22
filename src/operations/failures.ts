/** The failures that all changes share: the message and the data of each. */
import { rowFor } from "../atlas/classify.ts";
import { type Failure, failure, raise, type Suggestion } from "../common/failure.ts";
import { StoreError } from "../store/store-error.ts";

/** What a change does. */
export type Effect = "create" | "update" | "delete";

/** The outcome of a failed change that changed nothing. */
export const notDone = {
  create: "not_created",
  update: "not_updated",
  delete: "not_deleted",
} as const;

/** The words of a message about a change, and the repeat that is safe after it. */
export const words = {
  create: {
    noun: "creation",
    doing: "creating",
    repeat: {
      suggest: "repeat",
      with: { ifExists: "return" },
      why: "Safe to repeat: it looks first, and returns what exists.",
    },
  },
  update: {
    noun: "update",
    doing: "updating",
    repeat: {
      suggest: "repeat",
      why: "Safe to repeat: it looks first, and changes only what differs.",
    },
  },
  delete: {
    noun: "deletion",
    doing: "deleting",
    repeat: {
      suggest: "repeat",
      why: "Safe to repeat: it looks first, and deletes only this one.",
    },
  },
} as const satisfies Record<Effect, { noun: string; doing: string; repeat: Suggestion }>;

/** A sentence with a capital letter. */
export const capital = (sentence: string): string =>
  sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** Whether a 400 may have had an effect all the same (terraform#4124): only some codes rule that out. */
export const mayHaveActed = ({ atlas }: Failure): boolean =>
  atlas?.status === 400 && rowFor(atlas)?.plain !== true;

export const cancelled = (effect: Effect): Failure =>
  failure("unavailable", "The call was cancelled before anything was sent.", {
    outcome: notDone[effect],
    retry: "same_arguments",
  });

/** The time of this call is up while another call about the same resource is still running. */
export const waitedTooLong = (
  effect: Effect,
  { noun, lookUp }: { noun: string; lookUp: Suggestion },
  joined: boolean,
): Failure => {
  const { doing, repeat } = words[effect];
  return failure(
    joined ? "outcome_unknown" : "unavailable",
    joined
      ? `An identical call is ${doing} ${noun} at this moment and has no response from Atlas yet.`
      : `Another call that must finish first is still running. Nothing was sent to ${effect} ${noun}.`,
    {
      outcome: joined ? "unknown" : notDone[effect],
      retry: "same_arguments",
      suggestions: [lookUp, repeat],
    },
  );
};

/** The store that servers share did not do its part, so this change was not sent. The log says why; callers may be elsewhere. */
const noStore = (effect: Effect): Failure =>
  failure(
    "unavailable",
    "The store that this server shares with others does not answer as it should, so nothing was sent: without it, two servers could do the same thing. Reads work. The operator finds the reason in the log, and with doctor.",
    { outcome: notDone[effect], retry: "after_delay", retryAfterSeconds: 5 },
  );

/** Throws what a change of this effect fails with where the store has not answered, and any other error as it is. */
export const raiseNoStore =
  (effect: Effect) =>
  (error: unknown): never => {
    if (error instanceof StoreError) return raise(noStore(effect));
    throw error;
  };

/** The server stood still for so long that another one may have had its turn. */
export const turnLost = (effect: Effect): Failure =>
  failure(
    "unavailable",
    "This server lost its turn among the servers that share its store before anything was sent. A repeat looks again first.",
    { outcome: notDone[effect], retry: "same_arguments" },
  );

/** The response to a change was lost, and what it did is not known. */
export const lost = (
  effect: Effect,
  { noun, lookUp }: { noun: string; lookUp: Suggestion },
  afterwards: string,
  cause: Failure,
): Failure =>
  failure(
    "outcome_unknown",
    `The response to the ${words[effect].noun} of ${noun} was lost or unclear${afterwards} ${cause.message}`,
    {
      outcome: "unknown",
      retry: "same_arguments",
      ...(cause.fields === undefined ? {} : { fields: cause.fields }),
      ...(cause.atlas === undefined ? {} : { atlas: cause.atlas }),
      suggestions: [lookUp, words[effect].repeat],
    },
  );

/** Atlas changes a cluster only in some states: what it refuses with an unknown code may pass in another state. */
export const asRetryLater = (
  effect: Effect,
  refused: Failure,
  stateName: string | undefined,
): Failure => {
  const { status } = refused.atlas ?? {};
  const hasNoRow = (status === 400 || status === 409) && rowFor(refused.atlas) === undefined;
  if (!hasNoRow || stateName === undefined || stateName === "IDLE") return refused;
  return {
    ...refused,
    message: `${refused.message} The state is ${stateName}; Atlas may accept the ${effect} once that has changed.`,
    retry: "after_delay",
    retryAfterSeconds: refused.retryAfterSeconds ?? 30,
  };
};
