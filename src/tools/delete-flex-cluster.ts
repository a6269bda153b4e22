import * as z from "zod/v4";
import type { FlexCluster } from "../atlas/resources.ts";
import { remove } from "../operations/delete.ts";
import type { DeleteSpec } from "../operations/delete-spec.ts";
import { flexClusterDeleteSpec, planClusterDelete } from "../operations/flex-cluster-delete.ts";
import { deleteOptions, existingCluster, groupId } from "./arguments.ts";
import { type Body, defineChange, type ToolContext } from "./define.ts";
import { removalBody } from "./deletion.ts";

const waitGone = async (removal: DeleteSpec<FlexCluster>, context: ToolContext): Promise<Body> =>
  removalBody(await remove(removal, context), removal.noun, removal.lookUp);

/** Deletes one flex cluster: the one that has the name now, and no other that takes it later. */
export const deleteFlexCluster = defineChange({
  name: "delete_flex_cluster",
  title: "Delete flex cluster",
  description:
    "Deletes a flex cluster with its data, for good, and waits until it is gone. Absent is a success.",
  access: "delete",
  input: z.strictObject({ groupId, name: existingCluster, ...deleteOptions }),
  output: ["reconciled", "request", "receipt"],
  helps: {
    delete_cluster: ({ groupId, name }) => ({
      arguments: { groupId, name },
      why: "Deletes the cluster and its data.",
    }),
  },
  change: ({ groupId, name }) => ({ kind: "flexCluster", name, groupId }),
  plan: async ({ groupId, name, dryRun }, context) => {
    const target = await planClusterDelete(context, groupId, name);
    const id = "absent" in target ? "" : target.id;
    const { removal, request } = flexClusterDeleteSpec(context, groupId, name, id);
    if ("absent" in target) return { request, settled: { outcome: "absent" } };
    // On its way already: nothing is left to agree to, only to wait for.
    if (target.resource.stateName === "DELETING" && !dryRun)
      return { request, settled: await waitGone(removal, context) };
    return { request, id, open: removal };
  },
  apply: (removal, _input, context) => waitGone(removal, context),
});
