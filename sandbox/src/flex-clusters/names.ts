import { atlasFailure } from "../errors/api-error.ts";
import type { World } from "../state/resources.ts";
import { clustersOf } from "./state.ts";

const MAX_LENGTH = 64;

/** Characters of a name that make its hostname, and that must be unique in a project (LIMDOC). */
const PREFIX_LENGTH = 23;

/** Refuses a name that Atlas would, each rule with its own code. */
export const checkClusterName = (name: string): void => {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9-]*$/.test(name))
    throw atlasFailure("CLUSTER_NAME_INVALID", { name });
  if (name.length > MAX_LENGTH) {
    throw atlasFailure("CLUSTER_NAME_TOO_LONG", { name, maximum: MAX_LENGTH });
  }
  const prefix = name.slice(0, PREFIX_LENGTH);
  if (prefix.endsWith("-")) {
    throw atlasFailure("CLUSTER_NAME_PREFIX_INVALID", {
      name,
      prefixLength: PREFIX_LENGTH,
      prefix,
    });
  }
  // A longer name may not end with a hyphen either (LIMDOC's pattern); no code of its own is known.
  if (name.endsWith("-")) throw atlasFailure("CLUSTER_NAME_INVALID", { name });
  if (/^atlas-[a-z0-9]{6}$/i.test(name))
    throw atlasFailure("ATLAS_RESERVED_CLUSTER_NAME", { name });
};

const hostPrefix = (name: string): string => name.slice(0, PREFIX_LENGTH).toLowerCase();

/** Refuses a name that another cluster of the project holds, or whose hostname it does. */
export const checkNameIsFree = (world: World, groupId: string, name: string, now: number): void => {
  const others = clustersOf(world, groupId, now);
  // One that is being deleted still holds its name, as it still answers to it.
  if (others.some((cluster) => cluster.name === name)) {
    // HTTP 400, not 409: atlas-cli#1967.
    const kind = "cluster or serverless instance";
    throw atlasFailure("DUPLICATE_CLUSTER_NAME", { kind, name, groupId });
  }
  const prefix = hostPrefix(name);
  if (others.some((cluster) => hostPrefix(cluster.name) === prefix)) {
    throw atlasFailure("DUPLICATE_CLUSTER_NAME_PREFIX", { name, prefixLength: PREFIX_LENGTH });
  }
};
