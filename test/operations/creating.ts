/** The operations as the tools use them: look, then make. */
import type {
  AccessListEntry,
  AccessListEntryBody,
} from "../../src/atlas/resources/access-list-entry.ts";
import type { DatabaseUser, DatabaseUserBody } from "../../src/atlas/resources/database-user.ts";
import type { FlexCluster, FlexClusterBody } from "../../src/atlas/resources/flex-cluster.ts";
import type { Project, ProjectBody } from "../../src/atlas/resources/project.ts";
import { secret } from "../../src/common/secret.ts";
import { accessListEntryCreateSpec } from "../../src/operations/access-list-entry.ts";
import type { OperationContext } from "../../src/operations/context.ts";
import { create, lookBefore } from "../../src/operations/create.ts";
import type { CreateResult, CreateSpec } from "../../src/operations/create-spec.ts";
import { databaseUserCreateSpec } from "../../src/operations/database-user.ts";
import { flexClusterCreateSpec } from "../../src/operations/flex-cluster.ts";
import { createFlexCluster } from "../../src/operations/flex-cluster-create.ts";
import { projectCreateSpec } from "../../src/operations/project.ts";
import type { SingleFlight } from "../../src/operations/single-flight.ts";

/** Whatever hands out work: a bench, or a process on a harness. */
type Worker = { work(options?: { deadlineMs?: number; caller?: AbortSignal }): OperationContext };

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
  work: OperationContext,
  spec: CreateSpec<T>,
  flights: SingleFlight<CreateResult<T>>,
  { ifExists = "error", between }: How,
): Promise<CreateResult<T>> => {
  const before = await lookBefore(spec, ifExists, work, flights);
  if ("existing" in before) return { outcome: "existing", resource: before.existing };
  await between?.();
  return create(spec, before, ifExists, work, flights);
};

export const ensureProject = (
  bench: Worker,
  body: ProjectBody,
  how: How = {},
): Promise<CreateResult<Project>> => {
  const work = workOf(bench, how);
  const { spec } = projectCreateSpec(work, body, { projectOwnerId: how.owner });
  return ensure(work, spec, work.singleFlights.projects, how);
};

export const password = "Abcdefghijklmnopqrstuvwxyz012345";

export const ensureUser = (
  bench: Worker,
  groupId: string,
  body: DatabaseUserBody,
  how: How = {},
): Promise<CreateResult<DatabaseUser>> => {
  const work = workOf(bench, how);
  const { spec } = databaseUserCreateSpec(work, groupId, body, async () => secret(password));
  return ensure(work, spec, work.singleFlights.databaseUsers, how);
};

export const ensureEntry = (
  bench: Worker,
  groupId: string,
  body: AccessListEntryBody,
  how: How = {},
): Promise<CreateResult<AccessListEntry>> => {
  const work = workOf(bench, how);
  const { spec } = accessListEntryCreateSpec(work, groupId, body);
  return ensure(work, spec, work.singleFlights.accessListEntries, how);
};

export const ensureCluster = async (
  bench: Worker,
  groupId: string,
  body: FlexClusterBody,
  how: How = {},
): Promise<CreateResult<FlexCluster>> => {
  const { ifExists = "error" } = how;
  const work = workOf(bench, how);
  const { spec } = flexClusterCreateSpec(work, groupId, body);
  const before = await lookBefore(spec, ifExists, work, work.singleFlights.flexClusters);
  if ("existing" in before) return { outcome: "existing", resource: before.existing };
  await how.between?.();
  return createFlexCluster(work, groupId, { body, before }, ifExists);
};
