/** Reads of a free or dedicated cluster whose answer is always the same, because the sandbox has nothing of the kind. */
import type { Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { type EndpointSet, endpointSets } from "../api/rate-limits.ts";
import type { Json } from "../json.ts";
import { findVisibleAdvancedCluster } from "./find.ts";
import { clusterState } from "./life.ts";

/** One read below the path of a cluster, as in the table of plain reads. */
export type ClusterRead = readonly [
  id: Operation["id"],
  path: string,
  endpointSet: EndpointSet,
  body: "page" | Json[] | { [key: string]: Json },
  version?: string,
  ...laterVersions: string[],
];

const { backups, clusters } = endpointSets;

/** Recorded shapes where there is a recording, else the documented ones. */
export const clusterReads: readonly ClusterRead[] = [
  ["listGroupClusterBackupExports", "backup/exports", backups, "page"],
  ["listGroupClusterBackupRestoreJobs", "backup/restoreJobs", backups, "page"],
  ["listGroupClusterBackupSnapshots", "backup/snapshots", backups, "page"],
  [
    "getGroupClusterGlobalWrites",
    "globalWrites",
    clusters,
    { customZoneMapping: {}, managedNamespaces: [], selfManagedSharding: false },
    "2023-01-01",
    "2023-02-01",
    "2024-08-05",
  ],
  ["listGroupClusterOnlineArchives", "onlineArchives", endpointSets.onlineArchives, "page"],
  // No search nodes: an empty object, which Terraform and the operator take for none.
  ["getGroupClusterSearchDeployment", "search/deployment", endpointSets.search, {}, "2025-03-12"],
  ["listGroupClusterSearchIndexes", "search/indexes", endpointSets.search, [], "2024-05-30"],
];

const toOperation = ([id, path, endpointSet, body, version, ...later]: ClusterRead): Operation => ({
  id,
  method: "GET",
  path: `/groups/{groupId}/clusters/{name}/${path}`,
  version: version ?? "2023-01-01",
  laterVersions: later,
  endpointSet,
  run: (call) => {
    findVisibleAdvancedCluster(call);
    return body === "page" ? createPage(call, []) : { status: 200, body };
  },
});

export const clusterReadOperations: readonly Operation[] = [
  ...clusterReads.map(toOperation),
  {
    id: "getGroupClusterStatus",
    method: "GET",
    path: "/groups/{groupId}/clusters/{name}/status",
    version: "2023-01-01",
    endpointSet: clusters,
    run: (call) => {
      const state = clusterState(call.state, findVisibleAdvancedCluster(call), call.now);
      return { status: 200, body: { changeStatus: state === "IDLE" ? "APPLIED" : "PENDING" } };
    },
  },
];
