/** Finds and creates flex clusters. */
import type { AtlasClient } from "../atlas/client.ts";
import * as requests from "../atlas/requests.ts";
import type { FlexCluster, FlexClusterBody } from "../atlas/resources/flex-cluster.ts";
import type { Deadline } from "../common/deadline.ts";
import type { Suggestion } from "../common/failure.ts";
import { type Comparison, differencesBy, object, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { CreateSpec } from "./create-spec.ts";
import { livesAsLong, newTags, ownTags, type SweepAfter } from "./lease.ts";
import { type Lookup, lookUpBy } from "./lookup.ts";

/** Atlas codes that mean that no cluster has the name. */
export const noCluster: readonly string[] = ["CLUSTER_NOT_FOUND", "RESOURCE_NOT_FOUND"];

/** Looks up the flex cluster with this name. Throws if the project is missing or a cluster of another kind has the name. */
export const findFlexCluster = (
  atlas: AtlasClient,
  groupId: string,
  name: string,
  deadline: Deadline,
): Promise<Lookup<FlexCluster>> =>
  lookUpBy(noCluster, async () => [
    await atlas.read(requests.getGroupFlexCluster(groupId, name), deadline),
  ]);

const comparison: Comparison<FlexClusterBody & { sweepAfter?: SweepAfter }, FlexCluster, "name"> = {
  providerSettings: object({
    backingProviderName: value((existing) => existing.providerSettings?.backingProviderName),
    regionName: value((existing) => existing.providerSettings?.regionName),
  }),
  // A create's response has no `tags` if none were sent (docs/atlas.md#tags).
  tags: set({ key: true, value: true }, ownTags),
  sweepAfter: livesAsLong,
  terminationProtectionEnabled: value((existing) => existing.terminationProtectionEnabled),
};

/** Describes the creation of a flex cluster, for `create`. */
export const flexClusterCreateSpec = (
  { atlas }: OperationContext,
  groupId: string,
  asked: FlexClusterBody,
  sweepAfter?: SweepAfter,
) => {
  const { name } = asked;
  const tags = newTags({ kind: "flexCluster", parentId: groupId, name }, asked.tags, sweepAfter);
  const body = tags === undefined ? asked : { ...asked, tags };
  const request = requests.createGroupFlexCluster(groupId, body);
  const lookUp: Suggestion = { suggest: "look_up_cluster", with: { groupId, name } };
  const spec: CreateSpec<FlexCluster> = {
    noun: `flex cluster ${JSON.stringify(name)}`,
    key: `cluster ${groupId} ${name}`,
    fingerprint: JSON.stringify([request.path, body]),
    find: (deadline) => findFlexCluster(atlas, groupId, name, deadline),
    post: (deadline) => atlas.send(request, deadline),
    differences: (existing) => differencesBy(comparison, { ...asked, sweepAfter }, existing),
    update: {
      fields: () => ["tags", "terminationProtectionEnabled", "sweepAfter"],
      call: () => ({ suggest: "update_cluster", with: { groupId, name } }),
    },
    hasTags: (body.tags?.length ?? 0) > 0,
    alternative: "choose another name",
    createdAt: (existing) => existing.createDate,
    now: atlas.now,
    isDeleting: (existing) => existing.stateName === "DELETING",
    lookUp,
    nextSteps: () => [{ ...lookUp, why: "The cluster that has the name." }],
  };
  return { spec, request };
};
