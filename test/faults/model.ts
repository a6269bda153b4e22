/** Compares what a result claims with what the sandbox has. Written from docs/architecture.md#lost-answers, independent of the code. */

import { aws } from "./harness.ts";
import type { Answer, Exchanged } from "./provision.ts";

export const kinds = ["project", "cluster", "databaseUser", "accessListEntry"] as const;

export type Kind = (typeof kinds)[number];

export type Resource = Record<string, any>;

const tag = (value: string) => ({ tags: [{ key: "colour", value }] });
const twoTags = [
  { key: "size", value: "small" },
  { key: "colour", value: "red" },
];
const europe = { providerSettings: { ...aws, regionName: "EU_WEST_1" } };

const roles = (roleName: string) => ({ roles: [{ roleName, databaseName: "shop" }] });

/** Arguments beside the name; those of a tagged run all carry tags. */
const variants: Record<Kind, Partial<Record<"plain" | "tagged", object[]>>> = {
  project: {
    plain: [{}, tag("red"), { withDefaultAlertsSettings: false }],
    tagged: [tag("red"), { tags: twoTags }, { ...tag("red"), withDefaultAlertsSettings: false }],
  },
  cluster: {
    plain: [{}, europe, { ...tag("red"), terminationProtectionEnabled: true }],
    tagged: [tag("red"), { ...tag("red"), ...europe }, { tags: [...twoTags].reverse() }],
  },
  databaseUser: { plain: [{}, roles("read"), roles("readWrite")] },
  accessListEntry: { plain: [{}, { comment: "till" }, { comment: "shop" }] },
};

/** How each kind is called in arguments, in a request and in the sandbox's state. */
export const nameOf: Record<Kind, (resource: Resource) => string> = {
  project: ({ name }) => name,
  cluster: ({ name }) => name,
  databaseUser: ({ username }) => username,
  accessListEntry: ({ ipAddress }) => ipAddress,
};

/** What tells one from another of the same name; users and entries have nothing of the kind. */
const idOf = (kind: Kind, resource: Resource | undefined): unknown =>
  resource && (resource.id ?? nameOf[kind](resource));

export const variantOf = (kind: Kind, tagged: boolean, index: number): object => ({
  ...(kind === "cluster" ? { providerSettings: aws } : {}),
  ...variants[kind][tagged ? "tagged" : "plain"]?.[index],
});

const setOf = (tags: { key: string; value: string }[]): string =>
  tags
    .map(({ key, value }) => `${key}=${value}`)
    .sort()
    .join();

const defaultRoles = [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }];

/** A role with its members in the order of the arguments. */
const roleOf = ({ roleName, databaseName }: Resource) => ({ roleName, databaseName });

const rolesOf = (list: Resource[]): string =>
  list.map(({ roleName, databaseName }) => `${roleName}@${databaseName}`).join();

type Difference = { field: string; yours: unknown; existing: unknown };

/** The arguments that were given and differ from a resource. */
const differencesOf = (args: Record<string, any>, resource: Resource): Difference[] => {
  const found: Difference[] = [];
  const note = (field: string, yours: unknown, existing: unknown) => {
    if (yours !== undefined && yours !== existing) found.push({ field, yours, existing });
  };
  const { backingProviderName, regionName } = args.providerSettings ?? {};
  const { providerSettings = {}, tags = [] } = resource;
  note(
    "providerSettings.backingProviderName",
    backingProviderName,
    providerSettings.backingProviderName,
  );
  note("providerSettings.regionName", regionName, providerSettings.regionName);
  if (args.tags !== undefined && setOf(args.tags) !== setOf(tags))
    found.push({ field: "tags", yours: args.tags, existing: tags });
  if (args.username !== undefined) {
    const yours = args.roles ?? defaultRoles;
    if (rolesOf(yours) !== rolesOf(resource.roles))
      found.push({ field: "roles", yours, existing: resource.roles.map(roleOf) });
  }
  // What Atlas does not return is not compared (docs/architecture.md#lost-answers).
  for (const field of ["withDefaultAlertsSettings", "terminationProtectionEnabled"])
    if (resource[field] !== undefined) note(field, args[field], resource[field]);
  // A comment that is empty is left out.
  note("comment", args.comment, resource.comment ?? "");
  return found;
};

/** Whether a change was accepted by Atlas itself: a post's answer names what was asked for, a delete's names nothing. */
export const isAccepted = ({ method, name, attempt }: Exchanged): boolean => {
  if ("error" in attempt || attempt.response.status >= 300) return false;
  const json = attempt.response.json as Resource | undefined;
  if (method === "DELETE") return json === undefined || Object.keys(json).length === 0;
  const all = Array.isArray(json?.results) ? json.results : [json];
  return all.some((one: Resource | undefined) =>
    [one?.name, one?.username, one?.ipAddress].includes(name),
  );
};

const isRefused = ({ attempt }: Exchanged, tagged: boolean): boolean => {
  if ("error" in attempt) return !attempt.error.sent;
  const { status, json, empty } = attempt.response;
  if (status < 400 || status >= 500 || (status === 400 && tagged)) return false;
  return empty ? status === 401 : (json as Resource | undefined)?.error === status;
};

/** Whether a change may have done its work without saying so. */
export const isUnclear = (exchanged: Exchanged, tagged: boolean): boolean =>
  !isAccepted(exchanged) && !isRefused(exchanged, tagged);

/** One call with its answer, and all that is needed to judge it. */
export type Told = {
  kind: Kind;
  args: Record<string, any>;
  answer: Answer;
  /** Resources of the name before the call and after all that ran with it. */
  before: Resource[];
  after: Resource[];
  /** Posts for the name that this call, or others at the same time, have sent. */
  posts: Exchanged[];
  /** Answers of the creates at the same time. */
  beside: { args: Record<string, any>; answer: Answer }[];
  /** Others at the same time may have deleted it. */
  deletedBeside: boolean;
  /** Reads may have missed what there is, or were not permitted; a lost post may still arrive. */
  blind: boolean;
  late: boolean;
};

const judgeSuccess = (judged: Told): string[] => {
  const { kind, args, answer, before, after, posts, beside, deletedBeside, blind } = judged;
  const { outcome, reconciled } = answer;
  if (outcome === "would_create") {
    if (args.dryRun !== true) return ["would create, but was asked to"];
    return before.length > 0 && !blind && !deletedBeside ? ["would create what is there"] : [];
  }
  const has = (resources: Resource[], id: unknown): Resource | undefined =>
    resources.find((one) => idOf(kind, one) === id);
  const id = idOf(kind, answer[kind]);
  const there = has(after, id);
  if (there === undefined) return deletedBeside ? [] : [`${outcome} ${id} is not there`];
  const problems: string[] = [];
  // An entry that is made again takes the place of the first: the last of several at once stays.
  const replaced = kind === "accessListEntry" && beside.length > 0;
  if (differencesOf(args, there).length > 0 && !replaced)
    problems.push(`${outcome}, but it differs`);
  if (outcome === "existing" && args.ifExists !== "return") problems.push("returned unasked");
  if (outcome === "created" && args.dryRun) problems.push("created in a dry run");
  // Absent before is what a look-up said; one that missed an earlier create is believed (docs/architecture.md#lost-answers).
  const unseen = blind && (reconciled || kind === "accessListEntry");
  if (outcome === "created" && has(before, id) && !unseen)
    problems.push("created, but was there before");
  if (outcome === "created" && !reconciled && !posts.some(isAccepted))
    problems.push("created, but no post was accepted");
  if (reconciled && !posts.some((one) => isUnclear(one, "tags" in args)))
    problems.push("reconciled, but nothing was unclear");
  if (!["created", "existing"].includes(outcome)) problems.push(`${outcome} is no outcome here`);
  return problems;
};

const judgeExists = ({
  kind,
  args,
  answer,
  after,
  beside,
  blind,
  late,
  deletedBeside,
}: Told): string[] => {
  const { existing, identical, differences } = answer.error;
  const [there] = after;
  if (deletedBeside) return [];
  // A project that is taken back late may still have been there when the answer was given.
  if (late && beside.length > 0) return [];
  if (Array.isArray(existing)) {
    const ids = (list: Resource[]) => list.map((one) => idOf(kind, one)).sort();
    return ids(existing).join() === ids(after).join() ? [] : ["exists several times, but not so"];
  }
  if (there === undefined) return ["exists, but is not there"];
  if (existing === undefined) return blind ? [] : ["exists, but what exists is not told"];
  const [told, id] = [idOf(kind, existing), idOf(kind, there)];
  // Where two of one name have stayed, each call may have seen another one.
  if (after.length > 1 && after.some((one) => idOf(kind, one) === told)) return [];
  if (told !== id) return [`exists as ${told}, but is ${id}`];
  if (kind === "accessListEntry" && beside.length > 0) return [];
  const real = differencesOf(args, there);
  const problems = identical === (real.length === 0) ? [] : [`identical is ${identical}`];
  const text = (list: Difference[]) =>
    JSON.stringify(list.map(({ field, yours, existing }) => [field, yours, existing]).sort());
  if (text(differences) !== text(real))
    problems.push(`differences ${text(differences)}, not ${text(real)}`);
  return problems;
};

const judgeNotCreated = ({ kind, before, after, beside, late }: Told): string[] => {
  const [there] = after;
  if (there === undefined || late) return [];
  if (before.some((one) => idOf(kind, one) === idOf(kind, there))) return [];
  // Made meanwhile by a call beside this one: that one has to stand by it, or has other arguments.
  const byOther = beside.some(
    (one) =>
      differencesOf(one.args, there).length === 0 && one.answer.error?.outcome !== "not_created",
  );
  return byOther ? [] : ["not created, but it is there now and was not before"];
};

const judgeFailure = (told: Told): string[] => {
  const { args, answer, posts } = told;
  const { code, outcome, retry, fields = [], nextActions } = answer.error;
  if (code === "internal") return [`internal: ${answer.error.message}`];
  if (outcome === "exists") return judgeExists(told);
  if (outcome === "not_created") return judgeNotCreated(told);
  if (outcome !== "unknown") return [`${outcome} is no outcome of a create`];
  const isOpen = posts.some((one) => isUnclear(one, "tags" in args)) || answer.error.leftOver;
  const problems = isOpen ? [] : ["unknown, but every post was answered clearly"];
  const helped = [...nextActions].some((one) => one.arguments.ifExists === "return");
  // What Atlas has refused has to be mended before it is repeated.
  if (retry === "after_fix" ? fields.length === 0 : !helped)
    problems.push("unknown, without what to do about it");
  return problems;
};

/** What is not true in an answer; empty where all of it is. */
export const liesOf = (told: Told): string[] => {
  const { kind, args, answer, before, after, posts, beside, deletedBeside, blind } = told;
  const problems = answer.status === "ok" ? judgeSuccess(told) : judgeFailure(told);
  // Two of one name stay where reads lag, a lost answer leaves open which one is whose, or Atlas lets none be taken back.
  const isLeft = [answer, ...beside.map((one) => one.answer)].some((one) => one.error?.leftOver);
  const isOpen = blind || isLeft || posts.some((one) => isUnclear(one, "tags" in args));
  if (after.length > Math.max(1, before.length) && !(kind === "project" && isOpen))
    problems.push(`there are ${after.length} of the name`);
  if (beside.length > 0 || deletedBeside) return problems;
  const heavy = posts.filter((one) => isAccepted(one) || isUnclear(one, "tags" in args));
  if (heavy.length > (kind === "project" ? 1 : 2)) problems.push(`${heavy.length} posts`);
  if (args.dryRun && posts.length > 0) problems.push("posted in a dry run");
  return problems;
};
