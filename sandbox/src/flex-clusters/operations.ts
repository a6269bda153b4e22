import { FLEX_CLUSTERS } from "../api/endpoint-sets.ts";
import { checkFields, optionalFlag, requiredObject, requiredText } from "../api/fields.ts";
import {
  type Call,
  hiddenReadsOf,
  isChanged,
  type Operation,
  pathParameter,
} from "../api/operation.ts";
import { pageOf } from "../api/pages.ts";
import { readTags } from "../api/tags.ts";
import { atlasFailure } from "../errors/api-error.ts";
import { LOWER_ALPHANUMERIC } from "../identifiers.ts";
import { CLUSTERS_PER_PROJECT } from "../projects/limits.ts";
import { findProject } from "../projects/view.ts";
import { checkRegion } from "../regions/operations.ts";
import { type Cluster, isSeen } from "../state/resources.ts";
import { checkClusterName, checkNameIsFree } from "./names.ts";
import { clusterState, clustersOf, createdFlexClusterView, flexClusterView } from "./state.ts";

const COLLECTION = {
  path: "/groups/{groupId}/flexClusters",
  version: "2024-11-13",
  limit: FLEX_CLUSTERS,
};
const ONE = { ...COLLECTION, path: "/groups/{groupId}/flexClusters/{name}" };

const newCluster = (call: Call, groupId: string): Cluster => {
  const { world, body, now } = call;
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
  checkNameIsFree(world, groupId, name, now);
  if (clustersOf(world, groupId, now).length >= CLUSTERS_PER_PROJECT) {
    throw atlasFailure("MAX_CLUSTERS_PER_GROUP_EXCEEDED", {
      clusters: CLUSTERS_PER_PROJECT,
      groupId,
    });
  }
  const part = (length: number): string => world.ids.text(LOWER_ALPHANUMERIC, length);
  return {
    id: world.ids.objectId(now),
    groupId,
    name,
    provider,
    region,
    tags,
    terminationProtectionEnabled: optionalFlag(body, "terminationProtectionEnabled") ?? false,
    createdAt: now,
    deletedAt: undefined,
    stuck: isChanged(call, "stuck_creating"),
    hiddenReads: hiddenReadsOf(call),
    hosts: { cluster: `ac-${part(7)}`, replicaSet: `atlas-${part(6)}`, domain: part(7) },
  };
};

const notFound = (call: Call): Error => {
  const name = pathParameter(call, "name");
  return atlasFailure("CLUSTER_NOT_FOUND", { name, groupId: pathParameter(call, "groupId") });
};

const findCluster = (call: Call): Cluster => {
  const name = pathParameter(call, "name");
  const clusters = clustersOf(call.world, findProject(call).id, call.now);
  const cluster = clusters.find((candidate) => candidate.name === name);
  if (cluster === undefined) throw notFound(call);
  return cluster;
};

const refuseDuringDeletion = (call: Call, cluster: Cluster): void => {
  if (clusterState(call.world, cluster, call.now) === "DELETING") {
    throw atlasFailure("CLUSTER_ALREADY_REQUESTED_DELETION", { name: cluster.name });
  }
};

/** The operations on flex clusters. */
export const flexClusterOperations: readonly Operation[] = [
  {
    ...COLLECTION,
    id: "listGroupFlexClusters",
    method: "GET",
    run: (call) => {
      const clusters = clustersOf(call.world, findProject(call).id, call.now).filter(isSeen);
      return pageOf(
        call,
        clusters.map((cluster) => flexClusterView(call.world, cluster, call.now)),
      );
    },
  },
  {
    ...COLLECTION,
    id: "createGroupFlexCluster",
    method: "POST",
    changes: ["stale_reads", "stuck_creating"],
    run: (call) => {
      const { world, now } = call;
      const cluster = newCluster(call, findProject(call).id);
      const present = world.clusters.filter((one) => clusterState(world, one, now) !== "GONE");
      world.clusters = [...present, cluster];
      return { status: 201, body: createdFlexClusterView(world, cluster, now) };
    },
  },
  {
    ...ONE,
    id: "getGroupFlexCluster",
    method: "GET",
    run: (call) => {
      const cluster = findCluster(call);
      if (!isSeen(cluster)) throw notFound(call);
      return { status: 200, body: flexClusterView(call.world, cluster, call.now) };
    },
  },
  {
    ...ONE,
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
      refuseDuringDeletion(call, cluster);
      cluster.tags = tags;
      cluster.terminationProtectionEnabled =
        optionalFlag(call.body, "terminationProtectionEnabled") ??
        cluster.terminationProtectionEnabled;
      return { status: 200, body: flexClusterView(call.world, cluster, call.now) };
    },
  },
  {
    ...ONE,
    id: "deleteGroupFlexCluster",
    method: "DELETE",
    changes: ["ignored_delete"],
    run: (call) => {
      const cluster = findCluster(call);
      refuseDuringDeletion(call, cluster);
      if (cluster.terminationProtectionEnabled) {
        throw atlasFailure("CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED", {
          protection: `Cannot terminate cluster ${cluster.name} in group ${cluster.groupId} because termination protection is enabled. Disable termination protection and try again.`,
        });
      }
      // Accepted and yet ignored: mongodb-atlas-kubernetes#3352.
      if (!isChanged(call, "ignored_delete")) cluster.deletedAt = call.now;
      return { status: 204 };
    },
  },
];
