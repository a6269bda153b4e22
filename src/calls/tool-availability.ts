/** What a caller may use: the tools that are on, the bounds, the policy, and why other tools are off. */
import type { Config } from "../config/config.ts";
import type { Bounds } from "../operations/context.ts";
import type { Caller } from "../policy/caller.ts";
import type { Policy } from "../policy/decide.ts";
import type { Rules } from "../policy/rules.ts";
import type { Setup, Tool } from "../tools/define.ts";
import { boundsOf } from "./scope.ts";
import { isChosen } from "./tool-choice.ts";

/** Worked out once for each server instance: nothing in a call changes it. */
export type Availability = {
  caller: Caller;
  /** The tools that are on, in order. */
  tools: readonly Tool[];
  setup: Setup;
  bounds: Bounds;
  /** Whether anything is fixed or bounded, so that calls need a check of their scope. */
  isBounded: boolean;
  policy: Policy;
  /** The same for tools whose backend is that of ephemeral clusters. */
  ofEphemeral: { setup: Setup; policy: Policy };
};

/** What it depends on besides the caller. `noPasswordsBecause`: why there is no folder for passwords, if so. */
export type AvailabilityOptions = Pick<
  Config,
  | "backend"
  | "baseUrl"
  | "ephemeral"
  | "scope"
  | "readOnly"
  | "allowDelete"
  | "toolChoice"
  | "confirm"
> & { rules: Rules; tools: readonly Tool[]; noPasswordsBecause: string | undefined };

/** Why a tool is not offered to a caller, or undefined where it is. */
const offReason = (
  tool: Tool,
  options: AvailabilityOptions,
  caller: Caller,
): string | undefined => {
  const { backend, ephemeral, scope, readOnly, allowDelete, rules, noPasswordsBecause } = options;
  if (!isChosen(tool, options.toolChoice))
    return "the operator chose other tools (ATLAS_MCP_TOOLS)";
  if (tool.ephemeral && noPasswordsBecause !== undefined) return noPasswordsBecause;
  if (tool.ephemeral && backend === "atlas" && !ephemeral)
    return "ephemeral clusters of live Atlas are off (ATLAS_MCP_EPHEMERAL)";
  if (tool.access === "read") return undefined;
  const { access, kind } = tool;
  if (noPasswordsBecause !== undefined && kind === "databaseUser" && access === "create")
    return noPasswordsBecause;
  if (readOnly) return "the server is read-only (ATLAS_MCP_READ_ONLY)";
  if (caller.readOnly) return "this caller may only read";
  // What holds no data may be taken away where a person is asked (`leave.ts`).
  const holdsData = kind === "project" || kind === "flexCluster";
  if (backend === "atlas" && !allowDelete && access === "delete" && holdsData)
    return "deletes are off on live Atlas (ATLAS_MCP_ALLOW_DELETE)";
  if (caller.noDelete && access === "delete") return "this caller may not delete";
  if (scope.groupId !== undefined && kind === "project" && access !== "update")
    return "the server is fixed to one project (MONGODB_ATLAS_PROJECT_ID)";
  const listed = rules.projects ?? caller.rules.projects;
  if (listed !== undefined && kind === "project" && access === "create")
    return "the operator allows only certain projects (rule projects)";
  return undefined;
};

/** Creates the function that works out the availability for a caller. */
export const createAvailability = (
  options: AvailabilityOptions,
): ((caller: Caller) => Availability) => {
  const { backend, baseUrl, ephemeral, scope, readOnly, allowDelete, confirm, rules } = options;
  const addressOf = (one: typeof backend) => (one === "sandbox" ? "embedded sandbox" : baseUrl);
  const ephemeralBackend = ephemeral ? "atlas" : backend;
  return (caller) => {
    const bounds = boundsOf(scope, [rules, caller.rules]);
    const reasons = options.tools.map((tool) => ({ tool, off: offReason(tool, options, caller) }));
    const tools = reasons.flatMap(({ tool, off }) => (off === undefined ? [tool] : []));
    const setup: Setup = {
      backend,
      baseUrl: addressOf(backend),
      government: backend === "atlas" && new URL(baseUrl).hostname.endsWith(".mongodbgov.com"),
      policy: {
        readOnly: readOnly || caller.readOnly,
        allowDelete: (backend === "sandbox" || allowDelete) && !caller.noDelete,
        confirm,
        rules: [rules, caller.rules].filter((set) => Object.keys(set).length > 0),
      },
      ephemeral: {
        on: tools.some((tool) => tool.ephemeral && tool.access === "create"),
        backend: ephemeralBackend,
      },
      switchedOff: reasons.flatMap(({ tool, off }) =>
        off === undefined ? [] : [{ tool: tool.name, reason: off }],
      ),
    };
    const policy: Policy = { backend, confirm, operator: rules, caller: caller.rules };
    return {
      caller,
      tools,
      setup,
      bounds,
      isBounded: Object.keys({ ...scope, ...bounds }).length > 0,
      policy,
      ofEphemeral: {
        setup: { ...setup, backend: ephemeralBackend, baseUrl: addressOf(ephemeralBackend) },
        policy: { ...policy, backend: ephemeralBackend },
      },
    };
  };
};
