import * as z from "zod/v4";
import {
  clusterName,
  type FlexCluster,
  flexClusterUpdateSchema,
} from "../atlas/resources/flex-cluster.ts";
import { flexClusterUpdateSpec } from "../operations/flex-cluster-update.ts";
import { updateResource } from "../operations/update.ts";
import { groupId, planOptions, sweepAfter } from "./arguments.ts";
import { defineChange, type Risk } from "./define.ts";
import { clusterBody } from "./get-flex-cluster.ts";
import { asPlanned, planUpdate, someOf, updateBody } from "./update.ts";

const changes = { ...flexClusterUpdateSchema.shape, sweepAfter };

const input = z
  .strictObject({ groupId, name: clusterName, ...changes, ...planOptions })
  .superRefine(someOf(Object.keys(changes)));

type Input = z.output<typeof input>;

const changeOf = ({ tags, terminationProtectionEnabled, sweepAfter }: Input) => ({
  ...(tags === undefined ? {} : { tags }),
  ...(terminationProtectionEnabled === undefined ? {} : { terminationProtectionEnabled }),
  ...(sweepAfter === undefined ? {} : { sweepAfter }),
});

const unprotected: Risk = {
  says: "It switches termination protection off: then the cluster can be deleted with its data.",
  takesAway: true,
};

const risksOf =
  ({ terminationProtectionEnabled }: Input) =>
  (cluster: FlexCluster): Risk[] =>
    terminationProtectionEnabled === false && cluster.terminationProtectionEnabled === true
      ? [unprotected]
      : [];

/** Changes what Atlas lets change on a flex cluster, and its lease. */
export const updateFlexCluster = defineChange({
  name: "update_flex_cluster",
  title: "Update flex cluster",
  description:
    "Changes a MongoDB Atlas flex cluster: tags, termination protection (protect it), when it may be swept (expire, extend). Nothing else can be changed.",
  searchHint: "change, protect, tag a MongoDB Atlas cluster; let it expire, extend it",
  access: "update",
  kind: "flexCluster",
  input,
  output: [
    "cluster",
    "ready",
    "missing",
    "note",
    "differences",
    "reconciled",
    "request",
    "receipt",
  ],
  always: ["cluster", "ready"],
  suggests: {
    update_cluster: ({ groupId, name, tags, terminationProtectionEnabled, sweepAfter }) => ({
      arguments: { groupId, name, tags, terminationProtectionEnabled, sweepAfter },
      why: "Changes the cluster.",
    }),
  },
  change: (input) => ({ name: input.name, groupId: input.groupId, details: changeOf(input) }),
  plan: async (input, context) => {
    const spec = flexClusterUpdateSpec(context, input, changeOf(input));
    const { resource, isDone, risks } = await planUpdate(spec, risksOf(input), context);
    const request = spec.request(resource);
    if (isDone) {
      const done = await clusterBody(context, "unchanged", input.groupId, resource);
      return { request, done };
    }
    const found = { risks, created: Date.parse(resource.createDate ?? "") };
    const id = resource.id ?? "";
    return { request, id, found, pending: asPlanned(spec, resource.id, risksOf(input), risks) };
  },
  apply: async (spec, { groupId }, context) => {
    const updated = await updateResource(spec, context, context.singleFlights.flexClusterUpdates);
    const body = await clusterBody(context, updated.outcome, groupId, updated.resource);
    return { ...body, ...updateBody(updated) };
  },
});
