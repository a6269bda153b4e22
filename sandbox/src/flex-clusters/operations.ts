/** The operations on flex clusters. */
import { checkFields, optionalFlag } from "../api/fields.ts";
import { clusterFaults, hasFault, type Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { readTags } from "../api/tags.ts";
import { findProject } from "../projects/find.ts";
import { takeRead } from "../state/resources.ts";
import { createCluster } from "./create.ts";
import { findFlexCluster, findVisibleFlexCluster } from "./find.ts";
import { alreadyRequested, cannotUpdate, checkNotDeleting, checkNotProtected } from "./refusals.ts";
import { dropGoneClusters, flexClustersOf } from "./state.ts";
import { toCreatedFlexClusterView, toFlexClusterView } from "./view.ts";

const listRoute = {
  path: "/groups/{groupId}/flexClusters",
  version: "2024-11-13",
  endpointSet: endpointSets.flexClusters,
};
const itemRoute = { ...listRoute, path: "/groups/{groupId}/flexClusters/{name}" };

export const flexClusterOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupFlexClusters",
    method: "GET",
    run: (call) => {
      const clusters = flexClustersOf(call.state, findProject(call).id, call.now).filter(takeRead);
      // Atlas lists flex clusters in no order (docs/atlas.md#lists). Here the newest comes first, so that a client that
      // expects them as they were created is found out.
      return createPage(
        call,
        clusters.reverse().map((cluster) => toFlexClusterView(call.state, cluster, call.now)),
      );
    },
  },
  {
    ...listRoute,
    id: "createGroupFlexCluster",
    method: "POST",
    operationFaults: clusterFaults,
    run: (call) => {
      const { state, now } = call;
      const cluster = createCluster(call, findProject(call).id);
      dropGoneClusters(state, now);
      state.clusters.push(cluster);
      return { status: 201, body: toCreatedFlexClusterView(state, cluster, now) };
    },
  },
  {
    ...itemRoute,
    id: "getGroupFlexCluster",
    method: "GET",
    run: (call) => {
      const cluster = findVisibleFlexCluster(call);
      return { status: 200, body: toFlexClusterView(call.state, cluster, call.now) };
    },
  },
  {
    ...itemRoute,
    id: "updateGroupFlexCluster",
    method: "PATCH",
    run: (call) => {
      const cluster = findFlexCluster(call);
      checkFields(call.body, {
        tags: "array",
        terminationProtectionEnabled: "boolean",
        links: "ignored",
      });
      const tags = readTags(call.body) ?? cluster.tags;
      checkNotDeleting(call, cluster, cannotUpdate);
      cluster.tags = tags;
      cluster.terminationProtectionEnabled =
        optionalFlag(call.body, "terminationProtectionEnabled") ??
        cluster.terminationProtectionEnabled;
      return { status: 200, body: toFlexClusterView(call.state, cluster, call.now) };
    },
  },
  {
    ...itemRoute,
    id: "deleteGroupFlexCluster",
    method: "DELETE",
    operationFaults: ["ignored_delete"],
    run: (call) => {
      const cluster = findFlexCluster(call);
      checkNotDeleting(call, cluster, alreadyRequested);
      checkNotProtected(cluster);
      // Atlas may accept a delete and ignore it: mongodb-atlas-kubernetes#3352.
      if (!hasFault(call, "ignored_delete")) cluster.deletedAt = call.now;
      return { status: 204 };
    },
  },
];
