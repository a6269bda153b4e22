/** What the algorithm in `create.ts` needs to know about one create. */
import type { Sent } from "../atlas/client.ts";
import type { Deadline } from "../common/deadline.ts";
import type { Difference, Suggestion } from "../common/failure.ts";
import type { OnFile } from "../database-passwords/files.ts";
import type { Lookup } from "./lookup.ts";

/**
 * The file with the password of a created user, and why it could not be completed. `reused`: the file had the password
 * already; `renewed`: it had another one.
 */
export type CreatedFile = { reused: boolean; renewed: boolean } & (
  | OnFile
  | { path: string; problem: string }
);

/** The result of a create. */
export type CreateResult<T> = {
  outcome: "created" | "existing";
  resource: T;
  reconciled?: true;
  file?: CreatedFile;
};

export type CreateSpec<T> = {
  /** The resource in a message, such as `project "shop"`. */
  noun: string;
  /** Identifies the resource: kind, parent and name. Changes with the same key take turns. */
  key: string;
  /** The request in canonical form: equal requests may share one POST. */
  fingerprint: string;
  find(deadline: Deadline): Promise<Lookup<T>>;
  post(deadline: Deadline): Promise<Sent<T>>;
  /** Runs after the create and before any caller gets the result, which equal concurrent calls share. */
  complete?(created: Promise<CreateResult<T>>): Promise<CreateResult<T>>;
  /** The arguments that differ from the existing resource. */
  differences(existing: T): Difference[];
  /** Whether Atlas keeps the name unique, so that a second POST cannot create a second resource. */
  uniqueInAtlas: boolean;
  /** Whether the request has tags: Atlas may answer 400 and create the resource all the same (terraform#4124). */
  hasTags: boolean;
  /** What to do if the existing resource does not fit; the end of a sentence. */
  alternative: string;
  /** When the existing resource was created (ISO 8601), to say how long ago. */
  createdAt(existing: T): string | undefined;
  /** Whether the existing resource is being deleted, so that it cannot be used. */
  isDeleting(existing: T): boolean;
  /** The call that shows whether the resource exists. */
  lookUp: Suggestion;
  /** The calls that continue with the existing resource. */
  nextSteps(existing: T): Suggestion[];
};
