/** Ephemeral clusters as Atlas shows them. */
import type { JsonObject } from "../json.ts";
import type { EphemeralClusterState } from "../snapshot.ts";
import { type EphemeralCluster, type SandboxState, toAtlasTime } from "../state/resources.ts";
import { pausedAt, statusOf } from "./state.ts";

/** Stands for the password in all responses but the first. Atlas's own placeholder is not documented. */
export const passwordPlaceholder = "<password>";

/** Not Atlas's sentence, whose reader agrees to something. */
const termsOfService =
  "This is a sandbox: there is no cluster, and no terms apply. On Atlas, creating one means agreeing to the Cloud Terms of Service (https://www.mongodb.com/legal/terms-and-conditions/cloud) and the Privacy Policy (https://www.mongodb.com/legal/privacy/privacy-policy).";

/** Converts a cluster to the body of a response. Hosts end in .invalid, so that nobody mistakes them for real ones. */
export const toEphemeralClusterView = (
  state: SandboxState,
  cluster: EphemeralCluster,
  now: number,
  password: string,
): JsonObject => ({
  claimUrl: `https://account.mongodb.invalid/account/register?claimId=${cluster.claimId}`,
  clusterId: cluster.id,
  connectionString: `mongodb+srv://${cluster.username}:${password}@${cluster.host}/`,
  expiresAt: toAtlasTime(pausedAt(cluster)),
  status: statusOf(state, cluster, now),
  termsOfService,
});

/** Converts a cluster for `/_sandbox/state`: nothing in it gives access to the cluster. */
export const toEphemeralClusterState = (
  state: SandboxState,
  cluster: EphemeralCluster,
  now: number,
): EphemeralClusterState => ({
  clusterName: cluster.name,
  clusterId: cluster.id,
  status: statusOf(state, cluster, now),
  createdAt: toAtlasTime(cluster.createdAt),
  expiresAt: toAtlasTime(pausedAt(cluster)),
});
