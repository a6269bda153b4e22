/** Why the flex API refuses a change: one code, and a sentence for each reason (docs/atlas.md#deletes). */
import type { Call } from "../api/operation.ts";
import { clusterState } from "../clusters/life.ts";
import { createApiError } from "../errors/api-error.ts";
import type { AnyCluster, Cluster } from "../state/resources.ts";

/** The reason for the refusal of a second delete. */
export const alreadyRequested = "Cluster already requested to be deleted";

/** The reason for the refusal of an update during the deletion. */
export const cannotUpdate = "This cluster is currently being deleted, cannot update";

/** Refuses the change, for this reason, if the cluster is being deleted. */
export const checkNotDeleting = (call: Call, cluster: AnyCluster, problem: string): void => {
  if (clusterState(call.state, cluster, call.now) === "DELETING") {
    throw createApiError("ATLAS_GENERAL_ERROR", { problem });
  }
};

/** Why a cluster under termination protection cannot be deleted, as both APIs say it. */
export const protectionProblem = ({ name, groupId }: AnyCluster): string =>
  `Cannot terminate cluster ${name} in group ${groupId} because termination protection is enabled. Disable termination protection and try again.`;

/** Refuses the delete of a cluster under termination protection. */
export const checkNotProtected = (cluster: Cluster): void => {
  if (!cluster.terminationProtectionEnabled) return;
  // The sentence has its own full stop, so the detail ends with two.
  throw createApiError("ATLAS_GENERAL_ERROR", { problem: protectionProblem(cluster) });
};
