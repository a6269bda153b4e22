/** Flex clusters: finding, creating and waiting for them. */

import { type CreateFlexClusterBody, clusterName } from "../atlas/bodies.ts";
import { rowOf } from "../atlas/classify.ts";
import { clusterLimitPerProject } from "../atlas/pricing.ts";
import { createGroupFlexCluster } from "../atlas/requests.ts";
import type { FlexCluster } from "../atlas/resources.ts";
import type { Deadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure, failure, type Hint } from "../common/failure.ts";
import { type Comparison, differencesBy, object, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import { make, type Survey } from "./create.ts";
import type { CreateResult, CreateSpec } from "./create-spec.ts";
import { isWithoutProject, type Lookup, lookUpBy } from "./lookup.ts";
import { regionFailure } from "./region.ts";
import { atlasNameOf } from "./region-names.ts";

/** Codes of Atlas that say that no cluster has the name. */
export const noCluster: readonly string[] = ["CLUSTER_NOT_FOUND", "RESOURCE_NOT_FOUND"];

/** The flex cluster of this name. A missing project ends the call; a cluster of another kind has the name. */
export const findFlexCluster = (
  { atlas }: OperationContext,
  groupId: string,
  name: string,
  deadline: Deadline,
): Promise<Lookup<FlexCluster>> =>
  lookUpBy(noCluster, async () => [await atlas.getFlexCluster(deadline, groupId, name)]);

const comparison: Comparison<CreateFlexClusterBody, FlexCluster, "name"> = {
  providerSettings: object({
    backingProviderName: value((existing) => existing.providerSettings?.backingProviderName),
    regionName: value((existing) => existing.providerSettings?.regionName),
  }),
  // Tags are left out of an answer where there are none (facts 1.3).
  tags: set({ key: true, value: true }, ({ tags = [] }) => tags),
  terminationProtectionEnabled: value((existing) => existing.terminationProtectionEnabled),
};

/** A flex cluster to create, for `ensure`. */
export const flexClusterCreateSpec = (
  work: OperationContext,
  groupId: string,
  body: CreateFlexClusterBody,
) => {
  const request = createGroupFlexCluster(groupId, body);
  const lookUp: Hint = { advice: "look_up_cluster", with: { groupId, name: body.name } };
  const creation: CreateSpec<FlexCluster> = {
    noun: `flex cluster ${JSON.stringify(body.name)}`,
    key: `cluster ${groupId} ${body.name}`,
    request: JSON.stringify([request.path, body]),
    find: (deadline) => findFlexCluster(work, groupId, body.name, deadline),
    post: (deadline) => work.atlas.createFlexCluster(deadline, request),
    differences: (existing) => differencesBy(comparison, body, existing),
    uniqueInAtlas: true,
    tagged: (body.tags?.length ?? 0) > 0,
    instead: "choose another name",
    madeAt: (existing) => existing.createDate,
    leaving: (existing) => existing.stateName === "DELETING",
    lookUp,
    goOn: () => [{ ...lookUp, why: "The cluster that has the name." }],
  };
  return { creation, request };
};

/** Where Atlas has refused the region, adds which regions it offers and what was probably meant. */
const explainRegion = async (
  work: OperationContext,
  groupId: string,
  body: CreateFlexClusterBody,
  refused: Failure,
): Promise<Failure> => {
  const { errorCode, detail } = refused.atlas ?? {};
  const row = rowOf(errorCode);
  // Some refusals of a region come as INVALID_ATTRIBUTE (facts 4.4).
  const aboutRegion =
    row?.advice?.includes("other_region") ||
    (errorCode === "INVALID_ATTRIBUTE" && /region/i.test(detail ?? ""));
  if (!aboutRegion) return refused;
  const { backingProviderName, regionName } = body.providerSettings;
  return regionFailure(work, groupId, backingProviderName, regionName, refused);
};

/** Creates a flex cluster that was surveyed; where Atlas refuses the region, the failure says which ones it offers. */
export const createFlexCluster = async (
  work: OperationContext,
  groupId: string,
  body: CreateFlexClusterBody,
  before: Exclude<Survey<FlexCluster>, { existing: FlexCluster }>,
  ifExists: "error" | "return",
): Promise<CreateResult<FlexCluster>> => {
  const { creation } = flexClusterCreateSpec(work, groupId, body);
  try {
    return await make(creation, before, ifExists, { ...work, flights: work.flights.flexClusters });
  } catch (error) {
    throw error instanceof AtlasToolError
      ? new AtlasToolError(await explainRegion(work, groupId, body, error.failure))
      : error;
  }
};

const checkRegion = async (
  work: OperationContext,
  groupId: string,
  { providerSettings: { backingProviderName, regionName } }: CreateFlexClusterBody,
): Promise<void> => {
  const would = failure("invalid_input", "Atlas does not offer this region.", {
    outcome: "not_created",
  });
  const explained = await regionFailure(work, groupId, backingProviderName, regionName, would);
  if (explained !== would) throw new AtlasToolError(explained);
};

/** Looks a region up that Atlas would not spell so: nobody should be asked for money for what cannot be made. Throws where it is not offered. */
export const askAtlasAboutUnusualRegion = async (
  work: OperationContext,
  groupId: string,
  body: CreateFlexClusterBody,
): Promise<void> => {
  const { backingProviderName, regionName } = body.providerSettings;
  if (atlasNameOf(backingProviderName, regionName) !== regionName)
    await checkRegion(work, groupId, body);
};

/** What a dry run can find out by reading: whether the region is offered and the project has room. Throws where it is not. */
export const checkFlexCluster = async (
  work: OperationContext,
  groupId: string,
  body: CreateFlexClusterBody,
): Promise<void> => {
  const page = await work.atlas.listFlexClusters(work.deadline, groupId, { itemsPerPage: 1 });
  if ((page.totalCount ?? 0) >= clusterLimitPerProject)
    throw new AtlasToolError(
      failure(
        "quota_exceeded",
        `The project has ${page.totalCount} flex clusters; Atlas allows ${clusterLimitPerProject} clusters unless it has raised the limit.`,
        { outcome: "not_created" },
      ),
    );
  await checkRegion(work, groupId, body);
};

/** The flex cluster of this name; where there is none, the failure names those that there are. */
export const getFlexCluster = async (
  work: OperationContext,
  groupId: string,
  name: string,
): Promise<FlexCluster> => {
  try {
    return await work.atlas.getFlexCluster(work.deadline, groupId, name);
  } catch (error) {
    const missing = error instanceof AtlasToolError && error.failure.code === "not_found";
    if (!missing || isWithoutProject(error.failure)) throw error;
    const page = await work.atlas
      .listFlexClusters(work.deadline, groupId)
      .catch(() => ({ results: [] }));
    const names = page.results
      .flatMap((one) => (clusterName.safeParse(one.name).success ? (one.name ?? []) : []))
      .slice(0, 10);
    const others = names.length === 0 ? "It has none." : `It has: ${names.join(", ")}.`;
    throw new AtlasToolError({
      ...error.failure,
      message: `${error.failure.message} ${others}`,
      hints: names.slice(0, 3).map((other) => ({
        advice: "look_up_cluster",
        with: { groupId, name: other },
        why: "A cluster that the project has.",
      })),
    });
  }
};

/** Whether a cluster can be connected to: `IDLE` is Atlas's word for running. */
export const isReady = (cluster: FlexCluster): boolean => cluster.stateName === "IDLE";

// What a wait leaves of the deadline, so that its answer is on its way before the host gives up.
const reserveMs = 1500;

/**
 * Waits until the cluster is ready, at most `waitSeconds` (seconds) and within the deadline. Failed polls are passed
 * over; the answer is the last known state. It ends early when the cluster is going away.
 */
export const awaitReady = async (
  work: OperationContext,
  groupId: string,
  cluster: FlexCluster,
  waitSeconds: number,
): Promise<FlexCluster> => {
  const { clock, deadline } = work;
  const name = cluster.name ?? "";
  const startedAt = clock.now();
  const totalMs = Math.min(waitSeconds * 1000, Math.max(0, deadline.remaining() - reserveMs));
  let last = cluster;
  for (let poll = 0; ; poll += 1) {
    const waitedMs = clock.now() - startedAt;
    if (
      isReady(last) ||
      last.stateName === "DELETING" ||
      waitedMs >= totalMs ||
      deadline.cancelled()
    )
      return last;
    await work.progress(
      Math.floor(waitedMs / 1000),
      waitSeconds,
      `Flex cluster ${name} is ${last.stateName ?? "being created"}.`,
    );
    // 1 s at first, then 2 to 5 s with jitter (style 2.3): flex clusters take seconds, not hours.
    const pause =
      poll === 0 ? 1000 : Math.min(2000 + 500 * poll, 4500) * (0.9 + 0.2 * clock.random());
    await clock.sleep(Math.min(pause, totalMs - waitedMs), deadline.readSignal);
    const sighting = await findFlexCluster(work, groupId, name, deadline).catch(() => undefined);
    if (sighting && "seen" in sighting) last = sighting.seen[0] ?? last;
  }
};
