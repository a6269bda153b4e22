/** What the algorithm in `delete.ts` needs to know about one delete. */
import type { Sent } from "../atlas/client.ts";
import type { Deadline } from "../common/deadline.ts";
import type { Failure, Suggestion } from "../common/failure.ts";
import type { Lookup } from "./lookup.ts";

/** What a look-up shows of a resource that is to be deleted: that nothing has its id, the resource, or no answer. */
export type Look<T> = "gone" | { found: T } | { failed: Failure };

export type DeleteSpec<T> = {
  /** The resource in a message, such as `project "shop"`. */
  noun: string;
  /** Identifies the resource: kind, parent and name. */
  key: string;
  /** The id of the planned resource: another one that has the name now is not deleted. */
  id: string;
  find(deadline: Deadline): Promise<Lookup<T>>;
  send(deadline: Deadline): Promise<Sent<undefined>>;
  /** Whether Atlas gives no ids, so that what has the name after an accepted delete may be new: it is not asked for again. */
  isWithoutId?: true;
  idOf(resource: T): string | undefined;
  stateOf(resource: T): string | undefined;
  /** Why the resource, as it was found just before the delete is sent, may not be deleted any more. */
  objection?(found: T): Failure | undefined;
  /** The longest wait until the resource is gone, in milliseconds; by default the time of the call. */
  waitMs?: number;
  /** Milliseconds before each look-up after a lost response, until the delete is sent once more; by default those of a create. */
  lookUpDelays?: readonly number[];
  /** Atlas codes that mean that the resource does not exist. */
  absent: readonly string[];
  /** Atlas codes that mean the same if the caller was allowed to see the resource before. */
  vanished: readonly string[];
  /** The failure to report for a refusal; undefined if Atlas lags behind and will accept the delete later. */
  explain(refused: Failure, deadline: Deadline): Promise<Failure | undefined>;
  /** The call that shows whether the resource exists. */
  lookUp: Suggestion;
};

/** How far a delete has come; `reconciled` if a look-up showed it, not the response. */
export type DeleteProgress = { state: "accepted" | "gone" | "absent"; reconciled?: true };

/** What is true after a delete. A resource that still exists after Atlas accepted the delete is not `deleted`. */
export type DeleteResult<T> =
  | { outcome: "absent" }
  | { outcome: "deleted"; gone: true; reconciled?: true }
  | { outcome: "accepted"; gone: false; stateName?: string; last?: T; reconciled?: true };

/** What a planned delete is about: nothing that exists, or a resource and its id. */
export type DeleteTarget<T> = { absent: true } | { id: string; resource: T };
