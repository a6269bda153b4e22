/** Where calls may go: what the operator has fixed is filled in and hidden from the model; what rules list is a bound on reads and changes alike. */
import type { AtlasClient } from "../atlas/client.ts";
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

/** What the scope does to calls. */
export type ScopeGuard = {
  /** The arguments with the fixed ids put in, whatever was given. */
  fill(tool: Tool, args: Args): Args;
  /** The arguments as the model is to see them: without what the server fills in. */
  strip(tool: Tool, args: Args): Args;
  /**
   * Throws `policy_denied` where an id was given that is not the fixed one, or the organization or project is out of
   * bounds; asks Atlas once a project for its organization.
   */
  check(tool: Tool, given: Args, bounds: Bounds, deadline: Deadline): Promise<void>;
};

const outOfBounds = (
  path: "orgId" | "groupId",
  allowed: readonly string[],
  what: string,
): never => {
  const [example] = allowed;
  return fail(
    "policy_denied",
    `The operator of this server does not allow this ${what}${allowed.length === 0 ? "" : `; allowed: ${allowed.slice(0, 20).join(", ")}`}.`,
    {
      fields: [
        {
          path,
          problem: `is not an allowed ${what}`,
          ...(example === undefined ? {} : { example }),
        },
      ],
      hints: [{ advice: "see_account" }],
    },
  );
};

export const createScopeGuard = (scope: Scope, atlas: AtlasClient): ScopeGuard => {
  // A project never moves to another organization.
  const homes = new Map<string, string>();

  const homeOf = async (groupId: string, deadline: Deadline): Promise<string | undefined> => {
    const home = homes.get(groupId) ?? (await atlas.getProject(deadline, groupId)).orgId;
    if (home !== undefined) homes.set(groupId, home);
    return home;
  };

  const fixed = (tool: Tool): Args =>
    Object.fromEntries(
      names.flatMap((name) =>
        scope[name] !== undefined && name in tool.input.shape ? [[name, scope[name]]] : [],
      ),
    );

  return {
    fill: (tool, args) => ({ ...args, ...fixed(tool) }),
    strip: (tool, args) => {
      const own = fixed(tool);
      const shown = ([name, value]: [string, unknown]) => value !== undefined && !(name in own);
      return Object.fromEntries(Object.entries(args).filter(shown));
    },
    check: async (tool, given, { organizations, projects }, deadline) => {
      const own = fixed(tool);
      for (const [name, value] of Object.entries(own)) {
        if (given[name] === undefined || given[name] === value) continue;
        const message = `This server is fixed to ${name} ${JSON.stringify(value)}; another one is not allowed. Leave ${name} out.`;
        const problem = "is fixed by the operator of this server";
        fail("policy_denied", message, { fields: [{ path: name, problem, example: value }] });
      }
      const { orgId, groupId } = { ...given, ...own };
      if (typeof orgId === "string" && organizations && !organizations.includes(orgId))
        outOfBounds("orgId", organizations, "organization");
      if (typeof groupId !== "string") return;
      if (projects && !projects.includes(groupId)) outOfBounds("groupId", projects, "project");
      if (organizations === undefined) return;
      const home = await homeOf(groupId, deadline);
      if (home !== undefined && organizations.includes(home)) return;
      const where = `allowed: ${organizations.slice(0, 20).join(", ") || "none"}`;
      fail(
        "policy_denied",
        `The project is in an organization that the operator does not allow (${where}).`,
        {
          fields: [{ path: "groupId", problem: "is not a project of an allowed organization" }],
          hints: [{ advice: "find_project" }],
        },
      );
    },
  };
};
