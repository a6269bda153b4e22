/** The organization and the project that the operator has fixed: filled in, hidden from the model, and a bound on all calls. */
import type { AtlasClient } from "./atlas/client.ts";
import type { Deadline } from "./deadline.ts";
import { fail } from "./errors.ts";
import type { Scope } from "./operations/work.ts";
import type { Tool } from "./tools/define.ts";

type Args = Record<string, unknown>;

const names = ["orgId", "groupId"] as const;

/** The arguments that the server fills in itself, so that no tool shows them. */
export const hiddenBy = (scope: Scope): string[] =>
  names.filter((name) => scope[name] !== undefined);

/** What the scope does to calls. */
export type ScopeGuard = {
  /** The arguments with the fixed ids put in. Throws `policy_denied` where another id was given. */
  fill(tool: Tool, args: Args): Args;
  /** The arguments as the model is to see them: without what the server fills in. */
  strip(tool: Tool, args: Args): Args;
  /** Throws `policy_denied` where the project is of another organization; asks Atlas once a project. */
  checkHome(args: Args, deadline: Deadline): Promise<void>;
};

export const createScopeGuard = (scope: Scope, atlas: AtlasClient): ScopeGuard => {
  // A project never moves to another organization.
  const homes = new Map<string, string>();

  const fixed = (tool: Tool): Args =>
    Object.fromEntries(
      names.flatMap((name) =>
        scope[name] !== undefined && name in tool.input.shape ? [[name, scope[name]]] : [],
      ),
    );

  return {
    fill: (tool, args) => {
      for (const [name, value] of Object.entries(fixed(tool))) {
        if (args[name] === undefined || args[name] === value) continue;
        const message = `This server is fixed to ${name} ${JSON.stringify(value)}; another one is not allowed. Leave ${name} out.`;
        const problem = "is fixed by the operator of this server";
        fail("policy_denied", message, { fields: [{ path: name, problem, example: value }] });
      }
      return { ...args, ...fixed(tool) };
    },
    strip: (tool, args) => {
      const own = fixed(tool);
      const shown = ([name, value]: [string, unknown]) => value !== undefined && !(name in own);
      return Object.fromEntries(Object.entries(args).filter(shown));
    },
    checkHome: async ({ groupId }, deadline) => {
      const { orgId } = scope;
      if (orgId === undefined || scope.groupId !== undefined || typeof groupId !== "string") return;
      const home = homes.get(groupId) ?? (await atlas.getProject(deadline, groupId)).orgId;
      if (home !== undefined) homes.set(groupId, home);
      if (home === orgId) return;
      const message = `This server is fixed to organization ${orgId}, and the project is in another one.`;
      fail("policy_denied", message, {
        fields: [{ path: "groupId", problem: "is not a project of the organization" }],
        hints: [{ advice: "find_project" }],
      });
    },
  };
};
