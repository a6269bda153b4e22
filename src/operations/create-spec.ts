/** What the algorithm in `create.ts` needs to know about one create. */
import type { Sent } from "../atlas/client.ts";
import type { Deadline } from "../common/deadline.ts";
import type { Difference, Suggestion } from "../common/failure.ts";
import type { OnFile } from "../credential-files/files.ts";
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
  /** What this call created too, and took back because another has the name. */
  undone?: { id: string };
};

/** How to deal with resources of one name, for a kind whose names Atlas does not keep unique under concurrent creates. */
export type Duplicates<T> = {
  idOf(resource: T): string;
  /** The resource as it is now; undefined if it is gone. */
  read(resource: T): Promise<T | undefined>;
  /** Whether another server may still take it back, because it was created a moment ago. */
  isFresh(resource: T): boolean;
  /** Tells other servers what this call has created, before it looks for others. Never rejects. */
  announce(made: T): Promise<void>;
  /** Learns from other servers what they keep. Undefined if this one is on its own. Never rejects. */
  learn?(): Promise<unknown>;
  /** Called with what this call has created and keeps: no server takes it back any more. */
  decided(made: T): void;
  /** Deletes what this call has just created. Throws if it is in use, or the outcome is not certain. */
  takeBack(made: T): Promise<void>;
};

export type CreateSpec<T> = {
  /** The resource in a message, such as `project "shop"`. */
  noun: string;
  /** Identifies the resource: kind, parent and name. Changes with the same key take turns. */
  key: string;
  /** The request in canonical form: equal requests may share one POST. */
  fingerprint: string;
  find(deadline: Deadline): Promise<Lookup<T>>;
  /** Whether the latest look-up missed what another server has made a moment ago. */
  isHidden?(): boolean;
  post(deadline: Deadline): Promise<Sent<T>>;
  /** Runs after the create and before any caller gets the result, which equal concurrent calls share. */
  complete?(created: Promise<CreateResult<T>>): Promise<CreateResult<T>>;
  /** The arguments that differ from the existing resource. */
  differences(existing: T): Difference[];
  /** The arguments that can be changed afterwards, and the call that does it. Undefined if none can. */
  update?: { fields(existing: T): readonly string[]; call(existing: T): Suggestion };
  /** Undefined if Atlas keeps the name unique, so that a second POST cannot create a second resource. */
  duplicates?: Duplicates<T>;
  /** Whether the request has tags: Atlas may answer 400 and create the resource all the same (terraform#4124). */
  hasTags: boolean;
  /** What to do if the existing resource does not fit; the end of a sentence. */
  alternative: string;
  /** When the existing resource was created (ISO 8601), to say how long ago. */
  createdAt(existing: T): string | undefined;
  /** Atlas's time of day (milliseconds since 1970), by which it dates what it creates. */
  now(): number;
  /** Whether the existing resource is being deleted, so that it cannot be used. */
  isDeleting(existing: T): boolean;
  /** The call that shows whether the resource exists. */
  lookUp: Suggestion;
  /** The calls that continue with the existing resource. */
  nextSteps(existing: T): Suggestion[];
};
