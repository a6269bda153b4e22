/** Creates a flex cluster, and checks before what Atlas would refuse. */
import { rowFor } from "../atlas/classify.ts";
import { clusterLimitPerProject } from "../atlas/pricing.ts";
import { getGroup, listGroupFlexClusters } from "../atlas/requests.ts";
import type { FlexCluster, FlexClusterBody } from "../atlas/resources/flex-cluster.ts";
import {
  type ErrorCode,
  type Failure,
  fail,
  failure,
  failureOf,
  raise,
} from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { create, type IfExists, type NotFound } from "./create.ts";
import type { CreateResult } from "./create-spec.ts";
import { flexClusterCreateSpec } from "./flex-cluster.ts";
import type { SweepAfter } from "./lease.ts";
import { explainRegion } from "./region.ts";
import { isUnusual } from "./region-meaning.ts";

/** Whether Atlas refused the region, for which it sometimes answers INVALID_ATTRIBUTE (docs/atlas.md#errors). */
const isAboutRegion = ({ atlas }: Failure): boolean =>
  rowFor(atlas)?.suggestions?.includes("other_region") === true ||
  (atlas?.errorCode === "INVALID_ATTRIBUTE" && /region/i.test(atlas.detail ?? ""));

/** What the plan of a create has found out. */
export type PlannedCluster = {
  body: FlexClusterBody;
  sweepAfter?: SweepAfter;
  before: NotFound<FlexCluster>;
};

// Who may not see the project may create in it all the same; if it does not exist, the create says so.
const notSeen: ReadonlySet<ErrorCode> = new Set(["forbidden", "not_found"]);

/** The lease that a cluster takes from its project where it is given none. Throws if Atlas cannot say. */
export const leaseOfProject = async (
  { atlas, deadline }: OperationContext,
  groupId: string,
): Promise<SweepAfter> => {
  try {
    const { sweepAfter } = await atlas.read(getGroup(groupId), deadline);
    if (sweepAfter !== undefined && Date.parse(sweepAfter) <= atlas.now())
      fail(
        "invalid_input",
        `The project's own end is over (${sweepAfter}), so a cluster that takes it would go at once.`,
        {
          fields: [
            { path: "sweepAfter", problem: 'is needed here: a date of its own, or "never"' },
          ],
        },
      );
    return sweepAfter;
  } catch (error) {
    return notSeen.has(failureOf(error).code) ? undefined : raise(failureOf(error));
  }
};

/** Creates a flex cluster. If Atlas refuses the region, the failure lists those that it offers. */
export const createFlexCluster = async (
  context: OperationContext,
  groupId: string,
  { body, sweepAfter, before }: PlannedCluster,
  ifExists: IfExists,
): Promise<CreateResult<FlexCluster>> => {
  const { spec } = flexClusterCreateSpec(context, groupId, body, sweepAfter);
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
  const refused = failure("invalid_input", "Atlas does not know this name of a region.", {
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
  if (isUnusual(backingProviderName, regionName)) await checkRegion(context, groupId, body);
};

/** What a dry run checks: that the project has room and Atlas offers the region. Throws if not. */
export const checkFlexCluster = async (
  context: OperationContext,
  groupId: string,
  body: FlexClusterBody,
): Promise<void> => {
  const { totalCount = 0 } = await context.atlas.read(
    listGroupFlexClusters(groupId, { itemsPerPage: 1 }),
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
