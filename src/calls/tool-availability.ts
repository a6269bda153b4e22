/** How the server stands towards each caller: backend, what is in force, and which tools are off and why. */
import type { Config } from "../config/config.ts";
import type { Caller } from "../policy/caller.ts";
import type { Rules } from "../policy/rules.ts";
import type { Standing, Tool } from "../tools/define.ts";

/** Why a tool is not offered to a caller, or undefined where it is. */
const offReason = (
  { access, name }: Tool,
  config: Config,
  rules: Rules,
  principal: Caller,
  keepsPasswords: boolean,
): string | undefined => {
  if (!keepsPasswords && name === "create_database_user")
    return "passwords need a folder that the operator names (ATLAS_MCP_CREDENTIALS_DIR)";
  if (config.readOnly && access !== "read") return "the server is read-only (ATLAS_MCP_READ_ONLY)";
  if (principal.readOnly && access !== "read") return "this caller may only read";
  if (config.backend === "atlas" && !config.allowDelete && access === "delete")
    return "deletes are off on live Atlas (ATLAS_MCP_ALLOW_DELETE)";
  if (principal.noDelete && access === "delete") return "this caller may not delete";
  if (config.scope.groupId !== undefined && ["create_project", "delete_project"].includes(name))
    return "the server is fixed to one project (MONGODB_ATLAS_PROJECT_ID)";
  const listed = rules.projects ?? principal.rules.projects;
  if (listed !== undefined && name === "create_project")
    return "the operator names the projects that may be used (rule projects)";
  return undefined;
};

/** Makes the function that tells it. */
export const createStanding = (
  config: Config,
  rules: Rules,
  tools: readonly Tool[],
  keepsPasswords: boolean,
): ((principal: Caller) => Standing) => {
  return (principal) => ({
    backend: config.backend,
    baseUrl: config.backend === "sandbox" ? "embedded sandbox" : config.baseUrl,
    government: new URL(config.baseUrl).hostname.endsWith(".mongodbgov.com"),
    policy: {
      readOnly: config.readOnly || principal.readOnly,
      allowDelete: (config.backend === "sandbox" || config.allowDelete) && !principal.noDelete,
      confirm: config.confirm,
      rules: [rules, principal.rules].filter((one) => Object.keys(one).length > 0),
    },
    switchedOff: tools.flatMap((tool) => {
      const reason = offReason(tool, config, rules, principal, keepsPasswords);
      return reason === undefined ? [] : [{ tool: tool.name, reason }];
    }),
  });
};
