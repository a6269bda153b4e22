/** How many of a kind there may be: counted in Atlas, together with what this process is about to make. */

import type { AtlasRequest } from "../atlas/requests.ts";
import { getOrgGroups, listGroupFlexClusters, type PageQuery } from "../atlas/requests.ts";
import type { Page } from "../atlas/resources/fields.ts";
import type { Change, ToolContext } from "../tools/define.ts";

type Named = { name?: string | undefined };

/** The names of what other calls are about to make: it may be in Atlas already, or not yet. */
export type PendingNames = readonly string[];

const requestFor =
  ({ kind, orgId = "", groupId = "" }: Change) =>
  (query: PageQuery): AtlasRequest<Page<Named>> =>
    kind === "project" ? getOrgGroups(orgId, query) : listGroupFlexClusters(groupId, query);

/** How many others there are, or will be once what is pending has been made. */
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
  const there = await atlas.readAll(requestOf, deadline);
  const names = new Set(there.map(({ name }) => name));
  return there.length + new Set(pending.filter((name) => !names.has(name))).size;
};

/** A place among the changes that are about to be made. One that fails was counted all the same: that denies too much, never too little. */
export type Reservation = { pendingNames: PendingNames; release(): void };

/** Makes `reserve`. Calls that come at once would all count the same in Atlas and pass together, so each reserves first. */
export const createReservations = () => {
  const reserved = new Set<{ parent: string; name: string }>();
  return ({ kind, orgId, groupId, name }: Change): Reservation => {
    const parent = `${kind} ${kind === "project" ? orgId : groupId}`;
    const others = [...reserved].filter((one) => one.parent === parent && one.name !== name);
    const own = { parent, name };
    reserved.add(own);
    return {
      pendingNames: others.map((one) => one.name),
      release: () => void reserved.delete(own),
    };
  };
};
