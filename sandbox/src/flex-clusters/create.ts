/** Checks the body of a create, and creates the flex cluster. */
import { checkFields, optionalFlag, requiredObject, requiredText } from "../api/fields.ts";
import { type Call, hasFault, staleReadsOf } from "../api/operation.ts";
import { readTags } from "../api/tags.ts";
import { createApiError } from "../errors/api-error.ts";
import { lowerAlphanumeric } from "../identifiers.ts";
import { checkRegion } from "../regions/operations.ts";
import type { Cluster } from "../state/resources.ts";
import { checkClusterName, checkNameIsFree } from "./names.ts";
import { clustersOf, maxClusters } from "./state.ts";

/** Creates a cluster; throws if Atlas would refuse it. The caller adds it to the state. */
export const createCluster = (call: Call, groupId: string): Cluster => {
  const { state, body, now } = call;
  checkFields(body, {
    name: "string",
    providerSettings: "object",
    tags: "array",
    terminationProtectionEnabled: "boolean",
    // Read-only, accepted and ignored as on a project.
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
