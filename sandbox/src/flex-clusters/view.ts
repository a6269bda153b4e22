/** Flex clusters as Atlas shows them. */
import { connectionStrings, sharedMembers } from "../clusters/connection-strings.ts";
import { clusterState } from "../clusters/life.ts";
import type { JsonObject } from "../json.ts";
import type { FlexClusterState } from "../snapshot.ts";
import { type Cluster, type SandboxState, toAtlasTime } from "../state/resources.ts";

/** The version of MongoDB that the clusters of the sandbox have, unless another one was asked for. */
export const mongoDBVersion = "8.0.29";

/** Converts a cluster to the body of a read: keys in the recorded order, always with tags. */
export const toFlexClusterView = (
  state: SandboxState,
  cluster: Cluster,
  now: number,
): FlexClusterState => {
  return {
    backupSettings: { enabled: true },
    clusterType: "REPLICASET",
    // As recorded: the 201 has standardSrv, and standard comes later.
    connectionStrings: connectionStrings(state, cluster, sharedMembers(cluster), now, "srv"),
    createDate: toAtlasTime(cluster.createdAt),
    groupId: cluster.groupId,
    id: cluster.id,
    mongoDBVersion,
    name: cluster.name,
    providerSettings: {
      backingProviderName: cluster.provider,
      diskSizeGB: 5,
      providerName: "FLEX",
      regionName: cluster.region,
    },
    stateName: clusterState(state, cluster, now),
    tags: cluster.tags ?? [],
    terminationProtectionEnabled: cluster.terminationProtectionEnabled,
    versionReleaseSystem: "LTS",
  };
};

/** Converts a cluster to the response to its create: without tags if the request had none. */
export const toCreatedFlexClusterView = (
  state: SandboxState,
  cluster: Cluster,
  now: number,
): JsonObject => {
  const view = toFlexClusterView(state, cluster, now);
  const { tags, ...untagged } = view;
  return cluster.tags === undefined ? untagged : view;
};
