import type { Identifiers } from "./identifiers.ts";
import type { JsonObject } from "./json.ts";

/** A key-value label on a project or cluster. */
export type Tag = { key: string; value: string };

/** An organization; the sandbox never makes or removes one. */
export type Organization = { id: string; name: string };

/** What every resource carries for the fault `stale_reads`: reads that still miss it. */
export type Hideable = { hiddenReads: number };

/** A project as it is kept. */
export type Project = Hideable & {
  id: string;
  orgId: string;
  name: string;
  /** Absent until somebody sends tags: the answer to a create shows them only then. */
  tags: Tag[] | undefined;
  withDefaultAlertsSettings: boolean;
  projectOwnerId: string | undefined;
  createdAt: number;
};

/** A flex cluster as it is kept; its state is derived from the clock, never stored. */
export type Cluster = Hideable & {
  id: string;
  groupId: string;
  name: string;
  provider: string;
  region: string;
  tags: Tag[] | undefined;
  terminationProtectionEnabled: boolean;
  createdAt: number;
  deletedAt: number | undefined;
  stuck: boolean;
  hosts: { cluster: string; replicaSet: string; domain: string };
};

/** A resource of a project that is kept as it is answered (database users, access list). */
type GroupResource = JsonObject & { groupId: string };

/** All that the sandbox knows of one Atlas. */
export type World = {
  readonly organizations: readonly Organization[];
  projects: Project[];
  clusters: Cluster[];
  users: GroupResource[];
  accessList: GroupResource[];
  readonly ids: Identifiers;
  readonly provisionMs: number;
};

/** Makes a world that holds only its organizations. */
export function createWorld(
  organizations: readonly Organization[],
  provisionMs: number,
  ids: Identifiers,
): World {
  return { organizations, provisionMs, ids, projects: [], clusters: [], users: [], accessList: [] };
}

/** Empties a world of all that was made in it. */
export function emptyWorld(world: World): void {
  world.projects = [];
  world.clusters = [];
  world.users = [];
  world.accessList = [];
}

/** Tells whether a read sees the resource, and counts the read where it does not. */
export function isSeen(resource: Hideable): boolean {
  if (resource.hiddenReads === 0) return true;
  resource.hiddenReads -= 1;
  return false;
}

/** A time as Atlas prints it: whole seconds, UTC. */
export function atlasTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
