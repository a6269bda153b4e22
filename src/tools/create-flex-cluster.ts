import * as z from "zod/v4";
import { flexLimits, flexPrice } from "../atlas/pricing.ts";
import { flexClusterBodySchema } from "../atlas/resources/flex-cluster.ts";
import { lookBefore } from "../operations/create.ts";
import { flexClusterCreateSpec } from "../operations/flex-cluster.ts";
import {
  checkFlexCluster,
  checkUnusualRegion,
  createFlexCluster as create,
} from "../operations/flex-cluster-create.ts";
import { awaitReady } from "../operations/flex-cluster-ready.ts";
import { createOptions, groupId, waitSeconds } from "./arguments.ts";
import { defineChange } from "./define.ts";
import { clusterBody } from "./get-flex-cluster.ts";

const { storageGB } = flexLimits;
const { from, to } = flexPrice.perMonth;

const input = z.strictObject({
  groupId,
  ...flexClusterBodySchema.shape,
  waitSeconds,
  ...createOptions,
});

/** Creates a flex cluster. */
export const createFlexCluster = defineChange({
  name: "create_flex_cluster",
  title: "Create flex cluster",
  description: `Creates a MongoDB Atlas flex cluster (${storageGB} GB, billed ${from} to ${to} USD a month); free (M0) and dedicated clusters cannot be made. Set waitSeconds, or call get_flex_cluster until ready is true. Safe to repeat.`,
  access: "create",
  kind: "flexCluster",
  input,
  output: ["cluster", "ready", "reconciled", "request", "receipt"],
  change: ({ groupId, name, providerSettings, tags, terminationProtectionEnabled }) => ({
    name,
    groupId,
    details: {
      provider: providerSettings.backingProviderName,
      region: providerSettings.regionName,
      tags,
      terminationProtectionEnabled,
    },
  }),
  plan: async (input, context) => {
    const {
      groupId,
      ifExists = "error",
      dryRun,
      waitSeconds = 0,
      confirmation: _,
      ...body
    } = input;
    const { spec, request } = flexClusterCreateSpec(context, groupId, body);
    const before = await lookBefore(spec, ifExists, context);
    if ("existing" in before) {
      const wait = dryRun ? 0 : waitSeconds;
      const cluster = await awaitReady(context, groupId, before.existing, wait);
      return { request, done: clusterBody("existing", groupId, cluster) };
    }
    await (dryRun ? checkFlexCluster : checkUnusualRegion)(context, groupId, body);
    return { request, pending: { body, before } };
  },
  apply: async ({ body, before }, { groupId, ifExists = "error", waitSeconds = 0 }, context) => {
    const created = await create(context, groupId, body, before, ifExists);
    const named = { name: body.name, ...created.resource };
    const cluster = await awaitReady(context, groupId, named, waitSeconds);
    return {
      ...clusterBody(created.outcome, groupId, cluster),
      ...(created.reconciled ? { reconciled: true } : {}),
    };
  },
});
