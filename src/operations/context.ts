/** What every operation needs: the client, the time, the bounds and the changes in progress. */
import type { AtlasClient } from "../atlas/client.ts";
import type { AtlasRequest } from "../atlas/request.ts";
import type { AccessListEntry } from "../atlas/resources/access-list-entry.ts";
import type { DatabaseUser } from "../atlas/resources/database-user.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Clock, Deadline } from "../common/deadline.ts";
import type { Turns } from "../store/turns.ts";
import type { CreateResult } from "./create-spec.ts";
import type { DeleteProgress } from "./delete-spec.ts";
import type { Effect } from "./failures.ts";
import type { MadeProjects } from "./made-projects.ts";
import { createSingleFlight } from "./single-flight.ts";
import type { UpdateResult } from "./update-spec.ts";

/** The organization and the project that the operator has fixed, if any. */
export type Scope = { orgId?: string; groupId?: string };

/** The ids of the organizations and projects that a caller may use; a missing list means no bound. */
export type Bounds = { organizations?: readonly string[]; projects?: readonly string[] };

/** Turns of one effect: a create that takes something back deletes in a turn beside its own. */
const turnsOf = ({ era, take }: Turns, effect: Effect): Turns => ({
  era,
  take: (key, signal) => take(`${effect} ${key}`, signal),
});

/** The changes in progress; a new kind of change needs a line here. `turns` are those of all servers, if they share a store. */
export const createSingleFlights = (clock: Clock, turns?: Turns) => {
  const flights = <T>(effect: Effect) =>
    createSingleFlight<T>(clock, turns && turnsOf(turns, effect));
  return {
    projects: flights<CreateResult<Project>>("create"),
    flexClusters: flights<CreateResult<FlexCluster>>("create"),
    databaseUsers: flights<CreateResult<DatabaseUser>>("create"),
    accessListEntries: flights<CreateResult<AccessListEntry>>("create"),
    projectUpdates: flights<UpdateResult<Project>>("update"),
    flexClusterUpdates: flights<UpdateResult<FlexCluster>>("update"),
    databaseUserUpdates: flights<UpdateResult<DatabaseUser>>("update"),
    deletes: flights<DeleteProgress>("delete"),
    // Of what a call has made itself a moment ago: nobody else deletes it, so it needs no turn of all servers.
    takeBacks: createSingleFlight<DeleteProgress>(clock),
  };
};

/** The clock and the deadline of one call. */
export type Timing = { clock: Clock; deadline: Deadline };

export type OperationContext = Timing & {
  atlas: AtlasClient;
  scope: Scope;
  bounds: Bounds;
  singleFlights: ReturnType<typeof createSingleFlights>;
  madeProjects: MadeProjects;
  /** What a caller should know of this backend: that it began empty with this process. */
  notice?: string | undefined;
  /** The addresses that earlier calls are about to add to the access list of the same project. */
  pendingAddresses: Promise<readonly string[]>;
  /** Reports a wait to the caller: the seconds so far, and a sentence. Never rejects. */
  progress(seconds: number, message: string): Promise<void>;
  /** Does what an operation decides by itself, between two audit lines; the work returns its outcome. */
  recorded(change: OwnChange, work: () => Promise<string>): Promise<string>;
};

/** A delete that an operation decides by itself: it takes back what it has created. */
export type OwnChange = {
  kind: "project";
  name: string;
  id: string;
  request: AtlasRequest;
};
