/** Finds the free and dedicated clusters of a project. */
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { advancedClustersOf, flexClustersOf } from "../flex-clusters/state.ts";
import { findProject } from "../projects/find.ts";
import { type AdvancedCluster, type AnyCluster, takeRead } from "../state/resources.ts";

const find = (call: Call, name: string, isFound: (cluster: AnyCluster) => boolean) => {
  const { state, now } = call;
  const { id } = findProject(call);
  const isNamed = (cluster: AnyCluster): boolean => cluster.name === name;
  const cluster = advancedClustersOf(state, id, now).find(isNamed);
  if (cluster !== undefined && isFound(cluster)) return cluster;
  const flex = flexClustersOf(state, id, now).find(isNamed);
  if (flex !== undefined && isFound(flex)) {
    throw createApiError("CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API", { name });
  }
  throw createApiError("CLUSTER_NOT_FOUND", { name, groupId: id });
};

/** The free or dedicated cluster of this name; throws if there is none, or a flex cluster. */
export const findAdvancedCluster = (call: Call, name = pathParameter(call, "name")) =>
  find(call, name, () => true);

/** Like `findAdvancedCluster`, for a read: fails as long as `stale_reads` hides the cluster. */
export const findVisibleAdvancedCluster = (call: Call): AdvancedCluster =>
  find(call, pathParameter(call, "name"), takeRead);
