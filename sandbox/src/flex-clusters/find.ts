/** Finds the flex clusters of a project. */
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { findProject } from "../projects/find.ts";
import { type AnyCluster, type Cluster, takeRead } from "../state/resources.ts";
import { advancedClustersOf, flexClustersOf } from "./state.ts";

const notFound = (call: Call, name: string): Error =>
  createApiError("CLUSTER_NOT_FOUND", { name, groupId: pathParameter(call, "groupId") });

/** The flex cluster that the path names; throws if there is none, or one of the other API. */
export const findFlexCluster = (call: Call, name = pathParameter(call, "name")): Cluster => {
  const { state, now } = call;
  const { id } = findProject(call);
  const isNamed = (candidate: AnyCluster): boolean => candidate.name === name;
  const cluster = flexClustersOf(state, id, now).find(isNamed);
  if (cluster !== undefined) return cluster;
  if (advancedClustersOf(state, id, now).some(isNamed)) {
    throw createApiError("CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API", { name });
  }
  throw notFound(call, name);
};

/** Like `findFlexCluster`, for a read: fails as long as `stale_reads` hides the cluster. */
export const findVisibleFlexCluster = (call: Call): Cluster => {
  const cluster = findFlexCluster(call);
  if (!takeRead(cluster)) throw notFound(call, cluster.name);
  return cluster;
};
