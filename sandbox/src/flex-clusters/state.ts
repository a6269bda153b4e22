import type { JsonObject } from "../json.ts";
import { type Cluster, type SandboxState, toAtlasTime } from "../state/resources.ts";

// Recorded: DELETING two seconds after the 204, gone within 45. Shortened like all waits here.
const maxDeletionMs = 1000;

/** The state of a cluster at a moment; `GONE` is the sandbox's word for "no longer there". */
export type ClusterState = "CREATING" | "IDLE" | "DELETING" | "GONE";

/** Derives the state of a cluster from the clock. */
export const clusterState = (state: SandboxState, cluster: Cluster, now: number): ClusterState => {
  if (cluster.deletedAt !== undefined) {
    const goneAt = cluster.deletedAt + Math.min(state.provisionMs, maxDeletionMs);
    return now < goneAt ? "DELETING" : "GONE";
  }
  return cluster.stuck || now < cluster.createdAt + state.provisionMs ? "CREATING" : "IDLE";
};

/** The clusters of a project that still exist, those being deleted included. */
export const clustersOf = (state: SandboxState, groupId: string, now: number): Cluster[] =>
  state.clusters.filter(
    (cluster) => cluster.groupId === groupId && clusterState(state, cluster, now) !== "GONE",
  );

// Recorded: standardSrv stands in the 201 already, standard comes with IDLE. Hosts end in .invalid so
// that nobody mistakes them for a database.
const connectionStrings = (cluster: Cluster, state: ClusterState): JsonObject => {
  const { cluster: host, replicaSet, domain } = cluster.hosts;
  const prefix = cluster.name.slice(0, 23).toLowerCase();
  const standardSrv = `mongodb+srv://${prefix}.${domain}.mongodb.invalid`;
  if (state === "CREATING") return { standardSrv };
  const members = [0, 1, 2].map((n) => `${host}-shard-00-0${n}.${domain}.mongodb.invalid:27017`);
  const options = `ssl=true&authSource=admin&replicaSet=${replicaSet}-shard-0`;
  return { standard: `mongodb://${members.join(",")}/?${options}`, standardSrv };
};

/** A cluster as a read shows it: recorded key order, tags always. */
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
    mongoDBVersion: "8.0.29",
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

/** A cluster as the answer to its create shows it: without tags where none were sent. */
export const toCreatedFlexClusterView = (
  state: SandboxState,
  cluster: Cluster,
  now: number,
): JsonObject => {
  const { tags, ...view } = toFlexClusterView(state, cluster, now);
  return cluster.tags === undefined ? view : toFlexClusterView(state, cluster, now);
};
