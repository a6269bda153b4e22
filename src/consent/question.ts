/** The question to the user: what will be created or deleted, where, at what price, and on which backend. */

import type { AtlasClient } from "../atlas/client.ts";
import { flexPrice } from "../atlas/pricing.ts";
import { getGroup, getOrg } from "../atlas/requests.ts";
import type { Deadline } from "../common/deadline.ts";
import { visible } from "../common/visible.ts";
import type { Change, Details, ResourceKind, Setup } from "../tools/define.ts";
import { aboutSnapshots } from "./snapshots.ts";

/** US dollars a month; both zero if nothing is billed. */
export type PriceQuote = {
  currency: "USD";
  perMonth: { from: number; to: number };
  source?: string;
  asOf?: string;
};

export const quoteOf = (change: Change): PriceQuote => {
  if (change.kind !== "flexCluster" || change.effect !== "create")
    return { currency: "USD", perMonth: { from: 0, to: 0 } };
  const { currency, perMonth, source, asOf } = flexPrice;
  return { currency, perMonth, source, asOf };
};

/** A price in a few words. */
export const priceOf = ({ perMonth: { from, to }, currency }: PriceQuote): string =>
  to === 0 ? "free" : `${from} to ${to} ${currency} a month`;

const nouns: Record<ResourceKind, string> = {
  project: "project",
  flexCluster: "flex cluster",
  databaseUser: "database user",
  accessListEntry: "IP access list entry",
  ephemeralCluster: "ephemeral cluster",
};

const longest = 80;

/** A text from the caller in quotes, escaped so that it cannot end them. */
const quoted = (text: string): string => {
  const characters = [...text];
  // Both ends, so that texts that differ in one of them do not look alike.
  const cut =
    characters.length > longest
      ? `${characters.slice(0, longest - 20).join("")}…${characters.slice(-19).join("")}`
      : text;
  return visible(JSON.stringify(cut));
};

/** A word as it is, anything else in quotes. */
const word = (text: string): string =>
  /^[\w.$-]+$/.test(text) && text.length <= longest ? text : quoted(text);

/** How a sentence names what is changed, such as `flex cluster "shop"`. */
export const nounOf = ({ kind, name }: Pick<Change, "kind" | "name">): string =>
  `${nouns[kind]} ${quoted(name)}`;

// Names come from Atlas; without them, the ids say where.
const named = (what: string, id: string, name: unknown): string =>
  typeof name === "string" && name !== "" ? `${what} ${quoted(name)} (${id})` : `${what} ${id}`;

/** Where the change happens, by name if the names can be read. */
const whereOf = async (change: Change, atlas: AtlasClient, deadline: Deadline): Promise<string> => {
  const project =
    change.groupId === undefined
      ? undefined
      : await atlas.read(getGroup(change.groupId), deadline).catch(() => undefined);
  const orgId = change.orgId ?? project?.orgId;
  const organization =
    orgId === undefined
      ? undefined
      : await atlas.read(getOrg(orgId), deadline).catch(() => undefined);
  const places = [
    ...(change.groupId === undefined || change.kind === "project"
      ? []
      : [named("project", change.groupId, project?.name)]),
    ...(orgId === undefined ? [] : [named("organization", orgId, organization?.name)]),
  ];
  return places.join(" of ");
};

/** All roles: one that is left out could be the one that matters. */
const rolesOf = ({ roles = [] }: Details): string[] =>
  roles.map(({ roleName, databaseName, collectionName }) => {
    const where = collectionName === undefined ? [databaseName] : [databaseName, collectionName];
    return `${word(roleName)} on ${where.map(word).join(".")}`;
  });

const listOf = (what: string, items: readonly string[] = []): string[] =>
  items.length === 0 ? [] : [`${what} ${items.join(", ")}`];

/** Everything that the change sets. */
const settingsOf = (details: Details): string[] => [
  ...(details.provider === undefined ? [] : [details.provider]),
  ...(details.region === undefined ? [] : [word(details.region)]),
  ...listOf(
    "in",
    details.regionUsageRestrictions === undefined ? [] : [details.regionUsageRestrictions],
  ),
  ...listOf("of the database", details.databaseName === undefined ? [] : [details.databaseName]),
  ...(details.rotatePassword === true ? ["with a new password"] : []),
  ...rolesOf(details),
  ...(details.scopes?.length === 0 ? ["for all clusters"] : []),
  ...listOf(
    "only for",
    details.scopes?.map(({ name, type }) => `${type} ${word(name)}`),
  ),
  ...listOf("owner", details.projectOwnerId === undefined ? [] : [details.projectOwnerId]),
  ...(details.withDefaultAlertsSettings === false ? ["without Atlas's default alerts"] : []),
  ...listOf("new name", details.newName === undefined ? [] : [quoted(details.newName)]),
  ...(details.terminationProtectionEnabled === true ? ["with termination protection"] : []),
  ...(details.terminationProtectionEnabled === false ? ["without termination protection"] : []),
  ...listOf("sweepAfter", details.sweepAfter === undefined ? [] : [details.sweepAfter]),
  ...listOf("until", details.deleteAfterDate === undefined ? [] : [details.deleteAfterDate]),
  ...listOf(
    "tags",
    details.tags?.map(({ key, value }) => `${word(key)} = ${word(value)}`),
  ),
  ...listOf("described as", details.description ? [quoted(details.description)] : []),
  ...listOf("comment", details.comment ? [quoted(details.comment)] : []),
];

const detailOf = ({ kind, groupId, details }: Change): string => {
  // A project that is deleted: names may be alike.
  const id = kind === "project" && groupId !== undefined ? [groupId] : [];
  const all = [...id, ...settingsOf(details)];
  return all.length === 0 ? "" : ` (${all.join(", ")})`;
};

const verbs = { create: "Create", update: "Change", delete: "Delete" } as const;

/** The question in words. */
export const questionOf = async (
  change: Change,
  quote: PriceQuote,
  setup: Setup,
  { atlas, deadline }: { atlas: AtlasClient; deadline: Deadline },
): Promise<string> => {
  const [where, snapshots] = await Promise.all([
    whereOf(change, atlas, deadline),
    aboutSnapshots(change, { atlas, deadline }),
  ]);
  const verb = verbs[change.effect];
  const what = `${verb} ${nounOf(change)}${detailOf(change)}${where === "" ? "" : ` in ${where}`}?`;
  const effect = (change.risks ?? []).map(({ says }) => says);
  const cost =
    quote.perMonth.to === 0
      ? "It costs nothing."
      : `It costs ${priceOf(quote)} until it is deleted.`;
  const backend =
    setup.backend === "sandbox"
      ? "Backend: sandbox (nothing is real)."
      : `Backend: Atlas at ${setup.baseUrl}.`;
  return [what, ...effect, ...snapshots, cost, backend].join(" ");
};
