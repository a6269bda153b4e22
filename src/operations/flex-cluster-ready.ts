/** Reads a flex cluster, and waits until it is ready. */
import * as requests from "../atlas/requests.ts";
import { clusterName, type FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { resultMs } from "../common/deadline.ts";
import { failureOf, raise } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { findFlexCluster } from "./flex-cluster.ts";
import { atlasCodeOf, noProject } from "./lookup.ts";

/** Reads the flex cluster with this name. If there is none, the failure names those that exist. */
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
      .flatMap((other) => (clusterName.safeParse(other.name).success ? (other.name ?? []) : []))
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

/** Whether a cluster can be connected to: `IDLE` is Atlas's word for running, and its address may come later (docs/atlas.md#flex-clusters). */
export const isReady = ({ stateName, connectionStrings: strings }: FlexCluster): boolean =>
  stateName === "IDLE" && Boolean(strings?.standardSrv || strings?.standard);

/**
 * Waits until the cluster is ready, at most `waitSeconds` and within the deadline. Skips failed polls and returns the last
 * known state. Stops early if the cluster is being deleted.
 */
export const awaitReady = async (
  { atlas, clock, deadline, progress }: OperationContext,
  groupId: string,
  cluster: FlexCluster,
  waitSeconds: number,
): Promise<FlexCluster> => {
  const name = cluster.name ?? "";
  const startedAt = clock.monotonic();
  const totalMs = Math.min(waitSeconds * 1000, Math.max(0, deadline.remaining() - resultMs));
  let last = cluster;
  for (let poll = 0; ; poll += 1) {
    const waitedMs = clock.monotonic() - startedAt;
    const isOver = isReady(last) || last.stateName === "DELETING" || waitedMs >= totalMs;
    if (isOver || deadline.cancelled()) return last;
    const state = last.stateName ?? "being created";
    const waited = Math.floor(waitedMs / 1000);
    const time = `(${waited} of ${waitSeconds} s)`;
    await progress(waited, `Flex cluster ${name} is ${state} ${time}.`);
    // 1 s at first, then 2 to 5 s with jitter: flex clusters take seconds, not hours (docs/atlas.md#flex-clusters).
    const pause =
      poll === 0 ? 1000 : Math.min(2000 + 500 * poll, 4500) * (0.9 + 0.2 * clock.random());
    await clock.sleep(Math.min(pause, totalMs - waitedMs), deadline.readSignal);
    const lookup = await findFlexCluster(atlas, groupId, name, deadline).catch(() => undefined);
    if (lookup && "found" in lookup) last = lookup.found[0] ?? last;
  }
};
