/** Counts resources for the limits: those in Atlas, those that are about to be created, and those that a list does not show yet. */

import type { AtlasRequest, PageQuery } from "../atlas/request.ts";
import {
  getGroup,
  getGroupFlexCluster,
  getOrgGroups,
  listGroupFlexClusters,
} from "../atlas/requests.ts";
import type { Page } from "../atlas/resources/fields.ts";
import { type ErrorCode, fail, failureOf } from "../common/failure.ts";
import { readAllFlexClusters } from "../operations/all-flex-clusters.ts";
import type { Change, ToolContext } from "../tools/define.ts";
import type { Limit } from "./decide.ts";
import { keyOf, listedMs, type Pending, type Place, parentOf } from "./reservations.ts";

type Named = { id?: string | undefined; name?: string | undefined };

// Milliseconds after which Atlas finds what was made by its id, if it is there.
const settledMs = 15_000;

/** Asks Atlas for what another call has made. */
const requestOf = ({
  kind,
  groupId = "",
  name,
  told,
}: Place): AtlasRequest<unknown> | undefined => {
  if (kind === "project") return told?.id === undefined ? undefined : getGroup(told.id);
  return kind === "flexCluster" ? getGroupFlexCluster(groupId, name) : undefined;
};

/** Whether Atlas has it, by a request of its own. `unless` are the codes of failures that say no; any other may hide it. */
const isThere = (
  request: AtlasRequest<unknown>,
  unless: readonly ErrorCode[],
  { atlas, deadline }: ToolContext,
): Promise<boolean> =>
  atlas.read(request, deadline).then(
    () => true,
    (error: unknown) => !unless.includes(failureOf(error).code),
  );

/** Whether a place counts that no list shows: not if what was made there is gone. */
const counts = async (place: Place, context: ToolContext): Promise<boolean> => {
  const { ageMs } = place.told ?? {};
  if (ageMs === undefined || ageMs < settledMs) return true;
  const request = requestOf(place);
  // Without an id, its request may not have arrived.
  return request === undefined ? ageMs < listedMs : isThere(request, ["not_found"], context);
};

/** Those of several places that count. */
const counted = async (places: Pending, context: ToolContext): Promise<Place[]> => {
  const answers = await Promise.all(places.map((place) => counts(place, context)));
  return places.filter((_, index) => answers[index]);
};

const isBeside = (change: Change) => (other: Place) => parentOf(other) === parentOf(change);

/** The names of those that are created in the same place, as far as its list may not show them yet. */
export const namesBeside = (change: Change, pending: Pending): string[] =>
  pending
    .filter(isBeside(change))
    .flatMap(({ name, told }) => ((told?.ageMs ?? 0) < listedMs ? [name] : []));

const requestFor =
  ({ kind, orgId = "", groupId = "" }: Change) =>
  (query: PageQuery): AtlasRequest<Page<Named>> =>
    kind === "project" ? getOrgGroups(orgId, query) : listGroupFlexClusters(groupId, query);

/** The number of other resources in the same place, those that are pending included. */
const countBeside = async (
  change: Change,
  context: ToolContext,
  pending: Pending,
): Promise<number> => {
  const { atlas, deadline } = context;
  const pageOf = requestFor(change);
  if (pending.length === 0) {
    const { totalCount } = await atlas.read(pageOf({ itemsPerPage: 1 }), deadline);
    if (totalCount !== undefined) return totalCount;
  }
  const existing = await atlas.readAll(pageOf, deadline);
  const listed = new Set(existing.flatMap(({ id, name }) => [id, name]));
  // It may have another name by now.
  const isListed = ({ name, told }: Place) =>
    listed.has(name) || (told?.id !== undefined && listed.has(told.id));
  const unlisted = await counted(
    pending.filter((place) => !isListed(place)),
    context,
  );
  return existing.length + new Set(unlisted.map(keyOf)).size;
};

/** The number of other flex clusters that the credentials see, whatever the bounds of the caller are. */
const countFlexClusters = async (
  change: Change,
  context: ToolContext,
  pending: Pending,
): Promise<number> => {
  const everything = { ...context, scope: {}, bounds: {} };
  const { projects, clusters, notReadable } = await readAllFlexClusters(everything);
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
  const listed = new Set(existing);
  const seen = new Set(projects.map(({ id }) => id));
  /** What was made with another credential counts only in a project that this one sees. */
  const isSeen = async ({ groupId = "", told }: Place): Promise<boolean> =>
    told?.isOfOthers !== true ||
    seen.has(groupId) ||
    isThere(getGroup(groupId), ["not_found", "forbidden", "unauthenticated"], context);
  const unlisted = pending.filter((place) => !listed.has(keyOf(place)));
  const isOurs = await Promise.all(unlisted.map(isSeen));
  const own = unlisted.filter((_, index) => isOurs[index]);
  const others = new Set([...existing, ...(await counted(own, context)).map(keyOf)]);
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
    : countBeside(change, context, pending.filter(isBeside(change)));
