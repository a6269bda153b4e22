/** One thing to create, as the algorithm of `create.ts` sees it. */
import type { Sent } from "../atlas/client.ts";
import type { Deadline } from "../common/deadline.ts";
import type { Difference, Suggestion } from "../common/failure.ts";
import type { OnFile } from "../database-passwords/files.ts";
import type { Lookup } from "./lookup.ts";

/** What came of it; `file` is where something of it was kept that no result holds. */
export type CreateResult<T> = {
  outcome: "created" | "existing";
  resource: T;
  reconciled?: true;
  file?: OnFile & { reused: boolean };
};

export type CreateSpec<T> = {
  /** How a sentence names it, such as `project "shop"`. */
  noun: string;
  /** What must stay one: kind, parent and name. */
  key: string;
  /** The request in canonical form: equal requests may share one POST. */
  request: string;
  find(deadline: Deadline): Promise<Lookup<T>>;
  post(deadline: Deadline): Promise<Sent<T>>;
  /** What is to be done before anybody hears how it ended: equal calls at the same time hear it as one. */
  complete?(created: Promise<CreateResult<T>>): Promise<CreateResult<T>>;
  /** The arguments that were given and differ from what exists. */
  differences(existing: T): Difference[];
  /** Whether Atlas itself keeps the name unique, so that a second POST cannot make a second one. */
  uniqueInAtlas: boolean;
  /** Whether the request carries tags: a 400 to it may come after the resource was made (terraform#4124). */
  hasTags: boolean;
  /** What to do where the existing one will not do, as the end of a sentence. */
  alternative: string;
  /** When the existing one was made (ISO 8601), for "made n seconds ago". */
  createdAt(existing: T): string | undefined;
  /** Whether the existing one is being deleted, so that nothing should be built on it. */
  isDeleting(existing: T): boolean;
  /** How to find out by hand. */
  lookUp: Suggestion;
  /** How to go on with the one that exists. */
  nextSteps(existing: T): Suggestion[];
};
