import { createApiError } from "../errors/api-error.ts";
import type { SandboxState } from "../state/resources.ts";
import { clustersOf } from "./state.ts";

const maxLength = 64;

/** Characters of a name that make its hostname, and that must be unique in a project (LIMDOC). */
const prefixLength = 23;

/** Refuses a name that Atlas would, each rule with its own code. */
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
      prefixLength: prefixLength,
      prefix,
    });
  }
  // A longer name may not end with a hyphen either (LIMDOC's pattern); no code of its own is known.
  if (name.endsWith("-")) throw createApiError("CLUSTER_NAME_INVALID", { name });
  if (/^atlas-[a-z0-9]{6}$/i.test(name))
    throw createApiError("ATLAS_RESERVED_CLUSTER_NAME", { name });
};

const hostPrefix = (name: string): string => name.slice(0, prefixLength).toLowerCase();

/** Refuses a name that another cluster of the project holds, or whose hostname it does. */
export const checkNameIsFree = (
  state: SandboxState,
  groupId: string,
  name: string,
  now: number,
): void => {
  const others = clustersOf(state, groupId, now);
  // One that is being deleted still holds its name, as it still answers to it.
  if (others.some((cluster) => cluster.name === name)) {
    // HTTP 400, not 409: atlas-cli#1967.
    const kind = "cluster or serverless instance";
    throw createApiError("DUPLICATE_CLUSTER_NAME", { kind, name, groupId });
  }
  const prefix = hostPrefix(name);
  if (others.some((cluster) => hostPrefix(cluster.name) === prefix)) {
    throw createApiError("DUPLICATE_CLUSTER_NAME_PREFIX", { name, prefixLength: prefixLength });
  }
};
