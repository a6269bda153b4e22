import { checkFields, optionalFlag, requiredObject, requiredText } from "../api/fields.ts";
import {
  type Call,
  hasFault,
  type Operation,
  pathParameter,
  staleReadsOf,
} from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { readTags } from "../api/tags.ts";
import { createApiError } from "../errors/api-error.ts";
import { lowerAlphanumeric } from "../identifiers.ts";
import { maxClusters } from "../projects/limits.ts";
import { findProject } from "../projects/view.ts";
import { checkRegion } from "../regions/operations.ts";
import { type Cluster, isFound } from "../state/resources.ts";
import { checkClusterName, checkNameIsFree } from "./names.ts";
import { clusterState, clustersOf, toCreatedFlexClusterView, toFlexClusterView } from "./state.ts";

const listRoute = {
  path: "/groups/{groupId}/flexClusters",
  version: "2024-11-13",
  endpointSet: endpointSets.flexClusters,
};
const itemRoute = { ...listRoute, path: "/groups/{groupId}/flexClusters/{name}" };

const createCluster = (call: Call, groupId: string): Cluster => {
  const { state, body, now } = call;
  checkFields(body, {
    name: "string",
    providerSettings: "object",
    tags: "array",
    terminationProtectionEnabled: "boolean",
    // Read-only, taken and ignored as on a project.
    clusterCount: "ignored",
    created: "ignored",
    createDate: "ignored",
    groupId: "ignored",
    id: "ignored",
    links: "ignored",
  });
  const name = requiredText(body, "name");
  const settings = requiredObject(body, "providerSettings");
  checkFields(settings, {
    backingProviderName: "string",
    regionName: "string",
    diskSizeGB: "ignored",
    providerName: "ignored",
  });
  const provider = requiredText(settings, "backingProviderName");
  const region = requiredText(settings, "regionName");
  checkClusterName(name);
  checkRegion(provider, region);
  const tags = readTags(body);
  checkNameIsFree(state, groupId, name, now);
  if (clustersOf(state, groupId, now).length >= maxClusters) {
    throw createApiError("MAX_CLUSTERS_PER_GROUP_EXCEEDED", {
      clusters: maxClusters,
      groupId,
    });
  }
  const part = (length: number): string => state.ids.text(lowerAlphanumeric, length);
  return {
    id: state.ids.objectId(now),
    groupId,
    name,
    provider,
    region,
    tags,
    terminationProtectionEnabled: optionalFlag(body, "terminationProtectionEnabled") ?? false,
    createdAt: now,
    deletedAt: undefined,
    stuck: hasFault(call, "stuck_creating"),
    staleReads: staleReadsOf(call),
    hosts: { cluster: `ac-${part(7)}`, replicaSet: `atlas-${part(6)}`, domain: part(7) },
  };
};

const notFound = (call: Call): Error => {
  const name = pathParameter(call, "name");
  return createApiError("CLUSTER_NOT_FOUND", { name, groupId: pathParameter(call, "groupId") });
};

const findCluster = (call: Call): Cluster => {
  const name = pathParameter(call, "name");
  const clusters = clustersOf(call.state, findProject(call).id, call.now);
  const cluster = clusters.find((candidate) => candidate.name === name);
  if (cluster === undefined) throw notFound(call);
  return cluster;
};

const checkNotDeleting = (call: Call, cluster: Cluster): void => {
  if (clusterState(call.state, cluster, call.now) === "DELETING") {
    throw createApiError("CLUSTER_ALREADY_REQUESTED_DELETION", { name: cluster.name });
  }
};

/** The operations on flex clusters. */
export const flexClusterOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupFlexClusters",
    method: "GET",
    run: (call) => {
      const clusters = clustersOf(call.state, findProject(call).id, call.now).filter(isFound);
      return createPage(
        call,
        clusters.map((cluster) => toFlexClusterView(call.state, cluster, call.now)),
      );
    },
  },
  {
    ...listRoute,
    id: "createGroupFlexCluster",
    method: "POST",
    operationFaults: ["stale_reads", "stuck_creating"],
    run: (call) => {
      const { state, now } = call;
      const cluster = createCluster(call, findProject(call).id);
      const present = state.clusters.filter((one) => clusterState(state, one, now) !== "GONE");
      state.clusters = [...present, cluster];
      return { status: 201, body: toCreatedFlexClusterView(state, cluster, now) };
    },
  },
  {
    ...itemRoute,
    id: "getGroupFlexCluster",
    method: "GET",
    run: (call) => {
      const cluster = findCluster(call);
      if (!isFound(cluster)) throw notFound(call);
      return { status: 200, body: toFlexClusterView(call.state, cluster, call.now) };
    },
  },
  {
    ...itemRoute,
    id: "updateGroupFlexCluster",
    method: "PATCH",
    run: (call) => {
      const cluster = findCluster(call);
      checkFields(call.body, {
        tags: "array",
        terminationProtectionEnabled: "boolean",
        links: "ignored",
      });
      const tags = readTags(call.body) ?? cluster.tags;
      checkNotDeleting(call, cluster);
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
      const cluster = findCluster(call);
      checkNotDeleting(call, cluster);
      if (cluster.terminationProtectionEnabled) {
        throw createApiError("CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED", {
          protection: `Cannot terminate cluster ${cluster.name} in group ${cluster.groupId} because termination protection is enabled. Disable termination protection and try again.`,
        });
      }
      // Accepted and yet ignored: mongodb-atlas-kubernetes#3352.
      if (!hasFault(call, "ignored_delete")) cluster.deletedAt = call.now;
      return { status: 204 };
    },
  },
];
