import * as z from "zod/v4";
import { createFlexClusterBody } from "../atlas/bodies.ts";
import { survey } from "../operations/create.ts";
import {
  askAtlasAboutUnusualRegion,
  awaitReady,
  checkFlexCluster,
  createFlexCluster as create,
  flexClusterCreateSpec,
} from "../operations/flex-cluster.ts";
import { createOptions, groupId, waitSeconds } from "./arguments.ts";
import { defineChange } from "./define.ts";
import { clusterBody } from "./get-flex-cluster.ts";

const input = z.strictObject({
  groupId,
  ...createFlexClusterBody.shape,
  waitSeconds,
  ...createOptions,
});

/** Creates a flex cluster, once. */
export const createFlexCluster = defineChange({
  name: "create_flex_cluster",
  title: "Create flex cluster",
  description:
    "Creates a flex cluster (5 GB, billed 8 to 30 USD a month); free (M0) and dedicated clusters cannot be made. Set waitSeconds, or call get_flex_cluster until ready is true. Safe to repeat.",
  access: "create",
  input,
  output: ["cluster", "ready", "reconciled", "request", "receipt"],
  change: ({ groupId, name, providerSettings, tags }) => ({
    kind: "flexCluster",
    name,
    groupId,
    provider: providerSettings.backingProviderName,
    region: providerSettings.regionName,
    ...(tags === undefined ? {} : { tags }),
  }),
  plan: async (input, context) => {
    const { groupId, ifExists = "error", dryRun, waitSeconds, confirmation: _, ...body } = input;
    const { creation, request } = flexClusterCreateSpec(context, groupId, body);
    const before = await survey(creation, ifExists, context);
    if ("existing" in before) {
      const cluster = await awaitReady(
        context,
        groupId,
        before.existing,
        dryRun ? 0 : (waitSeconds ?? 0),
      );
      return { request, settled: clusterBody("existing", groupId, cluster) };
    }
    await (dryRun ? checkFlexCluster : askAtlasAboutUnusualRegion)(context, groupId, body);
    return { request, open: { body, before } };
  },
  apply: async ({ body, before }, { groupId, ifExists = "error", waitSeconds = 0 }, context) => {
    const made = await create(context, groupId, body, before, ifExists);
    const cluster = await awaitReady(
      context,
      groupId,
      { name: body.name, ...made.resource },
      waitSeconds,
    );
    return {
      ...clusterBody(made.outcome, groupId, cluster),
      ...(made.reconciled ? { reconciled: true } : {}),
    };
  },
});
