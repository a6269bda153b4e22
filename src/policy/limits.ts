/** Counts resources for the limits: those in Atlas, and those that this process is about to create. */

import type { AtlasRequest } from "../atlas/requests.ts";
import { getOrgGroups, listGroupFlexClusters, type PageQuery } from "../atlas/requests.ts";
import type { Page } from "../atlas/resources/fields.ts";
import type { Change, ToolContext } from "../tools/define.ts";

type Named = { name?: string | undefined };

/** The names that other calls are about to create; some may be in Atlas already. */
export type PendingNames = readonly string[];

const requestFor =
  ({ kind, orgId = "", groupId = "" }: Change) =>
  (query: PageQuery): AtlasRequest<Page<Named>> =>
    kind === "project" ? getOrgGroups(orgId, query) : listGroupFlexClusters(groupId, query);

/** The number of other resources, those that are pending included. */
export const countOf = async (
  change: Change,
  { atlas, deadline }: ToolContext,
  pending: PendingNames = [],
): Promise<number> => {
  const requestOf = requestFor(change);
  if (pending.length === 0) {
    const { totalCount } = await atlas.read(requestOf({ itemsPerPage: 1 }), deadline);
    if (totalCount !== undefined) return totalCount;
  }
  const existing = await atlas.readAll(requestOf, deadline);
  const names = new Set(existing.map(({ name }) => name));
  return existing.length + new Set(pending.filter((name) => !names.has(name))).size;
};

/** A place among the pending creates. One that fails later was counted too, which may deny too much but never too little. */
export type Reservation = { pendingNames: PendingNames; release(): void };

/** Creates `reserve`. Concurrent calls would see the same count in Atlas and pass together, so each reserves its place first. */
export type Reserve = (change: Change) => Reservation;

export const createReservations = (): Reserve => {
  const reserved = new Set<{ parent: string; name: string }>();
  return ({ kind, orgId, groupId, name }) => {
    const parent = `${kind} ${kind === "project" ? orgId : groupId}`;
    const others = [...reserved].filter((other) => other.parent === parent && other.name !== name);
    const own = { parent, name };
    reserved.add(own);
    return {
      pendingNames: others.map((other) => other.name),
      release: () => void reserved.delete(own),
    };
  };
};
