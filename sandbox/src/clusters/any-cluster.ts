/** What new clusters of both APIs have in common. */
import { type Call, hasFault, staleReadsOf } from "../api/operation.ts";
import { lowerAlphanumeric } from "../identifiers.ts";
import type { AnyCluster } from "../state/resources.ts";

/** Creates what clusters of both APIs have, with the faults of this call. */
export const createAnyCluster = (call: Call, groupId: string, name: string): AnyCluster => {
  const { state, now } = call;
  const part = (length: number): string => state.ids.text(lowerAlphanumeric, length);
  return {
    id: state.ids.objectId(now),
    groupId,
    name,
    tags: undefined,
    terminationProtectionEnabled: false,
    createdAt: now,
    deletedAt: undefined,
    changedAt: undefined,
    stuck: hasFault(call, "stuck_creating"),
    updating: hasFault(call, "updating"),
    lateStrings: hasFault(call, "late_strings"),
    staleReads: staleReadsOf(call),
    hosts: { cluster: `ac-${part(7)}`, replicaSet: `atlas-${part(6)}`, domain: part(7) },
  };
};
