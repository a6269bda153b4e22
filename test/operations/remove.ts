/** The deletes as the tools use them: plan, then remove what was planned. */
import type { FlexCluster, Project } from "../../src/atlas/resources.ts";
import { clusterRemoval, planClusterDelete } from "../../src/operations/cluster-removal.ts";
import { planProjectDelete, projectRemoval } from "../../src/operations/project-removal.ts";
import type { Removed } from "../../src/operations/removal.ts";
import { remove } from "../../src/operations/remove.ts";
import type { Work } from "../../src/operations/work.ts";

export type How = {
  deadlineMs?: number;
  caller?: AbortSignal;
  /** Runs between the look-up and the delete. */
  between?: () => Promise<unknown>;
};

type Worker = { work(options?: { deadlineMs?: number; caller?: AbortSignal }): Work };

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
): Promise<Removed<FlexCluster>> => {
  const work = workOf(bench, how);
  const target = await planClusterDelete(work, groupId, name);
  if ("absent" in target) return { outcome: "absent" };
  await how.between?.();
  return remove(clusterRemoval(work, groupId, name, target.id).removal, work);
};

export const removeProject = async (
  bench: Worker,
  groupId: string,
  name: string,
  how: How = {},
): Promise<Removed<Project>> => {
  const work = workOf(bench, how);
  const target = await planProjectDelete(work, groupId, name);
  if ("absent" in target) return { outcome: "absent" };
  await how.between?.();
  return remove(projectRemoval(work, groupId, name, target.id).removal, work);
};
