/** Finds and creates flex clusters. */
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

const comparison: Comparison<FlexClusterBody, FlexCluster, "name"> = {
  providerSettings: object({
    backingProviderName: value((existing) => existing.providerSettings?.backingProviderName),
    regionName: value((existing) => existing.providerSettings?.regionName),
  }),
  // A create's response has no `tags` if none were sent (docs/atlas.md#tags).
  tags: set({ key: true, value: true }, ({ tags = [] }) => tags),
  terminationProtectionEnabled: value((existing) => existing.terminationProtectionEnabled),
};

/** Describes the creation of a flex cluster, for `create`. */
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

/** Whether Atlas refused the region, for which it sometimes answers INVALID_ATTRIBUTE (docs/atlas.md#errors). */
const isAboutRegion = ({ atlas: { errorCode, detail } = { status: 0 } }: Failure): boolean =>
  rowOf(errorCode)?.suggestions?.includes("other_region") === true ||
  (errorCode === "INVALID_ATTRIBUTE" && /region/i.test(detail ?? ""));

/** Creates a flex cluster. If Atlas refuses the region, the failure lists those that it offers. */
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

/** Asks Atlas which regions it offers. Throws if this one is not among them. */
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

/** Checks a region that is not in Atlas's spelling, before a user is asked to pay for what cannot be created. Throws if Atlas does not offer it. */
export const checkUnusualRegion = async (
  context: OperationContext,
  groupId: string,
  body: FlexClusterBody,
): Promise<void> => {
  const { backingProviderName, regionName } = body.providerSettings;
  if (atlasNameOf(backingProviderName, regionName) !== regionName)
    await checkRegion(context, groupId, body);
};

/** What a dry run checks: that the project has room and Atlas offers the region. Throws if not. */
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
