/** The status of an ephemeral cluster, which follows from the clock (docs/atlas.md#ephemeral-clusters). */
import type { EphemeralCluster, SandboxState } from "../state/resources.ts";

const dayMs = 86_400_000;
const pausedAfterMs = 2 * dayMs;

/** How long a cluster exists that nobody claims. */
export const lifetimeMs = 7 * dayMs;

/** The status of a cluster at a given time. `GONE` means deleted; Atlas has no such status. */
export type EphemeralClusterStatus = "PROVISIONING" | "ACTIVE" | "PAUSED" | "GONE";

/** When the cluster is paused. Atlas calls it the expiry, although the cluster exists for some days more. */
export const pausedAt = ({ createdAt }: EphemeralCluster): number => createdAt + pausedAfterMs;

/** Derives the status of a cluster from the clock. */
export const statusOf = (
  { provisionMs }: SandboxState,
  cluster: EphemeralCluster,
  now: number,
): EphemeralClusterStatus => {
  if (now >= cluster.createdAt + lifetimeMs) return "GONE";
  if (now >= pausedAt(cluster)) return "PAUSED";
  return cluster.stuck || now < cluster.createdAt + provisionMs ? "PROVISIONING" : "ACTIVE";
};

/** The clusters that exist. */
export const presentClusters = (state: SandboxState, now: number): EphemeralCluster[] =>
  state.ephemeralClusters.filter((cluster) => statusOf(state, cluster, now) !== "GONE");
