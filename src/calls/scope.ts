/** Where calls may go: what the operator has fixed is filled in and hidden from the model; what rules list is a bound on reads and changes alike. */
import type { AtlasClient } from "../atlas/client.ts";
import { getGroup } from "../atlas/requests.ts";
import type { Deadline } from "../common/deadline.ts";
import { fail } from "../common/failure.ts";
import type { Bounds, Scope } from "../operations/context.ts";
import type { Rules } from "../policy/rules.ts";
import type { Tool } from "../tools/define.ts";

type Args = Record<string, unknown>;

const names = ["orgId", "groupId"] as const;

/** The arguments that the server fills in itself, so that no tool shows them. */
export const hiddenBy = (scope: Scope): string[] =>
  names.filter((name) => scope[name] !== undefined);

const common = (lists: (readonly string[] | undefined)[]): readonly string[] | undefined =>
  lists.reduce(
    (all, list) => (all && list ? all.filter((one) => list.includes(one)) : (all ?? list)),
    undefined,
  );

/** What is in bounds for a caller: the fixed scope and every list of ids, taken together. */
export const boundsOf = (scope: Scope, rules: readonly Rules[]): Bounds => {
  const only = (id: string | undefined) => (id === undefined ? undefined : [id]);
  // The project that the operator has fixed needs no look at its organization, unless rules bound that.
  const home = scope.groupId === undefined ? only(scope.orgId) : undefined;
  const organizations = common([home, ...rules.map((one) => one.organizations)]);
  const projects = common([only(scope.groupId), ...rules.map((one) => one.projects)]);
  return {
    ...(organizations === undefined ? {} : { organizations }),
    ...(projects === undefined ? {} : { projects }),
  };
};

/** The fixed ids that a tool takes. */
const fixedIn = (scope: Scope, tool: Tool): Args =>
  Object.fromEntries(
    names.flatMap((name) =>
      scope[name] !== undefined && name in tool.input.shape ? [[name, scope[name]]] : [],
    ),
  );

/** The arguments with the fixed ids put in, whatever was given. */
export const fillScope = (scope: Scope, tool: Tool, args: Args): Args => ({
  ...args,
  ...fixedIn(scope, tool),
});

/** The arguments as the model is to see them: without what the server fills in. */
export const stripScope = (scope: Scope, tool: Tool, args: Args): Args => {
  const fixed = fixedIn(scope, tool);
  const isShown = ([name, value]: [string, unknown]) => value !== undefined && !(name in fixed);
  return Object.fromEntries(Object.entries(args).filter(isShown));
};

const outOfBounds = (
  path: "orgId" | "groupId",
  allowed: readonly string[],
  what: string,
): never => {
  const [example] = allowed;
  const shown = allowed.length === 0 ? "" : `; allowed: ${allowed.slice(0, 20).join(", ")}`;
  return fail("policy_denied", `The operator of this server does not allow this ${what}${shown}.`, {
    fields: [
      {
        path,
        problem: `is not an allowed ${what}`,
        ...(example === undefined ? {} : { example }),
      },
    ],
    suggestions: [{ suggest: "see_account" }],
  });
};

/** What a call is held against. */
export type ScopeCheck = {
  scope: Scope;
  bounds: Bounds;
  atlas: AtlasClient;
  deadline: Deadline;
  /** Organizations by project, as they become known: a project never moves to another one. */
  homes: Map<string, string>;
};

const homeOf = async (
  groupId: string,
  { atlas, deadline, homes }: ScopeCheck,
): Promise<string | undefined> => {
  const home = homes.get(groupId) ?? (await atlas.read(getGroup(groupId), deadline)).orgId;
  if (home !== undefined) homes.set(groupId, home);
  return home;
};

const refuseOther = (fixed: Args, given: Args): void => {
  for (const [name, value] of Object.entries(fixed)) {
    if (given[name] === undefined || given[name] === value) continue;
    const message = `This server is fixed to ${name} ${JSON.stringify(value)}; another one is not allowed. Leave ${name} out.`;
    const problem = "is fixed by the operator of this server";
    fail("policy_denied", message, { fields: [{ path: name, problem, example: value }] });
  }
};

/**
 * Throws `policy_denied` where an id was given that is not the fixed one, or the organization or project is out of
 * bounds; asks Atlas once a project for its organization.
 */
export const checkScope = async (tool: Tool, given: Args, check: ScopeCheck): Promise<void> => {
  const { organizations, projects } = check.bounds;
  const fixed = fixedIn(check.scope, tool);
  refuseOther(fixed, given);
  const { orgId, groupId } = { ...given, ...fixed };
  if (typeof orgId === "string" && organizations && !organizations.includes(orgId))
    outOfBounds("orgId", organizations, "organization");
  if (typeof groupId !== "string") return;
  if (projects && !projects.includes(groupId)) outOfBounds("groupId", projects, "project");
  if (organizations === undefined) return;
  const home = await homeOf(groupId, check);
  if (home !== undefined && organizations.includes(home)) return;
  const where = `allowed: ${organizations.slice(0, 20).join(", ") || "none"}`;
  fail(
    "policy_denied",
    `The project is in an organization that the operator does not allow (${where}).`,
    {
      fields: [{ path: "groupId", problem: "is not a project of an allowed organization" }],
      suggestions: [{ suggest: "find_project" }],
    },
  );
};
