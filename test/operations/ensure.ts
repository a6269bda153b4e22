/** The operations as the tools use them: look, then make. */
import type {
  CreateAccessListEntryBody,
  CreateDatabaseUserBody,
} from "../../src/atlas/access-bodies.ts";
import type { CreateFlexClusterBody, CreateProjectBody } from "../../src/atlas/bodies.ts";
import type {
  AccessListEntry,
  DatabaseUser,
  FlexCluster,
  Project,
} from "../../src/atlas/resources.ts";
import { accessListEntryCreation } from "../../src/operations/access-list.ts";
import type { Creation, Made } from "../../src/operations/creation.ts";
import { databaseUserCreation } from "../../src/operations/database-users.ts";
import { make, survey } from "../../src/operations/ensure.ts";
import { createFlexCluster, flexClusterCreation } from "../../src/operations/flex-clusters.ts";
import type { Flights } from "../../src/operations/flights.ts";
import { projectCreation } from "../../src/operations/projects.ts";
import type { Work } from "../../src/operations/work.ts";
import { secret } from "../../src/secret.ts";

/** Whatever hands out work: a bench, or a process on a stage. */
type Worker = { work(options?: { deadlineMs?: number; caller?: AbortSignal }): Work };

export type How = {
  ifExists?: "error" | "return";
  owner?: string;
  deadlineMs?: number;
  caller?: AbortSignal;
  /** Runs between the look-up and the making. */
  between?: () => Promise<unknown>;
};

const workOf = (bench: Worker, { deadlineMs, caller }: How) =>
  bench.work({
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(caller === undefined ? {} : { caller }),
  });

const ensure = async <T>(
  work: Work,
  creation: Creation<T>,
  flights: Flights<Made<T>>,
  { ifExists = "error", between }: How,
): Promise<Made<T>> => {
  const before = await survey(creation, ifExists, work);
  if ("existing" in before) return { outcome: "existing", resource: before.existing };
  await between?.();
  return make(creation, before, ifExists, { ...work, flights });
};

export const ensureProject = (
  bench: Worker,
  body: CreateProjectBody,
  how: How = {},
): Promise<Made<Project>> => {
  const work = workOf(bench, how);
  const { creation } = projectCreation(work, body, how.owner);
  return ensure(work, creation, work.flights.projects, how);
};

export const password = "Abcdefghijklmnopqrstuvwxyz012345";

export const ensureUser = (
  bench: Worker,
  groupId: string,
  body: CreateDatabaseUserBody,
  how: How = {},
): Promise<Made<DatabaseUser>> => {
  const work = workOf(bench, how);
  const { creation } = databaseUserCreation(work, groupId, body, async () => secret(password));
  return ensure(work, creation, work.flights.databaseUsers, how);
};

export const ensureEntry = (
  bench: Worker,
  groupId: string,
  body: CreateAccessListEntryBody,
  how: How = {},
): Promise<Made<AccessListEntry>> => {
  const work = workOf(bench, how);
  const { creation } = accessListEntryCreation(work, groupId, body);
  return ensure(work, creation, work.flights.accessListEntries, how);
};

export const ensureCluster = async (
  bench: Worker,
  groupId: string,
  body: CreateFlexClusterBody,
  how: How = {},
): Promise<Made<FlexCluster>> => {
  const { ifExists = "error" } = how;
  const work = workOf(bench, how);
  const { creation } = flexClusterCreation(work, groupId, body);
  const before = await survey(creation, ifExists, work);
  if ("existing" in before) return { outcome: "existing", resource: before.existing };
  await how.between?.();
  return createFlexCluster(work, groupId, body, before, ifExists);
};
