/** What every operation works with: the client, time, bounds, and the changes that are under way. */
import type { AtlasClient } from "../atlas/client.ts";
import type { AccessListEntry } from "../atlas/resources/access-list-entry.ts";
import type { DatabaseUser } from "../atlas/resources/database-user.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Clock, Deadline } from "../common/deadline.ts";
import type { CreateResult } from "./create-spec.ts";
import type { DeleteProgress } from "./delete-spec.ts";
import { createSingleFlight } from "./single-flight.ts";

/** The organization and the project that the operator has fixed, if any. */
export type Scope = { orgId?: string; groupId?: string };

/** What a caller's rules leave: ids of organizations and projects. What is left out is not bounded. */
export type Bounds = { organizations?: readonly string[]; projects?: readonly string[] };

/** Changes under way in this process; a new kind of change is one more line here. */
export const createSingleFlights = (clock: Clock) => ({
  projects: createSingleFlight<CreateResult<Project>>(clock),
  flexClusters: createSingleFlight<CreateResult<FlexCluster>>(clock),
  databaseUsers: createSingleFlight<CreateResult<DatabaseUser>>(clock),
  accessListEntries: createSingleFlight<CreateResult<AccessListEntry>>(clock),
  deletes: createSingleFlight<DeleteProgress>(clock),
});

/** Time for one call. */
export type Timing = { clock: Clock; deadline: Deadline };

export type OperationContext = Timing & {
  atlas: AtlasClient;
  scope: Scope;
  bounds: Bounds;
  singleFlights: ReturnType<typeof createSingleFlights>;
  /** Tells the caller how a wait goes; never fails. `done` and `total` are seconds. */
  progress(done: number, total: number, message: string): Promise<void>;
};
