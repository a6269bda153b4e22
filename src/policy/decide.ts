/** What the operator allows: decides on each change before anything is sent. */

import type { FieldProblem } from "../common/failure.ts";
import type { ConfirmMode } from "../config/config.ts";
import type { Change } from "../tools/define.ts";
import type { Rules } from "./rules.ts";

export type Decision =
  | { decision: "allow" | "confirm" }
  | { decision: "deny"; message: string; fields: FieldProblem[] };

export type Denial = Extract<Decision, { decision: "deny" }>;

/** What decisions go by: the policy file first, then the caller's own rules; all of them hold. */
export type Policy = {
  backend: "atlas" | "sandbox";
  confirm: ConfirmMode;
  operator: Rules;
  caller: Rules;
};

const wholly = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, "u");

type Broken = { rule: string; field: FieldProblem };

const outside = (
  rule: string,
  path: string,
  value: string | undefined,
  allowed: readonly string[] | undefined,
): Broken[] => {
  if (allowed === undefined || value === undefined || allowed.includes(value)) return [];
  const shown = allowed.slice(0, 20).join(", ");
  const problem =
    allowed.length === 0 ? "is not allowed, nor is any other" : `must be one of ${shown}`;
  const [example] = allowed;
  return [{ rule, field: { path, problem, ...(example === undefined ? {} : { example }) } }];
};

const misnamed = (change: Change, rules: Rules): Broken[] => {
  const pattern = change.kind === "accessListEntry" ? undefined : rules.names?.[change.kind];
  if (change.effect === "delete" || pattern === undefined) return [];
  if (wholly(pattern).test(change.name)) return [];
  const path = change.kind === "databaseUser" ? "username" : "name";
  return [{ rule: `names.${change.kind}`, field: { path, problem: `must match ${pattern}` } }];
};

const untagged = ({ effect, kind, tags = [] }: Change, rules: Rules): Broken[] => {
  if (effect === "delete" || (kind !== "project" && kind !== "flexCluster")) return [];
  return (rules.requiredTags ?? []).flatMap(({ key, value }): Broken[] => {
    const given = tags.find((tag) => tag.key === key);
    if (given && (value === undefined || wholly(value).test(given.value))) return [];
    const what = `must carry ${JSON.stringify(key)}`;
    const problem = value === undefined ? what : `${what} with a value that matches ${value}`;
    return [{ rule: "requiredTags", field: { path: "tags", problem } }];
  });
};

const brokenBy = (change: Change, rules: Rules): Broken[] => [
  ...outside("providers", "providerSettings.backingProviderName", change.provider, rules.providers),
  ...outside("regions", "providerSettings.regionName", change.region, rules.regions),
  ...misnamed(change, rules),
  ...untagged(change, rules),
];

/** A refusal by the operator's rules, as every part of the guard words it. */
const denial = (broken: readonly [Broken, ...Broken[]]): Denial => {
  const rules = [...new Set(broken.map((one) => one.rule))];
  const said = broken.map(({ field }) => `${field.path} ${field.problem}`).join("; ");
  return {
    decision: "deny",
    message: `The operator's policy does not allow this (${rules.map((rule) => `rule ${rule}`).join(", ")}): ${said}.`,
    fields: broken.map((one) => one.field),
  };
};

/** Whether somebody has to agree first. */
const needsConsent = (change: Change, policy: Policy): boolean => {
  const { tool, effect, kind } = change;
  const asks = [policy.operator, policy.caller].some((rules) => rules.consent?.[tool] === "ask");
  // Said for this very tool, it stands above the general setting.
  if (asks) return true;
  if (policy.confirm === "never") return false;
  if (change.warning !== undefined) return true;
  // A caller's own entry can only narrow: an "allow" of its own exempts from nothing.
  if (policy.operator.consent?.[tool] === "allow") return false;
  if (policy.backend === "sandbox" && policy.confirm !== "always") return false;
  return kind === "flexCluster" || effect === "delete";
};

/** Decides on a change by what its arguments say. Organizations and projects are bounded before, for reads as well. */
export const decide = (change: Change, policy: Policy): Decision => {
  const [first, ...more] = [policy.operator, policy.caller].flatMap((rules) =>
    brokenBy(change, rules),
  );
  if (first !== undefined) return denial([first, ...more]);
  return { decision: needsConsent(change, policy) ? "confirm" : "allow" };
};

/** The lowest of the limits on how many of a kind there may be, if there is one. */
export const limitFor = (
  change: Change,
  policy: Policy,
): { rule: string; most: number } | undefined => {
  if (change.effect === "delete") return undefined;
  const member =
    change.kind === "project"
      ? "projectsPerOrganization"
      : change.kind === "flexCluster"
        ? "flexClustersPerProject"
        : undefined;
  if (member === undefined) return undefined;
  const limits = [policy.operator, policy.caller].flatMap((rules) => rules.limits?.[member] ?? []);
  return limits.length === 0 ? undefined : { rule: `limits.${member}`, most: Math.min(...limits) };
};

/** The refusal of one more than the limit. */
export const overLimit = (
  change: Change,
  { rule, most }: { rule: string; most: number },
  has: number,
) =>
  denial([
    {
      rule,
      field: {
        path: change.kind === "project" ? "orgId" : "groupId",
        problem: `has ${has} already, and at most ${most} may exist`,
      },
    },
  ]);
