import * as z from "zod/v4";
import { flexLimits, flexPrice } from "../atlas/pricing.ts";
import { flexClusterBodySchema } from "../atlas/resources/flex-cluster.ts";
import { lookBefore } from "../operations/create.ts";
import { flexClusterCreateSpec } from "../operations/flex-cluster.ts";
import {
  checkFlexCluster,
  checkUnusualRegion,
  createFlexCluster as create,
  leaseOfProject,
} from "../operations/flex-cluster-create.ts";
import { awaitReady } from "../operations/flex-cluster-ready.ts";
import { createOptions, groupId, sweepAfter, waitSeconds } from "./arguments.ts";
import { defineChange } from "./define.ts";
import { clusterBody } from "./get-flex-cluster.ts";

const { storageGB } = flexLimits;
const { from, to } = flexPrice.perMonth;

const input = z.strictObject({
  groupId,
  ...flexClusterBodySchema.shape,
  sweepAfter,
  waitSeconds,
  ...createOptions,
});

/** Creates a flex cluster. */
export const createFlexCluster = defineChange({
  name: "create_flex_cluster",
  title: "Create flex cluster",
  description: `Creates a MongoDB Atlas flex cluster (${storageGB} GB, billed ${from} to ${to} USD a month); free (M0) and dedicated clusters cannot be made. Set waitSeconds, or look again until ready is true. Safe to repeat.`,
  searchHint: "create, provision, deploy a MongoDB Atlas database cluster (flex, billed monthly)",
  access: "create",
  kind: "flexCluster",
  input,
  output: ["cluster", "ready", "missing", "note", "reconciled", "request", "receipt"],
  always: ["cluster", "ready"],
  change: ({
    groupId,
    name,
    providerSettings,
    tags,
    sweepAfter,
    terminationProtectionEnabled,
  }) => ({
    name,
    groupId,
    details: {
      provider: providerSettings.backingProviderName,
      region: providerSettings.regionName,
      tags,
      terminationProtectionEnabled,
      sweepAfter,
    },
  }),
  plan: async (input, context) => {
    const {
      groupId,
      ifExists = "error",
      dryRun,
      waitSeconds = 0,
      confirmation: _,
      sweepAfter: asked,
      ...body
    } = input;
    const { spec } = flexClusterCreateSpec(context, groupId, body, asked);
    const [before, ofProject] = await Promise.all([
      lookBefore(spec, ifExists, context, context.singleFlights.flexClusters),
      asked === undefined ? leaseOfProject(context, groupId) : undefined,
    ]);
    const sweepAfter = asked ?? ofProject;
    const { request } = flexClusterCreateSpec(context, groupId, body, sweepAfter);
    if ("existing" in before) {
      const wait = dryRun ? 0 : waitSeconds;
      const cluster = await awaitReady(context, groupId, before.existing, wait);
      return { request, done: await clusterBody(context, "existing", groupId, cluster) };
    }
    await (dryRun ? checkFlexCluster : checkUnusualRegion)(context, groupId, body);
    const found = { created: context.atlas.now(), details: { sweepAfter } };
    return { request, found, pending: { body, sweepAfter, before } };
  },
  apply: async (planned, { groupId, ifExists = "error", waitSeconds = 0 }, context) => {
    const created = await create(context, groupId, planned, ifExists);
    const named = { name: planned.body.name, ...created.resource };
    const cluster = await awaitReady(context, groupId, named, waitSeconds);
    return {
      ...(await clusterBody(context, created.outcome, groupId, cluster)),
      ...(created.reconciled ? { reconciled: true } : {}),
    };
  },
});
