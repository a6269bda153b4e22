import * as z from "zod/v4";
import { clusterName, type FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { awaitReady, getFlexCluster as get, isReady } from "../operations/flex-cluster-ready.ts";
import { groupId, waitSeconds } from "./arguments.ts";
import { defineRead } from "./define.ts";
import type { Body, Outcome } from "./result.ts";

/** The body about one cluster. Until it is ready, it suggests a call that waits for it. */
export const clusterBody = (outcome: Outcome, groupId: string, cluster: FlexCluster): Body => {
  const ready = isReady(cluster);
  const isPending = !ready && cluster.stateName !== "DELETING" && cluster.name !== undefined;
  return {
    outcome,
    ready,
    cluster,
    suggestions: isPending
      ? [
          {
            suggest: "look_up_cluster",
            with: { groupId, name: cluster.name, waitSeconds: 30 },
            why: "Waits up to 30 s until the cluster is ready.",
          },
        ]
      : [],
  };
};

/** Shows one flex cluster, and waits for it with `waitSeconds`. */
export const getFlexCluster = defineRead({
  name: "get_flex_cluster",
  title: "Get flex cluster",
  description:
    "Shows a MongoDB Atlas flex cluster: state, region, connection strings; ready is true once it runs.",
  access: "read",
  input: z.strictObject({ groupId, name: clusterName, waitSeconds }),
  output: ["cluster", "ready"],
  suggests: {
    look_up_cluster: ({ groupId, name, waitSeconds }) => ({
      arguments: { groupId, name, ...(waitSeconds === undefined ? {} : { waitSeconds }) },
      why: "Shows whether the cluster exists now, its state and connection strings.",
    }),
  },
  run: async ({ groupId, name, waitSeconds = 0 }, context) => {
    const cluster = await get(context, groupId, name);
    return clusterBody(
      "found",
      groupId,
      await awaitReady(context, groupId, { name, ...cluster }, waitSeconds),
    );
  },
});
