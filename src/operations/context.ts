/** What an operation works with: everything from outside comes as an argument. */
import type { AtlasClient } from "../atlas/client.ts";
import type { AccessListEntry, DatabaseUser, FlexCluster, Project } from "../atlas/resources.ts";
import type { Clock, Deadline } from "../common/deadline.ts";
import type { CreateResult } from "./create-spec.ts";
import type { Asked } from "./delete-spec.ts";
import { createSingleFlight } from "./single-flight.ts";

/** The organization and the project that the operator has fixed, if any. */
export type Scope = { orgId?: string; groupId?: string };

/** What a caller's rules leave: ids of organizations and projects; what is left out is not bounded. */
export type Bounds = { organizations?: readonly string[]; projects?: readonly string[] };

/** Changes under way in this process; a new kind of change is one more line here. */
export const createSingleFlights = (clock: Clock) => ({
  projects: createSingleFlight<CreateResult<Project>>(clock),
  flexClusters: createSingleFlight<CreateResult<FlexCluster>>(clock),
  databaseUsers: createSingleFlight<CreateResult<DatabaseUser>>(clock),
  accessListEntries: createSingleFlight<CreateResult<AccessListEntry>>(clock),
  removals: createSingleFlight<Asked>(clock),
});

export type OperationContext = {
  atlas: AtlasClient;
  clock: Clock;
  deadline: Deadline;
  scope: Scope;
  bounds: Bounds;
  flights: ReturnType<typeof createSingleFlights>;
  /** Tells the caller how a wait goes; never fails. `done` and `total` are seconds. */
  progress(done: number, total: number, message: string): Promise<void>;
};
