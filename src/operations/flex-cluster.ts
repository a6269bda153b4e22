/** A flex cluster: finding and creating one. */
import { rowOf } from "../atlas/classify.ts";
import type { AtlasClient } from "../atlas/client.ts";
import { clusterLimitPerProject } from "../atlas/pricing.ts";
import * as requests from "../atlas/requests.ts";
import type { FlexCluster, FlexClusterBody } from "../atlas/resources/flex-cluster.ts";
import type { Deadline } from "../common/deadline.ts";
import {
  type Failure,
  fail,
  failure,
  failureOf,
  raise,
  type Suggestion,
} from "../common/failure.ts";
import { type Comparison, differencesBy, object, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import { type Absent, create, type IfExists } from "./create.ts";
import type { CreateResult, CreateSpec } from "./create-spec.ts";
import { type Lookup, lookUpBy } from "./lookup.ts";
import { explainRegion } from "./region.ts";
import { atlasNameOf } from "./region-names.ts";

/** Codes of Atlas that say that no cluster has the name. */
export const noCluster: readonly string[] = ["CLUSTER_NOT_FOUND", "RESOURCE_NOT_FOUND"];

/** The flex cluster of this name. A missing project ends the call; a cluster of another kind has the name. */
export const findFlexCluster = (
  atlas: AtlasClient,
  groupId: string,
  name: string,
  deadline: Deadline,
): Promise<Lookup<FlexCluster>> =>
  lookUpBy(noCluster, async () => [
    await atlas.read(requests.getGroupFlexCluster(groupId, name), deadline),
  ]);

const comparison: Comparison<FlexClusterBody, FlexCluster, "name"> = {
  providerSettings: object({
    backingProviderName: value((existing) => existing.providerSettings?.backingProviderName),
    regionName: value((existing) => existing.providerSettings?.regionName),
  }),
  // Tags are left out of an answer where there are none (docs/atlas.md#tags).
  tags: set({ key: true, value: true }, ({ tags = [] }) => tags),
  terminationProtectionEnabled: value((existing) => existing.terminationProtectionEnabled),
};

/** A flex cluster to create. */
export const flexClusterCreateSpec = (
  { atlas }: OperationContext,
  groupId: string,
  body: FlexClusterBody,
) => {
  const { name } = body;
  const request = requests.createGroupFlexCluster(groupId, body);
  const lookUp: Suggestion = { suggest: "look_up_cluster", with: { groupId, name } };
  const spec: CreateSpec<FlexCluster> = {
    noun: `flex cluster ${JSON.stringify(name)}`,
    key: `cluster ${groupId} ${name}`,
    request: JSON.stringify([request.path, body]),
    find: (deadline) => findFlexCluster(atlas, groupId, name, deadline),
    post: (deadline) => atlas.send(request, deadline),
    differences: (existing) => differencesBy(comparison, body, existing),
    uniqueInAtlas: true,
    hasTags: (body.tags?.length ?? 0) > 0,
    alternative: "choose another name",
    createdAt: (existing) => existing.createDate,
    isDeleting: (existing) => existing.stateName === "DELETING",
    lookUp,
    nextSteps: () => [{ ...lookUp, why: "The cluster that has the name." }],
  };
  return { spec, request };
};

/** Whether Atlas minds the region: some refusals of one come as INVALID_ATTRIBUTE (docs/atlas.md#regions). */
const isAboutRegion = ({ atlas: { errorCode, detail } = { status: 0 } }: Failure): boolean =>
  rowOf(errorCode)?.suggestions?.includes("other_region") === true ||
  (errorCode === "INVALID_ATTRIBUTE" && /region/i.test(detail ?? ""));

/** Creates a flex cluster; where Atlas refuses the region, the failure says which ones it offers. */
export const createFlexCluster = async (
  context: OperationContext,
  groupId: string,
  body: FlexClusterBody,
  before: Absent<FlexCluster>,
  ifExists: IfExists,
): Promise<CreateResult<FlexCluster>> => {
  const { spec } = flexClusterCreateSpec(context, groupId, body);
  try {
    return await create(spec, before, ifExists, context, context.singleFlights.flexClusters);
  } catch (error) {
    const refused = failureOf(error);
    const explained = isAboutRegion(refused)
      ? await explainRegion(context, groupId, body.providerSettings, refused)
      : refused;
    return raise(explained);
  }
};

/** Asks Atlas which regions it offers. Throws where it says that this one is not among them. */
const checkRegion = async (
  context: OperationContext,
  groupId: string,
  { providerSettings }: FlexClusterBody,
): Promise<void> => {
  const refused = failure("invalid_input", "Atlas does not offer this region.", {
    outcome: "not_created",
  });
  const explained = await explainRegion(context, groupId, providerSettings, refused);
  if (explained !== refused) raise(explained);
};

/** Asks Atlas about a region that it would not spell so: nobody should be asked for money for what cannot be made. Throws where it is not offered. */
export const checkUnusualRegion = async (
  context: OperationContext,
  groupId: string,
  body: FlexClusterBody,
): Promise<void> => {
  const { backingProviderName, regionName } = body.providerSettings;
  if (atlasNameOf(backingProviderName, regionName) !== regionName)
    await checkRegion(context, groupId, body);
};

/** What a dry run can find out by reading: whether the region is offered and the project has room. Throws where it is not. */
export const checkFlexCluster = async (
  context: OperationContext,
  groupId: string,
  body: FlexClusterBody,
): Promise<void> => {
  const { totalCount = 0 } = await context.atlas.read(
    requests.listGroupFlexClusters(groupId, { itemsPerPage: 1 }),
    context.deadline,
  );
  if (totalCount >= clusterLimitPerProject)
    fail(
      "quota_exceeded",
      `The project has ${totalCount} flex clusters; Atlas allows ${clusterLimitPerProject} clusters unless it has raised the limit.`,
      { outcome: "not_created" },
    );
  await checkRegion(context, groupId, body);
};
