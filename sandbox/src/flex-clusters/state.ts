/** The state of a flex cluster, which follows from the clock. */
import type { Cluster, SandboxState } from "../state/resources.ts";

/** Clusters that a project may have; flex clusters count (docs/atlas.md#prices-and-limits). */
export const maxClusters = 25;

/** The longest time that a deletion takes. Recorded ones take longer; in the sandbox all waits are short. */
const maxDeletionMs = 1000;

/** The state of a cluster at a given time. `GONE` means deleted; Atlas has no such state. */
export type ClusterState = "CREATING" | "IDLE" | "DELETING" | "GONE";

/** Derives the state of a cluster from the clock. */
export const clusterState = (state: SandboxState, cluster: Cluster, now: number): ClusterState => {
  if (cluster.deletedAt !== undefined) {
    const goneAt = cluster.deletedAt + Math.min(state.provisionMs, maxDeletionMs);
    return now < goneAt ? "DELETING" : "GONE";
  }
  return cluster.stuck || now < cluster.createdAt + state.provisionMs ? "CREATING" : "IDLE";
};

/** The clusters of a project that exist, including those in deletion. */
export const clustersOf = (state: SandboxState, groupId: string, now: number): Cluster[] =>
  state.clusters.filter(
    (cluster) => cluster.groupId === groupId && clusterState(state, cluster, now) !== "GONE",
  );
