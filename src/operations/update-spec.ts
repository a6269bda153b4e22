/** What the algorithm in `update.ts` needs to know about one update. */
import type { Sent } from "../atlas/client.ts";
import type { AtlasRequest } from "../atlas/request.ts";
import type { Deadline } from "../common/deadline.ts";
import type { Difference, Failure, Suggestion } from "../common/failure.ts";
import type { OnFile } from "../credential-files/files.ts";

export type UpdateSpec<T> = {
  /** The resource in a message, such as `project "shop"`. */
  noun: string;
  /** Identifies the resource: kind, parent and name. Updates with the same key take turns. */
  key: string;
  /** The arguments in canonical form: equal updates may share their requests. */
  fingerprint: string;
  /** The id of the planned resource: another one that has the name now is not changed. Undefined in a plan, and where Atlas gives none. */
  id?: string | undefined;
  idOf(resource: T): string | undefined;
  stateOf(resource: T): string | undefined;
  /** Reads the resource. Throws if it does not exist. */
  read(deadline: Deadline): Promise<T>;
  /** Where the resource is not as asked. Empty if nothing is left to do. */
  differences(resource: T): Difference[];
  /** The request that makes the resource as asked, and leaves the rest of it as it is. Throws if it cannot be sent. */
  request(resource: T): AtlasRequest<T>;
  /** Sends that request. */
  send(resource: T, deadline: Deadline): Promise<Sent<T>>;
  /** Sends more than what can be looked up afterwards, such as a password, so that it is always sent once. */
  isAlwaysSent?: boolean;
  /** Runs after the update and before any caller gets the result, which equal concurrent calls share. */
  complete?(updating: Promise<UpdateResult<T>>): Promise<UpdateResult<T>>;
  /** Why this resource may not be changed as planned; undefined if it may. */
  refusal?(resource: T): Failure | undefined;
  /** The call that shows what is there. */
  lookUp: Suggestion;
};

/** What is true after an update; `differences` is what it has changed. */
export type UpdateResult<T> = {
  outcome: "updated" | "unchanged";
  resource: T;
  differences: Difference[];
  reconciled?: true;
  /** The file with the new password of a user, or why it could not be completed. */
  file?: OnFile | { path: string; problem: string };
};
