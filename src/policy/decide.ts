/** Decides by the operator's rules on each change, before anything is sent. */

import { flexPrice } from "../atlas/pricing.ts";
import type { FieldProblem } from "../common/failure.ts";
import type { ConfirmMode } from "../config/config.ts";
import type { Change } from "../tools/define.ts";
import type { Rules } from "./rules.ts";
import { type Violation, violationsOf } from "./violations.ts";

export type Decision =
  | { decision: "allow" | "confirm" }
  | { decision: "deny"; message: string; fields: FieldProblem[] };

export type Denial = Extract<Decision, { decision: "deny" }>;

/** What decisions depend on. The operator's rules and the caller's own all apply. */
export type Policy = {
  backend: "atlas" | "sandbox";
  confirm: ConfirmMode;
  operator: Rules;
  caller: Rules;
};

const mostShown = 10;

/** The refusal for violated rules. */
const denial = (violations: readonly [Violation, ...Violation[]]): Denial => {
  const rules = [...new Set(violations.map(({ rule }) => rule))];
  // A call can break a rule in every member of a long list.
  const shown = violations.slice(0, mostShown);
  const rest = violations.length - shown.length;
  const problems = [
    ...shown.map(({ field }) => `${field.path} ${field.problem}`),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join("; ");
  return {
    decision: "deny",
    message: `The operator's policy does not allow this (${rules.map((rule) => `rule ${rule}`).join(", ")}): ${problems}.`,
    fields: shown.map(({ field }) => field),
  };
};

/** Whether somebody must agree first. */
const needsConsent = (change: Change, policy: Policy): boolean => {
  const { tool, effect, kind, risks = [] } = change;
  const asks = [policy.operator, policy.caller].some((rules) => rules.consent?.[tool] === "ask");
  // A rule for this tool overrides the general setting.
  if (asks) return true;
  if (policy.confirm === "never") return false;
  if (risks.some(({ inSandbox }) => inSandbox)) return true;
  // A caller's own rules can only narrow: their "allow" waives nothing.
  if (policy.operator.consent?.[tool] === "allow") return false;
  if (policy.backend === "sandbox" && policy.confirm !== "always") return false;
  const costs = kind === "flexCluster" && effect === "create";
  return costs || effect === "delete" || risks.length > 0;
};

/** Decides on a change by its arguments. Organizations and projects are checked before, by `checkScope`. */
export const decide = (change: Change, policy: Policy): Decision => {
  const [first, ...more] = [policy.operator, policy.caller].flatMap((rules) =>
    violationsOf(change, rules),
  );
  if (first !== undefined) return denial([first, ...more]);
  return { decision: needsConsent(change, policy) ? "confirm" : "allow" };
};

type LimitName = keyof NonNullable<Rules["limits"]>;

/** A limit on what may exist after a create. */
export type Limit = { name: LimitName; most: number };

const limitNames: Partial<Record<Change["kind"], readonly LimitName[]>> = {
  project: ["projectsPerOrganization"],
  flexCluster: ["flexClustersPerProject", "monthlyUsd"],
};

/** The limits that hold for a change, each the lowest of those that are set. */
export const limitsFor = ({ effect, kind }: Change, policy: Policy): Limit[] => {
  const names = effect === "create" ? (limitNames[kind] ?? []) : [];
  return names.flatMap((name) => {
    const set = [policy.operator, policy.caller].flatMap((rules) => rules.limits?.[name] ?? []);
    return set.length === 0 ? [] : [{ name, most: Math.min(...set) }];
  });
};

/** A limit, and how many others count for it. */
type Counted = Limit & { has: number };

const overLimit = (change: Change, { name, most, has }: Counted): Violation[] => {
  const violation = (path: string, problem: string) => [
    { rule: `limits.${name}`, field: { path, problem } },
  ];
  if (name === "monthlyUsd") {
    const clusters = has + 1;
    const cost = clusters * flexPrice.perMonth.to;
    const made = `would make ${clusters} flex ${clusters === 1 ? "cluster" : "clusters"}`;
    return cost <= most
      ? []
      : violation(
          "name",
          `${made}, which may cost ${cost} USD a month, and at most ${most} USD is allowed`,
        );
  }
  const path = change.kind === "project" ? "orgId" : "groupId";
  return has < most ? [] : violation(path, `already has ${has}, and at most ${most} may exist`);
};

/** The refusal of a change that would exceed limits, if it would. */
export const overLimits = (change: Change, counted: readonly Counted[]): Denial | undefined => {
  const [first, ...more] = counted.flatMap((one) => overLimit(change, one));
  return first === undefined ? undefined : denial([first, ...more]);
};
