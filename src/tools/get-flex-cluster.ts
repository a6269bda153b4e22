import * as z from "zod/v4";
import { clusterName, type FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Suggestion } from "../common/failure.ts";
import { awaitReady, getFlexCluster as get, isReady } from "../operations/flex-cluster-ready.ts";
import { groupId, waitSeconds } from "./arguments.ts";
import { defineRead, type ToolContext } from "./define.ts";
import { missingBody } from "./missing.ts";
import type { BodyWith, Outcome } from "./result.ts";

/** Suggests a call that waits for a cluster which will be ready. */
const waitFor = (groupId: string, { stateName, name }: FlexCluster): Suggestion[] =>
  stateName === "DELETING" || name === undefined
    ? []
    : [
        {
          suggest: "look_up_cluster",
          with: { groupId, name, waitSeconds: 30 },
          why: "Waits up to 30 s until the cluster is ready.",
        },
      ];

/** The body about one cluster: how to wait until it is ready, then what is missing to connect to it. */
export const clusterBody = async (
  context: ToolContext,
  outcome: Outcome,
  groupId: string,
  cluster: FlexCluster,
): Promise<BodyWith<"cluster" | "ready">> => {
  const ready = isReady(cluster);
  return {
    outcome,
    ready,
    cluster,
    ...(ready
      ? await missingBody(context, groupId, cluster.name ?? "")
      : { suggestions: waitFor(groupId, cluster) }),
  };
};

/** Shows one flex cluster, and waits for it with `waitSeconds`. */
export const getFlexCluster = defineRead({
  name: "get_flex_cluster",
  title: "Get flex cluster",
  description:
    "Shows a MongoDB Atlas flex cluster: state, region, connection strings; ready is true once it runs.",
  searchHint: "MongoDB Atlas cluster status and connection string (URI); wait until it is ready",
  access: "read",
  hasCard: true,
  groups: ["connect"],
  input: z.strictObject({ groupId, name: clusterName, waitSeconds }),
  output: ["cluster", "ready", "missing", "note"],
  always: ["cluster", "ready"],
  suggests: {
    look_up_cluster: ({ groupId, name, waitSeconds }) => ({
      arguments: { groupId, name, ...(waitSeconds === undefined ? {} : { waitSeconds }) },
      why: "Shows whether the cluster exists now, its state and connection strings.",
    }),
  },
  run: async ({ groupId, name, waitSeconds = 0 }, context) => {
    const cluster = await get(context, groupId, name);
    const last = await awaitReady(context, groupId, { name, ...cluster }, waitSeconds);
    return clusterBody(context, "found", groupId, last);
  },
});
