/** Counts resources for the limits: those in Atlas, and those that this process is about to create. */

import type { AtlasRequest, PageQuery } from "../atlas/request.ts";
import { getOrgGroups, listGroupFlexClusters } from "../atlas/requests.ts";
import type { Page } from "../atlas/resources/fields.ts";
import { fail } from "../common/failure.ts";
import { readAllFlexClusters } from "../operations/all-flex-clusters.ts";
import type { Change, ToolContext } from "../tools/define.ts";
import type { Limit } from "./decide.ts";

type Named = { name?: string | undefined };

/** What is created, and where. */
type Place = Pick<Change, "kind" | "orgId" | "groupId" | "name">;

const parentOf = ({ kind, orgId, groupId }: Place): string =>
  `${kind} ${kind === "project" ? orgId : groupId}`;

const keyOf = (place: Place): string => `${parentOf(place)} ${place.name}`;

/** What other calls are about to create, of the same kind; some may be in Atlas already. */
export type Pending = readonly Place[];

/** The names of those that are created in the same place. */
export const namesBeside = (change: Change, pending: Pending): string[] =>
  pending.flatMap((one) => (parentOf(one) === parentOf(change) ? [one.name] : []));

const requestFor =
  ({ kind, orgId = "", groupId = "" }: Change) =>
  (query: PageQuery): AtlasRequest<Page<Named>> =>
    kind === "project" ? getOrgGroups(orgId, query) : listGroupFlexClusters(groupId, query);

/** The number of other resources in the same place, those that are pending included. */
const countBeside = async (
  change: Change,
  { atlas, deadline }: ToolContext,
  pending: readonly string[],
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

/** The number of other flex clusters that the credentials see, whatever the bounds of the caller are. */
const countFlexClusters = async (
  change: Change,
  context: ToolContext,
  pending: Pending,
): Promise<number> => {
  const everything = { ...context, scope: {}, bounds: {} };
  const { clusters, notReadable } = await readAllFlexClusters(everything);
  const unknown = notReadable.filter(({ failed }) => failed.code !== "forbidden");
  const [first] = unknown;
  // Too low a count would let too much pass.
  if (first !== undefined)
    fail(
      "unavailable",
      `The rule limits.monthlyUsd needs a count of all flex clusters, and those of ${unknown.length} of the projects could not be read. ${first.failed.message}`,
      { retry: "same_arguments" },
    );
  const existing = clusters.map(({ project, cluster }) =>
    keyOf({ kind: change.kind, groupId: project.id ?? "", name: cluster.name ?? "" }),
  );
  const others = new Set([...existing, ...pending.map(keyOf)]);
  others.delete(keyOf(change));
  return others.size;
};

/** How many others count for a limit, besides what the change creates. */
export const countFor = (
  { name }: Limit,
  change: Change,
  context: ToolContext,
  pending: Pending,
): Promise<number> =>
  name === "monthlyUsd"
    ? countFlexClusters(change, context, pending)
    : countBeside(change, context, namesBeside(change, pending));

/** A place among the pending creates. One that fails later was counted too, which may deny too much but never too little. */
export type Reservation = { pending: Pending; release(): void };

/** Creates `reserve`. Concurrent calls would see the same count in Atlas and pass together, so each reserves its place first. */
export type Reserve = (change: Change) => Reservation;

export const createReservations = (): Reserve => {
  const reserved = new Set<Place>();
  return ({ kind, orgId, groupId, name }) => {
    const own: Place = {
      kind,
      name,
      ...(orgId === undefined ? {} : { orgId }),
      ...(groupId === undefined ? {} : { groupId }),
    };
    const pending = [...reserved].filter(
      (other) => other.kind === kind && keyOf(other) !== keyOf(own),
    );
    reserved.add(own);
    return { pending, release: () => void reserved.delete(own) };
  };
};
