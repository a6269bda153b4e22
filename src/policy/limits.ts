/** How many of a kind there are: counted in Atlas, together with what this process is about to make. */
import type { Page } from "../atlas/resources.ts";
import { allPages } from "../operations/pages.ts";
import type { Change, ToolContext } from "../tools/define.ts";

type Named = { name?: string | undefined };

/** The names of what comes first: it may be in Atlas already, or not yet. */
export type Ahead = readonly string[];

const pageOf = (
  { kind, orgId = "", groupId = "" }: Change,
  { atlas, deadline }: ToolContext,
  page: { pageNum?: number; itemsPerPage: number },
): Promise<Page<Named>> =>
  kind === "project"
    ? atlas.listProjects(deadline, { ...page, orgId })
    : atlas.listFlexClusters(deadline, groupId, page);

/** How many others there are, or will be once what is ahead of this change has been made. */
export const countOf = async (
  change: Change,
  context: ToolContext,
  ahead: Ahead = [],
): Promise<number> => {
  if (ahead.length === 0) {
    const { totalCount } = await pageOf(change, context, { itemsPerPage: 1 });
    if (totalCount !== undefined) return totalCount;
  }
  const there = await allPages((page) => pageOf(change, context, page));
  const names = new Set(there.map(({ name }) => name));
  return there.length + new Set(ahead.filter((name) => !names.has(name))).size;
};

type Seat = { place: string; name: string };

/**
 * Calls that come at once would all count the same in Atlas and pass together, so each takes a seat first. Runs `work`
 * with those that are ahead; one that fails was counted all the same, which denies too much and never too little.
 */
export const createSeats = () => {
  const seats = new Set<Seat>();
  return async <T>(
    { kind, orgId, groupId, name }: Change,
    work: (ahead: Ahead) => Promise<T>,
  ): Promise<T> => {
    const place = `${kind} ${kind === "project" ? orgId : groupId}`;
    const others = [...seats].filter((one) => one.place === place && one.name !== name);
    const seat = { place, name };
    seats.add(seat);
    return work(others.map((one) => one.name)).finally(() => seats.delete(seat));
  };
};
