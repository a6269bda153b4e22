/** Reading a flex cluster, and waiting until it can be connected to. */
import * as requests from "../atlas/requests.ts";
import { clusterName, type FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { failureOf, raise } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { findFlexCluster } from "./flex-cluster.ts";
import { atlasCodeOf, noProject } from "./lookup.ts";

/** The flex cluster of this name; where there is none, the failure names those that there are. */
export const getFlexCluster = async (
  { atlas, deadline }: OperationContext,
  groupId: string,
  name: string,
): Promise<FlexCluster> => {
  try {
    return await atlas.read(requests.getGroupFlexCluster(groupId, name), deadline);
  } catch (error) {
    const failed = failureOf(error);
    if (failed.code !== "not_found" || noProject.includes(atlasCodeOf(failed))) throw error;
    const page = await atlas
      .read(requests.listGroupFlexClusters(groupId), deadline)
      .catch(() => ({ results: [] }));
    const names = page.results
      .flatMap((one) => (clusterName.safeParse(one.name).success ? (one.name ?? []) : []))
      .slice(0, 10);
    const others = names.length === 0 ? "It has none." : `It has: ${names.join(", ")}.`;
    return raise({
      ...failed,
      message: `${failed.message} ${others}`,
      suggestions: names.slice(0, 3).map((other) => ({
        suggest: "look_up_cluster",
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
  { atlas, clock, deadline, progress }: OperationContext,
  groupId: string,
  cluster: FlexCluster,
  waitSeconds: number,
): Promise<FlexCluster> => {
  const name = cluster.name ?? "";
  const startedAt = clock.now();
  const totalMs = Math.min(waitSeconds * 1000, Math.max(0, deadline.remaining() - reserveMs));
  let last = cluster;
  for (let poll = 0; ; poll += 1) {
    const waitedMs = clock.now() - startedAt;
    const isOver = isReady(last) || last.stateName === "DELETING" || waitedMs >= totalMs;
    if (isOver || deadline.cancelled()) return last;
    const state = last.stateName ?? "being created";
    await progress(Math.floor(waitedMs / 1000), waitSeconds, `Flex cluster ${name} is ${state}.`);
    // 1 s at first, then 2 to 5 s with jitter: flex clusters take seconds, not hours (docs/atlas.md#flex-clusters).
    const pause =
      poll === 0 ? 1000 : Math.min(2000 + 500 * poll, 4500) * (0.9 + 0.2 * clock.random());
    await clock.sleep(Math.min(pause, totalMs - waitedMs), deadline.readSignal);
    const lookup = await findFlexCluster(atlas, groupId, name, deadline).catch(() => undefined);
    if (lookup && "found" in lookup) last = lookup.found[0] ?? last;
  }
};
