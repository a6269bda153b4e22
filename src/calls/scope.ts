/** The organizations and projects that a call may use: fixed ids are filled in and hidden from the model; rules bound reads and changes alike. */
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

const intersection = (lists: (readonly string[] | undefined)[]): readonly string[] | undefined =>
  lists.reduce(
    (all, list) => (all && list ? all.filter((id) => list.includes(id)) : (all ?? list)),
    undefined,
  );

/** The bounds of a caller: the ids that are in the fixed scope and in every list of the rules. */
export const boundsOf = (scope: Scope, rules: readonly Rules[]): Bounds => {
  const only = (id: string | undefined) => (id === undefined ? undefined : [id]);
  // With a fixed project, the organization is checked only if rules bound it.
  const fixedOrgId = scope.groupId === undefined ? only(scope.orgId) : undefined;
  const organizations = intersection([
    fixedOrgId,
    ...rules.map(({ organizations }) => organizations),
  ]);
  const projects = intersection([only(scope.groupId), ...rules.map(({ projects }) => projects)]);
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

/** The arguments with the fixed ids, which replace any that were sent. */
export const fillScope = (scope: Scope, tool: Tool, args: Args): Args => ({
  ...args,
  ...fixedIn(scope, tool),
});

/** The arguments that the model sees: without the fixed ids. */
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
  const shown = allowed.length === 0 ? "" : `; allowed: ${allowed.slice(0, 20).join(", ")}`;
  return fail("policy_denied", `The operator of this server does not allow this ${what}${shown}.`, {
    fields: [{ path, problem: `is not an allowed ${what}` }],
    suggestions: [{ suggest: "see_account" }],
  });
};

/** What a call is checked against. */
export type ScopeCheck = {
  scope: Scope;
  bounds: Bounds;
  atlas: AtlasClient;
  deadline: Deadline;
  /** The organization's id of each project, once known: a project never moves to another organization. */
  projectOrgIds: Map<string, string>;
};

const orgIdOf = async (
  groupId: string,
  { atlas, deadline, projectOrgIds }: Omit<ScopeCheck, "scope">,
): Promise<string | undefined> => {
  const orgId = projectOrgIds.get(groupId) ?? (await atlas.read(getGroup(groupId), deadline)).orgId;
  if (orgId !== undefined) projectOrgIds.set(groupId, orgId);
  return orgId;
};

/** Whether a project is within the bounds. Asks Atlas only where organizations are bounded, at most once. */
export const isProjectAllowed = async (
  groupId: string,
  check: Omit<ScopeCheck, "scope">,
): Promise<boolean> => {
  const { organizations, projects } = check.bounds;
  if (projects && !projects.includes(groupId)) return false;
  if (organizations === undefined) return true;
  const owner = await orgIdOf(groupId, check);
  return owner !== undefined && organizations.includes(owner);
};

const refuseOther = (fixed: Args, args: Args): void => {
  for (const [name, value] of Object.entries(fixed)) {
    if (args[name] === undefined || args[name] === value) continue;
    const message = `This server is fixed to ${name} ${JSON.stringify(value)}; another value is not allowed. Leave ${name} out.`;
    const problem = "is fixed by the operator of this server";
    fail("policy_denied", message, { fields: [{ path: name, problem }] });
  }
};

/**
 * Throws `policy_denied` if an id is not the fixed one, or if the organization or project is out of bounds. Asks Atlas at
 * most once for the organization of a project.
 */
export const checkScope = async (tool: Tool, args: Args, check: ScopeCheck): Promise<void> => {
  const { organizations, projects } = check.bounds;
  const fixed = fixedIn(check.scope, tool);
  refuseOther(fixed, args);
  const { orgId, groupId } = { ...args, ...fixed };
  if (typeof orgId === "string" && organizations && !organizations.includes(orgId))
    outOfBounds("orgId", organizations, "organization");
  if (typeof groupId !== "string") return;
  if (projects && !projects.includes(groupId)) outOfBounds("groupId", projects, "project");
  if (organizations === undefined) return;
  const owner = await orgIdOf(groupId, check);
  if (owner !== undefined && organizations.includes(owner)) return;
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
