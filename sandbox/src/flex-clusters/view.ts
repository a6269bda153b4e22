/** Flex clusters as Atlas shows them. */
import type { JsonObject } from "../json.ts";
import { type Cluster, type SandboxState, toAtlasTime } from "../state/resources.ts";
import { type ClusterState, clusterState } from "./state.ts";

/** The version of MongoDB that all clusters of the sandbox have. */
export const mongoDBVersion = "8.0.29";

/**
 * As recorded: the 201 has standardSrv, and standard comes with IDLE. Hosts end in .invalid, so that nobody mistakes them
 * for a database.
 */
const connectionStrings = (cluster: Cluster, stateName: ClusterState): JsonObject => {
  const { cluster: host, replicaSet, domain } = cluster.hosts;
  const prefix = cluster.name.slice(0, 23).toLowerCase();
  const standardSrv = `mongodb+srv://${prefix}.${domain}.mongodb.invalid`;
  if (stateName === "CREATING") return { standardSrv };
  const members = [0, 1, 2].map((n) => `${host}-shard-00-0${n}.${domain}.mongodb.invalid:27017`);
  const options = `ssl=true&authSource=admin&replicaSet=${replicaSet}-shard-0`;
  return { standard: `mongodb://${members.join(",")}/?${options}`, standardSrv };
};

/** Converts a cluster to the body of a read: keys in the recorded order, always with tags. */
export const toFlexClusterView = (
  state: SandboxState,
  cluster: Cluster,
  now: number,
): JsonObject => {
  const stateName = clusterState(state, cluster, now);
  return {
    backupSettings: { enabled: true },
    clusterType: "REPLICASET",
    connectionStrings: connectionStrings(cluster, stateName),
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
    stateName,
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
