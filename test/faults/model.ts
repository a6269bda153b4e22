/** What an answer claims, held against what the sandbox holds. Written from the design, independent of the code under test. */
import type { Answer, Exchanged } from "../support/provision.ts";
import { aws } from "../support/stage.ts";

export type Kind = "project" | "cluster";

export type Resource = Record<string, any>;

const tag = (value: string) => ({ tags: [{ key: "colour", value }] });
const twoTags = [
  { key: "size", value: "small" },
  { key: "colour", value: "red" },
];
const europe = { providerSettings: { ...aws, regionName: "EU_WEST_1" } };

/** Arguments beside the name; those of a tagged run all carry tags. */
const variants: Record<Kind, Record<"plain" | "tagged", object[]>> = {
  project: {
    plain: [{}, tag("red"), { withDefaultAlertsSettings: false }],
    tagged: [tag("red"), { tags: twoTags }, { ...tag("red"), withDefaultAlertsSettings: false }],
  },
  cluster: {
    plain: [{}, europe, { ...tag("red"), terminationProtectionEnabled: true }],
    tagged: [tag("red"), { ...tag("red"), ...europe }, { tags: [...twoTags].reverse() }],
  },
};

export const variantOf = (kind: Kind, tagged: boolean, index: number): object => ({
  ...(kind === "cluster" ? { providerSettings: aws } : {}),
  ...variants[kind][tagged ? "tagged" : "plain"][index],
});

const setOf = (tags: { key: string; value: string }[]): string =>
  tags
    .map(({ key, value }) => `${key}=${value}`)
    .sort()
    .join();

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
  for (const field of ["withDefaultAlertsSettings", "terminationProtectionEnabled"])
    note(field, args[field], resource[field]);
  return found;
};

/** Whether a post may have done its work without saying so. */
const isUnclear = ({ attempt }: Exchanged, tagged: boolean): boolean => {
  if ("broken" in attempt) return attempt.broken.sent;
  const { status, json } = attempt.reply;
  return status >= 500 || (status < 300 && json === undefined) || (status === 400 && tagged);
};

const isAccepted = ({ attempt }: Exchanged): boolean =>
  "reply" in attempt && attempt.reply.status < 300 && attempt.reply.json !== undefined;

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
  /** Answers of the calls at the same time. */
  beside: { args: Record<string, any>; answer: Answer }[];
  /** Reads may have missed what there is, or were not permitted; a lost post may still arrive. */
  blind: boolean;
  late: boolean;
};

const has = (resources: Resource[], id: unknown): Resource | undefined =>
  resources.find((one) => one.id === id);

const judgeSuccess = ({ kind, args, answer, before, after, posts, blind }: Told): string[] => {
  const { outcome, reconciled } = answer;
  if (outcome === "would_create") {
    if (args.dryRun !== true) return ["would create, but was asked to"];
    return before.length > 0 && !blind ? ["would create what is there"] : [];
  }
  const told = answer[kind];
  const there = has(after, told?.id);
  if (there === undefined) return [`${outcome} ${told?.id} is not there`];
  const problems: string[] = [];
  if (differencesOf(args, there).length > 0) problems.push(`${outcome}, but it differs`);
  if (outcome === "existing" && args.ifExists !== "return") problems.push("returned unasked");
  if (outcome === "created" && args.dryRun) problems.push("created in a dry run");
  // Absent before is what a look-up said; one that missed an earlier create is believed (design 4.5).
  if (outcome === "created" && has(before, told.id) && !(reconciled && blind))
    problems.push("created, but was there before");
  if (outcome === "created" && !reconciled && !posts.some(isAccepted))
    problems.push("created, but no post was accepted");
  if (reconciled && !posts.some((one) => isUnclear(one, "tags" in args)))
    problems.push("reconciled, but nothing was unclear");
  if (!["created", "existing"].includes(outcome)) problems.push(`${outcome} is no outcome here`);
  return problems;
};

const judgeExists = ({ args, answer, after, blind }: Told): string[] => {
  const { existing, identical, differences } = answer.error;
  const [there] = after;
  if (there === undefined) return ["exists, but is not there"];
  if (existing === undefined) return blind ? [] : ["exists, but what exists is not told"];
  if (existing.id !== there.id) return [`exists as ${existing.id}, but is ${there.id}`];
  const real = differencesOf(args, there);
  const problems = identical === (real.length === 0) ? [] : [`identical is ${identical}`];
  const text = (list: Difference[]) =>
    JSON.stringify(list.map(({ field, yours, existing }) => [field, yours, existing]).sort());
  if (text(differences) !== text(real))
    problems.push(`differences ${text(differences)}, not ${text(real)}`);
  return problems;
};

const judgeNotCreated = ({ before, after, beside, late }: Told): string[] => {
  const [there] = after;
  if (there === undefined || late || has(before, there.id)) return [];
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
  const problems = posts.some((one) => isUnclear(one, "tags" in args))
    ? []
    : ["unknown, but every post was answered clearly"];
  const helped = [...nextActions].some((one) => one.arguments.ifExists === "return");
  // What Atlas has refused has to be mended before it is repeated.
  if (retry === "after_fix" ? fields.length === 0 : !helped)
    problems.push("unknown, without what to do about it");
  return problems;
};

/** What is not true in an answer; empty where all of it is. */
export const liesOf = (told: Told): string[] => {
  const { kind, args, answer, after, posts, beside } = told;
  const problems = answer.status === "ok" ? judgeSuccess(told) : judgeFailure(told);
  if (after.length > 1) problems.push(`there are ${after.length} of the name`);
  if (beside.length > 0) return problems;
  const heavy = posts.filter((one) => isAccepted(one) || isUnclear(one, "tags" in args));
  if (heavy.length > (kind === "project" ? 1 : 2)) problems.push(`${heavy.length} posts`);
  if (args.dryRun && posts.length > 0) problems.push("posted in a dry run");
  return problems;
};
