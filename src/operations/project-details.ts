/** Reads a project and what it contains, cut to a size that hosts accept. */
import * as requests from "../atlas/requests.ts";
import type { AccessListEntry } from "../atlas/resources/access-list-entry.ts";
import type { DatabaseUser } from "../atlas/resources/database-user.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import { readAccessList } from "./access-list-entry.ts";
import { compareTexts } from "./all-projects.ts";
import type { OperationContext } from "./context.ts";

type Lists = {
  clusters: FlexCluster[];
  databaseUsers: DatabaseUser[];
  accessListEntries: AccessListEntry[];
};

const names = ["clusters", "databaseUsers", "accessListEntries"] as const;

type Counts = Record<(typeof names)[number], number>;

/** `totals` counts what the project has; `leftOut` counts what did not fit, if anything. */
export type ProjectDetails = {
  project: Project;
  totals: Counts;
  leftOut?: Partial<Counts>;
} & Lists;

// Bytes of JSON that hosts show to their model without cutting.
const mostBytes = 40_000;

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value)) + 1;

/** The first entries that fit into this many bytes. */
const fitting = <T>(list: readonly T[], bytes: number): T[] => {
  let left = bytes;
  const end = list.findIndex((entry) => {
    left -= sizeOf(entry);
    return left < 0;
  });
  return end < 0 ? [...list] : list.slice(0, end);
};

/** The bytes that each list may take: an equal share, plus what smaller lists leave of theirs. */
const sharesOf = (lists: Lists, bytes: number): Counts => {
  const shares: Counts = { clusters: 0, databaseUsers: 0, accessListEntries: 0 };
  let left = bytes;
  const bySize = names.toSorted((one, other) => sizeOf(lists[one]) - sizeOf(lists[other]));
  for (const [index, name] of bySize.entries()) {
    shares[name] = Math.min(sizeOf(lists[name]), left / (names.length - index));
    left -= shares[name];
  }
  return shares;
};

/** Reads a project, its flex clusters, its database users and its IP access list, all pages of each. */
export const readProjectDetails = async (
  { atlas, deadline }: OperationContext,
  groupId: string,
): Promise<ProjectDetails> => {
  const [project, listed, databaseUsers, accessListEntries] = await Promise.all([
    atlas.read(requests.getGroup(groupId), deadline),
    atlas.readAll((page) => requests.listGroupFlexClusters(groupId, page), deadline),
    atlas.readAll((page) => requests.listGroupDatabaseUsers(groupId, page), deadline),
    readAccessList(atlas, groupId, deadline),
  ]);
  // Atlas lists flex clusters in no order (docs/atlas.md#lists).
  const clusters = listed.toSorted((a, b) => compareTexts(a.name, b.name));
  const all: Lists = { clusters, databaseUsers, accessListEntries };
  const totals: Counts = {
    clusters: clusters.length,
    databaseUsers: databaseUsers.length,
    accessListEntries: accessListEntries.length,
  };
  const empty: Lists = { clusters: [], databaseUsers: [], accessListEntries: [] };
  const frame = sizeOf({ project, ...empty, totals, leftOut: totals });
  const shares = sharesOf(all, Math.max(0, mostBytes - frame));
  const shown: Lists = {
    clusters: fitting(clusters, shares.clusters),
    databaseUsers: fitting(databaseUsers, shares.databaseUsers),
    accessListEntries: fitting(accessListEntries, shares.accessListEntries),
  };
  const leftOut: Partial<Counts> = {};
  for (const name of names)
    if (shown[name].length < all[name].length)
      leftOut[name] = all[name].length - shown[name].length;
  return {
    project,
    ...shown,
    totals,
    ...(Object.keys(leftOut).length === 0 ? {} : { leftOut }),
  };
};
