/** Updates a flex cluster: what `updateResource` needs to know. */
import * as requests from "../atlas/requests.ts";
import type { FlexCluster, FlexClusterUpdate } from "../atlas/resources/flex-cluster.ts";
import type { Suggestion } from "../common/failure.ts";
import { type Comparison, differencesBy, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import { getFlexCluster } from "./flex-cluster-ready.ts";
import { changedTags, ownTags, type SweepAfter, sameLease } from "./lease.ts";
import type { UpdateSpec } from "./update-spec.ts";

/** What an update may ask for. */
export type FlexClusterChange = FlexClusterUpdate & { sweepAfter?: SweepAfter };

const comparison: Comparison<FlexClusterChange, FlexCluster> = {
  tags: set({ key: true, value: true }, ownTags),
  terminationProtectionEnabled: value((existing) => existing.terminationProtectionEnabled ?? false),
  sweepAfter: sameLease,
};

/** The body that changes what differs, and nothing else. */
const bodyFor = (
  groupId: string,
  existing: FlexCluster,
  asked: FlexClusterChange,
): FlexClusterUpdate => {
  const fields = new Set(differencesBy(comparison, asked, existing).map(({ field }) => field));
  const leased = { kind: "flexCluster", parentId: groupId, name: existing.name } as const;
  return {
    ...(fields.has("tags") || fields.has("sweepAfter")
      ? { tags: changedTags(leased, existing, asked) }
      : {}),
    ...(fields.has("terminationProtectionEnabled")
      ? { terminationProtectionEnabled: asked.terminationProtectionEnabled }
      : {}),
  };
};

/** Describes the update of a flex cluster, for `updateResource`. */
export const flexClusterUpdateSpec = (
  context: OperationContext,
  { groupId, name }: { groupId: string; name: string },
  asked: FlexClusterChange,
): UpdateSpec<FlexCluster> => {
  const lookUp: Suggestion = { suggest: "look_up_cluster", with: { groupId, name } };
  const request = (existing: FlexCluster) =>
    requests.updateGroupFlexCluster(groupId, name, bodyFor(groupId, existing, asked));
  return {
    noun: `flex cluster ${JSON.stringify(name)}`,
    key: `cluster ${groupId} ${name}`,
    fingerprint: JSON.stringify(asked),
    idOf: (cluster) => cluster.id,
    stateOf: (cluster) => cluster.stateName,
    read: (deadline) => getFlexCluster({ ...context, deadline }, groupId, name),
    differences: (existing) => differencesBy(comparison, asked, existing),
    request,
    send: (existing, deadline) => context.atlas.send(request(existing), deadline),
    lookUp,
  };
};
