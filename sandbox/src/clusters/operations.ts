/** The operations on free and dedicated clusters; flex clusters have an API of their own (docs/atlas.md#free-and-dedicated-clusters). */
import { clusterFaults, hasFault, type Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { flagParameter } from "../api/query.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { protectionProblem } from "../flex-clusters/refusals.ts";
import { advancedClustersOf, dropGoneClusters } from "../flex-clusters/state.ts";
import { findProject } from "../projects/find.ts";
import { takeRead } from "../state/resources.ts";
import { createAdvancedCluster } from "./create.ts";
import { findAdvancedCluster, findVisibleAdvancedCluster } from "./find.ts";
import { clusterState } from "./life.ts";
import { updateAdvancedCluster } from "./update.ts";
import { toAdvancedClusterView, toCreatedAdvancedClusterView } from "./view.ts";

const listRoute = {
  path: "/groups/{groupId}/clusters",
  version: "2023-01-01",
  endpointSet: endpointSets.clusters,
};
const itemRoute = { ...listRoute, path: `${listRoute.path}/{name}` };
const reads = { laterVersions: ["2023-02-01", "2024-08-05"] };
const changes = { laterVersions: ["2023-02-01", "2024-08-05", "2024-10-23"] };

export const clusterOperations: readonly Operation[] = [
  {
    ...listRoute,
    ...reads,
    id: "listGroupClusters",
    method: "GET",
    run: (call) => {
      const { id } = findProject(call);
      flagParameter(call.query, "includeDeletedWithRetainedBackups", false);
      const clusters = advancedClustersOf(call.state, id, call.now).filter(takeRead);
      return createPage(
        call,
        clusters.map((cluster) => toAdvancedClusterView(call, cluster)),
      );
    },
  },
  {
    ...listRoute,
    ...changes,
    id: "createGroupCluster",
    method: "POST",
    operationFaults: clusterFaults,
    run: (call) => {
      const { state, now } = call;
      const cluster = createAdvancedCluster(call, findProject(call).id);
      dropGoneClusters(state, now);
      state.advancedClusters.push(cluster);
      return { status: 201, body: toCreatedAdvancedClusterView(call, cluster) };
    },
  },
  {
    ...itemRoute,
    ...reads,
    id: "getGroupCluster",
    method: "GET",
    run: (call) => {
      const cluster = findVisibleAdvancedCluster(call);
      return { status: 200, body: toAdvancedClusterView(call, cluster) };
    },
  },
  {
    ...itemRoute,
    ...changes,
    id: "updateGroupCluster",
    method: "PATCH",
    run: (call) => {
      const cluster = findAdvancedCluster(call);
      updateAdvancedCluster(call, cluster);
      return { status: 200, body: toAdvancedClusterView(call, cluster) };
    },
  },
  {
    ...itemRoute,
    laterVersions: ["2023-02-01"],
    id: "deleteGroupCluster",
    method: "DELETE",
    operationFaults: ["ignored_delete"],
    run: (call) => {
      const cluster = findAdvancedCluster(call);
      const { name, terminationProtectionEnabled } = cluster;
      flagParameter(call.query, "retainBackups", false);
      if (clusterState(call.state, cluster, call.now) === "DELETING") {
        throw createApiError("CLUSTER_ALREADY_REQUESTED_DELETION", { name });
      }
      if (terminationProtectionEnabled) {
        throw createApiError("CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED", {
          protection: protectionProblem(cluster),
        });
      }
      if (!hasFault(call, "ignored_delete")) cluster.deletedAt = call.now;
      return { status: 202, body: {} };
    },
  },
  {
    ...itemRoute,
    path: `${itemRoute.path}/autoScalingConfiguration`,
    version: "2024-08-05",
    deprecation: { since: "2024-10-23" },
    id: "autoGroupClusterScalingConfiguration",
    method: "GET",
    run: (call) => {
      const { scalesShards } = findVisibleAdvancedCluster(call);
      const mode = scalesShards ? "INDEPENDENT_SHARD_SCALING" : "CLUSTER_WIDE_SCALING";
      return { status: 200, body: { autoScalingMode: mode } };
    },
  },
];
