/** One thing to delete, as the algorithm of `remove.ts` sees it, and what is told of a delete that did not go as asked. */

import { rowOf } from "../atlas/classify.ts";
import type { Sent } from "../atlas/send.ts";
import type { Deadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure, failure, type Hint } from "../common/failure.ts";
import type { Lookup } from "./lookup.ts";

export type DeleteSpec<T> = {
  /** How a sentence names it, such as `project "shop"`. */
  noun: string;
  /** What it is: kind, parent and name. */
  key: string;
  /** The id that was seen when the delete was planned: whatever else has the name now is left alone. */
  id: string;
  find(deadline: Deadline): Promise<Lookup<T>>;
  send(deadline: Deadline): Promise<Sent<undefined>>;
  idOf(one: T): string | undefined;
  stateOf(one: T): string | undefined;
  /** Codes of Atlas that say that it is not there. */
  absent: readonly string[];
  /** Codes that say so to whoever was allowed to see it before. */
  vanished: readonly string[];
  /** What to tell of a refusal; undefined where Atlas is only behind and takes the delete when it has caught up. */
  explain(refused: Failure, deadline: Deadline): Promise<Failure | undefined>;
  /** How to find out by hand. */
  lookUp: Hint;
};

/** What came of asking Atlas for it; `reconciled` where a look-up told and not the answer. */
export type Asked = { became: "accepted" | "gone" | "absent"; reconciled?: true };

/** What is true after a delete. One that Atlas has accepted and that is still there is not called deleted. */
export type DeleteResult<T> =
  | { outcome: "absent" }
  | { outcome: "deleted"; gone: true; reconciled?: true }
  | { outcome: "accepted"; gone: false; stateName?: string; last?: T; reconciled?: true };

/** What is known when a delete was planned: that there is nothing to do, or what it is bound to. */
export type DeleteTarget<T> = { absent: true } | { id: string; resource: T };

/** What looking for it when the delete is planned has found. */
export const findDeleteTarget = async <T extends { id?: string | undefined }>(
  noun: string,
  looking: Promise<Lookup<T>>,
): Promise<DeleteTarget<T>> => {
  const found = await looking.catch((error: unknown) => {
    throw error instanceof AtlasToolError ? notDeleted(error.failure) : error;
  });
  if ("hidden" in found) throw notDeleted(found.hidden);
  const [resource] = found.seen;
  if (resource === undefined) return { absent: true };
  const { id } = resource;
  if (id !== undefined) return { id, resource };
  const message = `Atlas does not say the id of ${noun}, so a delete could not be bound to it. Nothing was sent.`;
  throw notDeleted(failure("unavailable", message, { retry: "same_arguments" }));
};

/** A failure that has left everything as it is. */
export const notDeleted = (told: Failure): AtlasToolError =>
  new AtlasToolError({ ...told, outcome: "not_deleted" });

export const cancelled = (): AtlasToolError =>
  notDeleted(
    failure("unavailable", "The call was cancelled before anything was sent.", {
      retry: "same_arguments",
    }),
  );

/** Another one has the name by now. */
export const otherOne = <T>({ noun, lookUp }: DeleteSpec<T>): AtlasToolError =>
  notDeleted(
    failure(
      "conflict",
      `The ${noun} that is there now is not the one that was to be deleted: it has another id. Nothing was sent.`,
      { hints: [lookUp] },
    ),
  );

const repeat: Hint = {
  advice: "repeat",
  why: "Safe to repeat: it looks first, and deletes this very one only.",
};

/** The answer was lost, and looking did not show that it is gone or going. */
export const unknownRemoval = <T>(
  { noun, lookUp }: DeleteSpec<T>,
  cause: Failure,
  isThere: boolean,
): AtlasToolError => {
  const seen = isThere
    ? "It was still there afterwards, and may be deleted yet."
    : "It could not be looked up afterwards in the time of this call.";
  return new AtlasToolError(
    failure(
      "outcome_unknown",
      `The answer to the deletion of ${noun} was lost or unclear. ${seen} ${cause.message}`,
      {
        outcome: "unknown",
        retry: "same_arguments",
        ...(cause.atlas === undefined ? {} : { atlas: cause.atlas }),
        hints: [lookUp, repeat],
      },
    ),
  );
};

/** This call's time is over while another call about the same thing is still under way. */
export const removalTookTooLong = <T>(
  { noun, lookUp }: DeleteSpec<T>,
  joined: boolean,
): AtlasToolError =>
  new AtlasToolError(
    failure(
      joined ? "outcome_unknown" : "unavailable",
      joined
        ? `An equal call is deleting ${noun} at this moment and has not heard from Atlas yet.`
        : `Another call that must end first is still under way. Nothing was sent to delete ${noun}.`,
      {
        outcome: joined ? "unknown" : "not_deleted",
        retry: "same_arguments",
        hints: [lookUp, repeat],
      },
    ),
  );

/** Atlas lets go of a cluster only in some states: a refusal that no row explains may pass when the state does. */
export const mayPass = (refused: Failure, stateName: string | undefined): Failure => {
  const { status, errorCode } = refused.atlas ?? {};
  const unexplained = (status === 400 || status === 409) && rowOf(errorCode) === undefined;
  if (!unexplained || stateName === undefined || stateName === "IDLE") return refused;
  return {
    ...refused,
    message: `${refused.message} It is ${stateName}; once that is over, Atlas may take it.`,
    retry: "after_delay",
    retryAfterSeconds: refused.retryAfterSeconds ?? 30,
  };
};
