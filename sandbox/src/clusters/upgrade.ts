/**
 * The operations that make a flex cluster of a free one, and a dedicated one of either. Atlas moves the data first; the
 * sandbox has none, so the cluster belongs to its new API at once, and is UPDATING there for a while.
 */
import { checkFields, optionalObject, requiredText } from "../api/fields.ts";
import type { Call, Operation } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { readTags } from "../api/tags.ts";
import { createApiError } from "../errors/api-error.ts";
import { findFlexCluster } from "../flex-clusters/find.ts";
import { cannotUpdate, checkNotDeleting } from "../flex-clusters/refusals.ts";
import { toFlexClusterView } from "../flex-clusters/view.ts";
import { checkRegion } from "../regions/operations.ts";
import type { AdvancedCluster, AnyCluster, Cluster, ReplicationSpec } from "../state/resources.ts";
import { canShardsDiffer, isFree, readAllSpecs, readClusterType } from "./create.ts";
import { findAdvancedCluster } from "./find.ts";
import { clusterKinds, readSettings } from "./settings.ts";
import { toAdvancedClusterView } from "./view.ts";

/** What of a cluster stays through an upgrade. */
const carryOver = (call: Call, cluster: AnyCluster): AnyCluster => {
  const { id, groupId, name, createdAt, hosts, tags, terminationProtectionEnabled } = cluster;
  const kept = { id, groupId, name, createdAt, hosts, terminationProtectionEnabled, staleReads: 0 };
  const noFaults = { stuck: false, updating: false, lateStrings: false, deletedAt: undefined };
  return { ...kept, ...noFaults, tags: readTags(call.body) ?? tags, changedAt: call.now };
};

const toDedicated = (
  call: Call,
  cluster: AnyCluster,
  replicationSpecs: ReplicationSpec[] | undefined,
): AdvancedCluster => {
  if (replicationSpecs === undefined || isFree({ replicationSpecs })) {
    throw createApiError("MISSING_ATTRIBUTE", { attribute: "replicationSpecs" });
  }
  return {
    ...carryOver(call, cluster),
    clusterType: readClusterType(call.body),
    replicationSpecs,
    scalesShards: canShardsDiffer(call.version),
    resumedAt: undefined,
    settings: readSettings(call.body),
    processArgs: {},
  };
};

/** Reads a body that asks for a flex cluster; undefined if it asks for something else. */
const toFlex = (call: Call, cluster: AdvancedCluster): Cluster | undefined => {
  const settings = optionalObject(call.body, "providerSettings");
  if (settings?.providerName !== "FLEX") return undefined;
  const provider = requiredText(settings, "backingProviderName");
  const region = requiredText(settings, "regionName");
  checkRegion(provider, region, "FLEX");
  return { ...carryOver(call, cluster), provider, region };
};

const remove = ({ state }: Call, { id }: AnyCluster): void => {
  const isOther = (other: AnyCluster): boolean => other.id !== id;
  state.clusters = state.clusters.filter(isOther);
  state.advancedClusters = state.advancedClusters.filter(isOther);
};

export const upgradeOperations: readonly Operation[] = [
  {
    id: "tenantGroupFlexClusterUpgrade",
    method: "POST",
    path: "/groups/{groupId}/flexClusters:tenantUpgrade",
    version: "2024-11-13",
    endpointSet: endpointSets.flexClusters,
    run: (call) => {
      const { state, body, now } = call;
      checkFields(body, clusterKinds);
      const cluster = findFlexCluster(call, requiredText(body, "name"));
      checkNotDeleting(call, cluster, cannotUpdate);
      const dedicated = toDedicated(call, cluster, readAllSpecs(call, []));
      remove(call, cluster);
      state.advancedClusters.push(dedicated);
      // The documented response is still that of the flex API.
      const view = toFlexClusterView(state, { ...cluster, ...dedicated }, now);
      return { status: 200, body: view };
    },
  },
  {
    id: "upgradeGroupClusterTenantUpgrade",
    method: "POST",
    path: "/groups/{groupId}/clusters/tenantUpgrade",
    version: "2023-01-01",
    endpointSet: endpointSets.clusters,
    run: (call) => {
      const { state, body } = call;
      checkFields(body, clusterKinds);
      const cluster = findAdvancedCluster(call, requiredText(body, "name"));
      checkNotDeleting(call, cluster, cannotUpdate);
      if (!isFree(cluster)) {
        // The code is an assumption (docs/atlas.md#not-known).
        throw createApiError("ATLAS_GENERAL_ERROR", {
          problem: `${cluster.name} is not a free cluster`,
        });
      }
      const flex = toFlex(call, cluster);
      const dedicated = flex ? undefined : toDedicated(call, cluster, readAllSpecs(call, []));
      remove(call, cluster);
      if (flex) state.clusters.push(flex);
      if (dedicated) state.advancedClusters.push(dedicated);
      // As recorded, the response still shows the free cluster, but UPDATING.
      const view = toAdvancedClusterView(call, { ...cluster, ...carryOver(call, cluster) });
      return { status: 200, body: view };
    },
  },
];
