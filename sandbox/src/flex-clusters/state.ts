/** Which clusters exist: those of both APIs, and flex clusters alone. */
import { clusterState } from "../clusters/life.ts";
import type { AdvancedCluster, AnyCluster, Cluster, SandboxState } from "../state/resources.ts";

/** Clusters that a project may have; flex clusters count (docs/atlas.md#prices-and-limits). */
export const maxClusters = 25;

const isPresent =
  (state: SandboxState, groupId: string, now: number) =>
  (cluster: AnyCluster): boolean =>
    cluster.groupId === groupId && clusterState(state, cluster, now) !== "GONE";

/** The flex clusters of a project that exist, including those in deletion. */
export const flexClustersOf = (state: SandboxState, groupId: string, now: number): Cluster[] =>
  state.clusters.filter(isPresent(state, groupId, now));

/** The free and dedicated clusters of a project that exist, including those in deletion. */
export const advancedClustersOf = (
  state: SandboxState,
  groupId: string,
  now: number,
): AdvancedCluster[] => state.advancedClusters.filter(isPresent(state, groupId, now));

/** All clusters of a project that exist, whichever API they belong to. */
export const clustersOf = (state: SandboxState, groupId: string, now: number): AnyCluster[] => [
  ...flexClustersOf(state, groupId, now),
  ...advancedClustersOf(state, groupId, now),
];

/** Drops the clusters that are gone from the state. */
export const dropGoneClusters = (state: SandboxState, now: number): void => {
  const isThere = (cluster: AnyCluster): boolean => clusterState(state, cluster, now) !== "GONE";
  state.clusters = state.clusters.filter(isThere);
  state.advancedClusters = state.advancedClusters.filter(isThere);
};
