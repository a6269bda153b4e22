/** One thing to delete, as the algorithm of `delete.ts` sees it. */
import type { Sent } from "../atlas/client.ts";
import type { Deadline } from "../common/deadline.ts";
import type { Failure, Suggestion } from "../common/failure.ts";
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
  lookUp: Suggestion;
};

/** How far a delete has come; `reconciled` where a look-up told it and not the answer. */
export type DeleteProgress = { state: "accepted" | "gone" | "absent"; reconciled?: true };

/** What is true after a delete. One that Atlas has accepted and that is still there is not called deleted. */
export type DeleteResult<T> =
  | { outcome: "absent" }
  | { outcome: "deleted"; gone: true; reconciled?: true }
  | { outcome: "accepted"; gone: false; stateName?: string; last?: T; reconciled?: true };

/** What is known when a delete is planned: that there is nothing to do, or what it is bound to. */
export type DeleteTarget<T> = { absent: true } | { id: string; resource: T };
