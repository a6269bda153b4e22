import * as z from "zod/v4";
import { listGroupFlexClusters } from "../atlas/requests.ts";
import { clusterName } from "../atlas/resources/flex-cluster.ts";
import { failureOf } from "../common/failure.ts";
import { deleteResource } from "../operations/delete.ts";
import { flexClusterDeleteSpec, planClusterDelete } from "../operations/flex-cluster-delete.ts";
import { groupId, planOptions } from "./arguments.ts";
import { defineChange, type ToolContext } from "./define.ts";
import { absentBody, dataLost, deletedBody } from "./deletion.ts";
import type { Body } from "./result.ts";

/** Nothing has the name. A cluster that was meant goes on costing money. */
const noCluster = async (
  { atlas, deadline }: ToolContext,
  groupId: string,
  name: string,
): Promise<Body> => {
  const page = await atlas.read(listGroupFlexClusters(groupId), deadline).catch(failureOf);
  const names = "code" in page ? [] : page.results.map((cluster) => cluster.name);
  return absentBody("cluster", name, names, (like, why) => ({
    suggest: "look_up_cluster",
    with: { groupId, name: like },
    why,
  }));
};

/** Deletes the flex cluster that has the name now, and no other that gets it later. */
export const deleteFlexCluster = defineChange({
  name: "delete_flex_cluster",
  title: "Delete flex cluster",
  description:
    "Deletes a MongoDB Atlas flex cluster with its data, for good, and waits until it is gone. Absent is a success.",
  searchHint: "delete, remove, terminate a MongoDB Atlas cluster with its data, for good",
  access: "delete",
  kind: "flexCluster",
  input: z.strictObject({ groupId, name: clusterName, ...planOptions }),
  output: ["reconciled", "request", "receipt", "note"],
  always: [],
  suggests: {
    delete_cluster: ({ groupId, name }) => ({
      arguments: { groupId, name },
      why: "Deletes the cluster and its data.",
    }),
  },
  change: ({ groupId, name }) => ({ name, groupId, details: {}, risks: [dataLost] }),
  plan: async ({ groupId, name, dryRun }, context) => {
    const target = await planClusterDelete(context, groupId, name);
    const id = "absent" in target ? "" : target.id;
    const { spec, request } = flexClusterDeleteSpec(context, groupId, name, id);
    if ("absent" in target) return { request, done: await noCluster(context, groupId, name) };
    // Already being deleted: nothing to agree to, only to wait for.
    if (target.resource.stateName === "DELETING" && !dryRun)
      return { request, done: deletedBody(await deleteResource(spec, context), spec) };
    return { request, id, pending: spec };
  },
  apply: async (spec, _input, context) => deletedBody(await deleteResource(spec, context), spec),
});
