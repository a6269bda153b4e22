/** The life of a cluster of either API, which follows from the clock. */
import type { ClusterLife, SandboxState } from "../state/resources.ts";

/** The longest time that a deletion takes. Recorded ones take longer; in the sandbox all waits are short. */
const maxDeletionMs = 1000;

/** The state of a cluster at a given time. `GONE` means deleted; Atlas has no such state. */
export type ClusterState = "CREATING" | "IDLE" | "UPDATING" | "DELETING" | "GONE";

type Timing = Pick<SandboxState, "provisionMs">;

/** The shortest time that a scripted fault shows, so that it does where clusters are made at once. */
const minFaultMs = 1000;

/** How long the faults `updating` and `late_strings` show: as long as the creation. */
const faultMs = ({ provisionMs }: Timing): number => Math.max(provisionMs, minFaultMs);

/** When a cluster is IDLE first. */
const firstIdleAt = (timing: Timing, { createdAt, updating }: ClusterLife): number =>
  createdAt + timing.provisionMs + (updating ? faultMs(timing) : 0);

/** Derives the state of a cluster from the clock. */
export const clusterState = (timing: Timing, cluster: ClusterLife, now: number): ClusterState => {
  const { provisionMs } = timing;
  const { createdAt, deletedAt, changedAt, stuck } = cluster;
  if (deletedAt !== undefined) {
    return now < deletedAt + Math.min(provisionMs, maxDeletionMs) ? "DELETING" : "GONE";
  }
  if (stuck || now < createdAt + provisionMs) return "CREATING";
  if (now < firstIdleAt(timing, cluster)) return "UPDATING";
  return changedAt !== undefined && now < changedAt + provisionMs ? "UPDATING" : "IDLE";
};

/** When the state that a cluster is in began and ends; without an end if it stays in it. */
export type StateSpan = { since: number; until?: number };

/** Derives from the clock since when a cluster is in its state, and until when. */
export const stateSpan = (timing: Timing, cluster: ClusterLife, now: number): StateSpan => {
  const { provisionMs } = timing;
  const { createdAt, deletedAt, changedAt, stuck } = cluster;
  if (deletedAt !== undefined)
    return { since: deletedAt, until: deletedAt + Math.min(provisionMs, maxDeletionMs) };
  if (stuck) return { since: createdAt };
  const [made, idle] = [createdAt + provisionMs, firstIdleAt(timing, cluster)];
  if (now < made) return { since: createdAt, until: made };
  if (now < idle) return { since: made, until: idle };
  if (changedAt === undefined) return { since: idle };
  const changed = changedAt + provisionMs;
  return now < changed ? { since: changedAt, until: changed } : { since: Math.max(idle, changed) };
};

/** Which connection strings a cluster has: none, the SRV string only, or both. */
export type KnownStrings = "none" | "srv" | "both";

/**
 * Derives the connection strings of a cluster from the clock. A deletion does not change them: a cluster that was
 * deleted during its creation never gets the others (docs/atlas.md#flex-clusters).
 */
export const knownStrings = (
  timing: Timing,
  cluster: ClusterLife,
  now: number,
  atFirst: KnownStrings,
): KnownStrings => {
  const living = { ...cluster, deletedAt: undefined };
  const at = Math.min(now, cluster.deletedAt ?? now);
  if (cluster.lateStrings) {
    const idleMs = cluster.stuck ? -1 : at - firstIdleAt(timing, living);
    if (idleMs < faultMs(timing) / 2) return "none";
    return idleMs < faultMs(timing) ? "srv" : "both";
  }
  return clusterState(timing, living, at) === "CREATING" ? atFirst : "both";
};
