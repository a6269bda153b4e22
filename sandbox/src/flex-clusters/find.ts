/** Finds the flex clusters of a project. */
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { findProject } from "../projects/find.ts";
import { type Cluster, takeRead } from "../state/resources.ts";
import { clustersOf } from "./state.ts";

const notFound = (call: Call): Error => {
  const name = pathParameter(call, "name");
  return createApiError("CLUSTER_NOT_FOUND", { name, groupId: pathParameter(call, "groupId") });
};

/** The cluster that the path names; throws if there is none. */
export const findCluster = (call: Call): Cluster => {
  const name = pathParameter(call, "name");
  const clusters = clustersOf(call.state, findProject(call).id, call.now);
  const cluster = clusters.find((candidate) => candidate.name === name);
  if (cluster === undefined) throw notFound(call);
  return cluster;
};

/** Like `findCluster`, for a read: fails as long as `stale_reads` hides the cluster. */
export const findVisibleCluster = (call: Call): Cluster => {
  const cluster = findCluster(call);
  if (!takeRead(cluster)) throw notFound(call);
  return cluster;
};
