/** The deletes as the tools use them: plan, then remove what was planned. */
import type { FlexCluster } from "../../src/atlas/resources/flex-cluster.ts";
import type { Project } from "../../src/atlas/resources/project.ts";
import type { OperationContext } from "../../src/operations/context.ts";
import { deleteResource } from "../../src/operations/delete.ts";
import type { DeleteResult } from "../../src/operations/delete-spec.ts";
import {
  flexClusterDeleteSpec,
  planClusterDelete,
} from "../../src/operations/flex-cluster-delete.ts";
import { planProjectDelete, projectDeleteSpec } from "../../src/operations/project-delete.ts";

export type How = {
  deadlineMs?: number;
  caller?: AbortSignal;
  /** Runs between the look-up and the delete. */
  between?: () => Promise<unknown>;
};

type Worker = { work(options?: { deadlineMs?: number; caller?: AbortSignal }): OperationContext };

const workOf = (bench: Worker, { deadlineMs, caller }: How) =>
  bench.work({
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(caller === undefined ? {} : { caller }),
  });

export const removeCluster = async (
  bench: Worker,
  groupId: string,
  name: string,
  how: How = {},
): Promise<DeleteResult<FlexCluster>> => {
  const work = workOf(bench, how);
  const target = await planClusterDelete(work, groupId, name);
  if ("absent" in target) return { outcome: "absent" };
  await how.between?.();
  return deleteResource(flexClusterDeleteSpec(work, groupId, name, target.id).spec, work);
};

export const removeProject = async (
  bench: Worker,
  groupId: string,
  name: string,
  how: How = {},
): Promise<DeleteResult<Project>> => {
  const work = workOf(bench, how);
  const target = await planProjectDelete(work, groupId, name);
  if ("absent" in target) return { outcome: "absent" };
  await how.between?.();
  return deleteResource(projectDeleteSpec(work, groupId, name, target.id).spec, work);
};
