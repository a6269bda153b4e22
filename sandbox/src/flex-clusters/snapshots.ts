/** The snapshots of a flex cluster, which follow from the clock: nothing is stored (docs/atlas.md#flex-clusters). */
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { type Cluster, toAtlasTime } from "../state/resources.ts";
import { findFlexCluster } from "./find.ts";
import { mongoDBVersion } from "./view.ts";

const dayMs = 86_400_000;

/** How many daily snapshots Atlas keeps, and for how many days. */
const kept = 8;

type Snapshot = { id: string; takenAt: number };

/** An id with the time in its first four bytes, as Atlas's have; the rest is the cluster's. */
const idAt = (cluster: Cluster, takenAt: number): string =>
  `${Math.floor(takenAt / 1000)
    .toString(16)
    .padStart(8, "0")}${cluster.id.slice(8)}`;

/** One snapshot for each full day of the cluster's life, the oldest first. Each is finished at once: there is no data. */
const snapshotsOf = (cluster: Cluster, now: number): Snapshot[] => {
  if (cluster.stuck) return [];
  const days = Math.floor(((cluster.deletedAt ?? now) - cluster.createdAt) / dayMs);
  const count = Math.min(days, kept);
  return Array.from({ length: count }, (_, index) => {
    const takenAt = cluster.createdAt + (days - count + index + 1) * dayMs;
    return { id: idAt(cluster, takenAt), takenAt };
  });
};

/** The snapshot of a cluster with this id; throws if there is none. */
export const findSnapshot = ({ now }: Call, cluster: Cluster, id: string): Snapshot => {
  const snapshot = snapshotsOf(cluster, now).find((one) => one.id === id);
  // Atlas's own code for this is not documented.
  if (snapshot === undefined)
    throw createApiError("RESOURCE_NOT_FOUND", { resource: `snapshot ${id}` });
  return snapshot;
};

/** Converts a snapshot to the body of a read: keys in alphabetical order and no links, as recorded. */
const toView = ({ id, takenAt }: Snapshot): JsonObject => ({
  expiration: toAtlasTime(takenAt + kept * dayMs),
  finishTime: toAtlasTime(takenAt),
  id,
  mongoDBVersion,
  scheduledTime: toAtlasTime(takenAt),
  startTime: toAtlasTime(takenAt),
  status: "COMPLETED",
});

const listRoute = {
  path: "/groups/{groupId}/flexClusters/{name}/backup/snapshots",
  version: "2024-11-13",
  endpointSet: endpointSets.flexClusters,
} as const;

export const snapshotOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupFlexClusterBackupSnapshots",
    method: "GET",
    run: (call) => {
      const snapshots = snapshotsOf(findFlexCluster(call), call.now);
      return createPage(call, snapshots.map(toView));
    },
  },
  {
    ...listRoute,
    path: `${listRoute.path}/{snapshotId}`,
    id: "getGroupFlexClusterBackupSnapshot",
    method: "GET",
    run: (call) => {
      const snapshot = findSnapshot(call, findFlexCluster(call), pathParameter(call, "snapshotId"));
      return { status: 200, body: toView(snapshot) };
    },
  },
];
