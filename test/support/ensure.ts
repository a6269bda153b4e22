/** The operations as the tools use them: look, then make. */
import type { CreateFlexClusterBody, CreateProjectBody } from "../../src/atlas/bodies.ts";
import type { FlexCluster, Project } from "../../src/atlas/resources.ts";
import { type Made, make, survey } from "../../src/operations/ensure.ts";
import { createFlexCluster, flexClusterCreation } from "../../src/operations/flex-clusters.ts";
import { projectCreation } from "../../src/operations/projects.ts";
import type { Bench } from "./atlas.ts";

export type How = {
  ifExists?: "error" | "return";
  owner?: string;
  deadlineMs?: number;
  caller?: AbortSignal;
  /** Runs between the look-up and the making. */
  between?: () => Promise<unknown>;
};

const workOf = (bench: Bench, { deadlineMs, caller }: How) =>
  bench.work({
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(caller === undefined ? {} : { caller }),
  });

export const ensureProject = async (
  bench: Bench,
  body: CreateProjectBody,
  how: How = {},
): Promise<Made<Project>> => {
  const { ifExists = "error" } = how;
  const work = workOf(bench, how);
  const { creation } = projectCreation(work, body, how.owner);
  const before = await survey(creation, ifExists, work);
  if ("existing" in before) return { outcome: "existing", resource: before.existing };
  await how.between?.();
  return make(creation, before, ifExists, { ...work, flights: work.flights.projects });
};

export const ensureCluster = async (
  bench: Bench,
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
