import * as z from "zod/v4";
import { clusterName } from "../atlas/resources/flex-cluster.ts";
import { deleteResource } from "../operations/delete.ts";
import { flexClusterDeleteSpec, planClusterDelete } from "../operations/flex-cluster-delete.ts";
import { deleteOptions, groupId } from "./arguments.ts";
import { defineChange } from "./define.ts";
import { deletedBody } from "./deletion.ts";

/** Deletes the flex cluster that has the name now, and no other that gets it later. */
export const deleteFlexCluster = defineChange({
  name: "delete_flex_cluster",
  title: "Delete flex cluster",
  description:
    "Deletes a MongoDB Atlas flex cluster with its data, for good, and waits until it is gone. Absent is a success.",
  access: "delete",
  kind: "flexCluster",
  input: z.strictObject({ groupId, name: clusterName, ...deleteOptions }),
  output: ["reconciled", "request", "receipt"],
  suggests: {
    delete_cluster: ({ groupId, name }) => ({
      arguments: { groupId, name },
      why: "Deletes the cluster and its data.",
    }),
  },
  change: ({ groupId, name }) => ({ name, groupId }),
  plan: async ({ groupId, name, dryRun }, context) => {
    const target = await planClusterDelete(context, groupId, name);
    const id = "absent" in target ? "" : target.id;
    const { spec, request } = flexClusterDeleteSpec(context, groupId, name, id);
    if ("absent" in target) return { request, done: { outcome: "absent" } };
    // Already being deleted: nothing to agree to, only to wait for.
    if (target.resource.stateName === "DELETING" && !dryRun)
      return { request, done: deletedBody(await deleteResource(spec, context), spec) };
    return { request, id, pending: spec };
  },
  apply: async (spec, _input, context) => deletedBody(await deleteResource(spec, context), spec),
});
