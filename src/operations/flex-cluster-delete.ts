/** Deletes a flex cluster: the look-up before, and what `deleteResource` needs to know. */
import { deleteGroupFlexCluster } from "../atlas/requests.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import { failure, type Suggestion } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import type { DeleteSpec, DeleteTarget } from "./delete-spec.ts";
import { findDeleteTarget, notDeleted } from "./delete-target.ts";
import { findFlexCluster, noCluster } from "./flex-cluster.ts";
import { noProject } from "./lookup.ts";

const lookUp = (groupId: string, name: string): Suggestion => ({
  suggest: "look_up_cluster",
  with: { groupId, name },
});

/** Looks up the flex cluster to delete. Throws if termination protection is on. */
export const planClusterDelete = async (
  context: OperationContext,
  groupId: string,
  name: string,
): Promise<DeleteTarget<FlexCluster>> => {
  const noun = `flex cluster ${JSON.stringify(name)}`;
  const find = () => findFlexCluster(context.atlas, groupId, name, context.deadline);
  const target = await findDeleteTarget({ noun, idOf: ({ id }) => id }, find, context);
  if ("absent" in target || target.resource.stateName === "DELETING") return target;
  if (target.resource.terminationProtectionEnabled !== true) return target;
  return notDeleted(
    failure(
      "conflict",
      `Termination protection is on for ${noun}, so Atlas would refuse to delete it. Nothing was sent. Ask your user; only if they want it, switch the protection off first (terminationProtectionEnabled, here or in Atlas).`,
      { existing: target.resource, suggestions: [lookUp(groupId, name)] },
    ),
  );
};

/** Describes the deletion of a flex cluster, for `deleteResource`; `id` is from the plan. */
export const flexClusterDeleteSpec = (
  context: OperationContext,
  groupId: string,
  name: string,
  id: string,
) => {
  const request = deleteGroupFlexCluster(groupId, name);
  const spec: DeleteSpec<FlexCluster> = {
    noun: `flex cluster ${JSON.stringify(name)}`,
    key: `cluster ${groupId} ${name}`,
    id,
    find: (deadline) => findFlexCluster(context.atlas, groupId, name, deadline),
    send: (deadline) => context.atlas.send(request, deadline),
    idOf: (cluster) => cluster.id,
    stateOf: (cluster) => cluster.stateName,
    // Without its project, a cluster does not exist either.
    absent: [...noCluster, ...noProject],
    vanished: [],
    explain: async (refused) => refused,
    lookUp: lookUp(groupId, name),
  };
  return { spec, request };
};
