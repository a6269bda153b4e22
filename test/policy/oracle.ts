/** What may happen under rules and consent, written down a second time and on its own: the server's code is not asked. */

export type RuleSet = {
  organizations?: string[];
  projects?: string[];
  providers?: string[];
  regions?: string[];
  names?: { project?: string; flexCluster?: string };
  requiredTags?: { key: string; value?: string }[];
  limits?: {
    projectsPerOrganization?: number;
    flexClustersPerProject?: number;
    monthlyUsd?: number;
  };
  consent?: Record<string, "ask" | "allow">;
};

export type Mode = "auto" | "human" | "token" | "never" | "always";

type Thing = Record<string, any>;

/** What there is in Atlas. */
export type Atlas = { projects: Thing[]; clusters: Thing[] };

/** One resource that came or went. */
export type Mutation = { tool: string; thing: Thing; orgId: string; groupId: string };

const missing = (before: Thing[], after: Thing[]) =>
  before.filter((one) => !after.some(({ id }) => id === one.id));

/** What has changed from one state to the next. */
export const mutationsOf = (before: Atlas, after: Atlas): Mutation[] => {
  const homes = new Map([...before.projects, ...after.projects].map((one) => [one.id, one.orgId]));
  const project = (tool: string) => (thing: Thing) => {
    return { tool, thing, orgId: thing.orgId, groupId: thing.id };
  };
  const cluster = (tool: string) => (thing: Thing) => {
    return { tool, thing, orgId: homes.get(thing.groupId), groupId: thing.groupId };
  };
  return [
    ...missing(after.projects, before.projects).map(project("create_project")),
    ...missing(before.projects, after.projects).map(project("delete_project")),
    ...missing(after.clusters, before.clusters).map(cluster("create_flex_cluster")),
    ...missing(before.clusters, after.clusters).map(cluster("delete_flex_cluster")),
  ];
};

const has = (list: string[] | undefined, one: string) => list === undefined || list.includes(one);

const full = (pattern: string | undefined, text: string) =>
  pattern === undefined || text.match(new RegExp(pattern, "u"))?.[0].length === text.length;

/** Why these rules do not allow it, or nothing. */
const brokenBy = (
  rules: RuleSet,
  { tool, thing, orgId, groupId }: Mutation,
  after: Atlas,
): string[] => {
  const broken: string[] = [];
  const must = (rule: string, kept: boolean) => kept || broken.push(rule);
  must("organizations", has(rules.organizations, orgId));
  if (tool === "create_project") must("no new projects", rules.projects === undefined);
  else must("projects", has(rules.projects, groupId));
  if (tool.startsWith("delete")) return broken;
  for (const { key, value } of rules.requiredTags ?? []) {
    const tags: { key: string; value: string }[] = thing.tags ?? [];
    must(
      "requiredTags",
      tags.some((tag) => tag.key === key && full(value, tag.value)),
    );
  }
  if (tool === "create_project") {
    must("names.project", full(rules.names?.project, thing.name));
    const count = after.projects.filter((one) => one.orgId === orgId).length;
    must("limit", count <= (rules.limits?.projectsPerOrganization ?? 1000));
    return broken;
  }
  must("names.flexCluster", full(rules.names?.flexCluster, thing.name));
  must("providers", has(rules.providers, thing.providerSettings.backingProviderName));
  must("regions", has(rules.regions, thing.providerSettings.regionName));
  const count = after.clusters.filter((one) => one.groupId === groupId).length;
  must("limit", count <= (rules.limits?.flexClustersPerProject ?? 1000));
  must("cost", after.clusters.length * 30 <= (rules.limits?.monthlyUsd ?? 100_000));
  return broken;
};

export type Caller = RuleSet & { name: string; readOnly?: boolean; noDelete?: boolean };

/** Why the operator's rules or the caller's own do not allow it. */
export const forbids = (
  operator: RuleSet,
  caller: Caller,
  mutation: Mutation,
  after: Atlas,
): string[] => [
  ...brokenBy(operator, mutation, after),
  ...brokenBy(caller, mutation, after),
  ...(caller.readOnly ? ["readOnly"] : []),
  ...(caller.noDelete && mutation.tool.startsWith("delete") ? ["noDelete"] : []),
];

/** Whether somebody has to agree to it. */
export const needsConsent = (
  operator: RuleSet,
  caller: Caller,
  mode: Mode,
  tool: string,
): boolean => {
  if (operator.consent?.[tool] === "ask" || caller.consent?.[tool] === "ask") return true;
  if (mode === "never" || operator.consent?.[tool] === "allow") return false;
  return tool !== "create_project";
};
