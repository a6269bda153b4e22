/** What every operation needs: the client, the time, the bounds and the changes in progress. */
import type { AtlasClient } from "../atlas/client.ts";
import type { AtlasRequest } from "../atlas/request.ts";
import type { AccessListEntry } from "../atlas/resources/access-list-entry.ts";
import type { DatabaseUser } from "../atlas/resources/database-user.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Clock, Deadline } from "../common/deadline.ts";
import type { CreateResult } from "./create-spec.ts";
import type { DeleteProgress } from "./delete-spec.ts";
import { createSingleFlight } from "./single-flight.ts";
import type { UpdateResult } from "./update-spec.ts";

/** The organization and the project that the operator has fixed, if any. */
export type Scope = { orgId?: string; groupId?: string };

/** The ids of the organizations and projects that a caller may use; a missing list means no bound. */
export type Bounds = { organizations?: readonly string[]; projects?: readonly string[] };

/** The changes in progress in this process; a new kind of change needs a line here. */
export const createSingleFlights = (clock: Clock) => ({
  projects: createSingleFlight<CreateResult<Project>>(clock),
  flexClusters: createSingleFlight<CreateResult<FlexCluster>>(clock),
  databaseUsers: createSingleFlight<CreateResult<DatabaseUser>>(clock),
  accessListEntries: createSingleFlight<CreateResult<AccessListEntry>>(clock),
  projectUpdates: createSingleFlight<UpdateResult<Project>>(clock),
  flexClusterUpdates: createSingleFlight<UpdateResult<FlexCluster>>(clock),
  databaseUserUpdates: createSingleFlight<UpdateResult<DatabaseUser>>(clock),
  deletes: createSingleFlight<DeleteProgress>(clock),
});

/** The ids of the latest projects that this process has created and keeps: nobody takes them back. */
export type KeptProjects = { add(id: string): void; has(id: string): boolean };

const mostKept = 1000;

export const createKeptProjects = (): KeptProjects => {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add: (id) => {
      ids.add(id);
      const [oldest = ""] = ids;
      if (ids.size > mostKept) ids.delete(oldest);
    },
  };
};

/** The clock and the deadline of one call. */
export type Timing = { clock: Clock; deadline: Deadline };

export type OperationContext = Timing & {
  atlas: AtlasClient;
  scope: Scope;
  bounds: Bounds;
  singleFlights: ReturnType<typeof createSingleFlights>;
  keptProjects: KeptProjects;
  /** What a caller should know of this backend: that it began empty with this process. */
  notice?: string | undefined;
  /** The addresses that earlier calls are about to add to the access list of the same project. */
  pendingAddresses: readonly string[];
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
