/** The rules for the names of clusters, which are unique over both APIs. */
import { createApiError } from "../errors/api-error.ts";
import { clustersOf, maxClusters } from "../flex-clusters/state.ts";
import type { SandboxState } from "../state/resources.ts";
import { hostPrefix, prefixLength } from "./connection-strings.ts";

const maxLength = 64;

/** Refuses a name that Atlas refuses; each rule has its own code. */
export const checkClusterName = (name: string): void => {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9-]*$/.test(name))
    throw createApiError("CLUSTER_NAME_INVALID", { name });
  if (name.length > maxLength) {
    throw createApiError("CLUSTER_NAME_TOO_LONG", { name, maximum: maxLength });
  }
  const prefix = name.slice(0, prefixLength);
  if (prefix.endsWith("-")) {
    throw createApiError("CLUSTER_NAME_PREFIX_INVALID", {
      name,
      prefixLength,
      prefix,
    });
  }
  // A longer name may not end with a hyphen either (docs/atlas.md#names); this rule has no known code of its own.
  if (name.endsWith("-")) throw createApiError("CLUSTER_NAME_INVALID", { name });
  if (/^atlas-[a-z0-9]{6}$/i.test(name))
    throw createApiError("ATLAS_RESERVED_CLUSTER_NAME", { name });
};

/** Refuses a name if another cluster of the project has it, or has its hostname. */
export const checkNameIsFree = (
  state: SandboxState,
  groupId: string,
  name: string,
  now: number,
): void => {
  const others = clustersOf(state, groupId, now);
  // A cluster in deletion can still be read by its name, so it still has it.
  if (others.some((cluster) => cluster.name === name)) {
    // HTTP 400, not 409: atlas-cli#1967.
    const kind = "cluster or serverless instance";
    throw createApiError("DUPLICATE_CLUSTER_NAME", { kind, name, groupId });
  }
  const prefix = hostPrefix(name);
  if (others.some((cluster) => hostPrefix(cluster.name) === prefix)) {
    throw createApiError("DUPLICATE_CLUSTER_NAME_PREFIX", { name, prefixLength });
  }
};

/** Refuses one cluster more than a project may have. */
export const checkClusterCount = (state: SandboxState, groupId: string, now: number): void => {
  if (clustersOf(state, groupId, now).length < maxClusters) return;
  throw createApiError("MAX_CLUSTERS_PER_GROUP_EXCEEDED", { clusters: maxClusters, groupId });
};
