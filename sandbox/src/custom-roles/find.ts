/** Finds the custom database roles of a project. */
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { findProject } from "../projects/find.ts";
import type { CustomRole } from "../state/administration.ts";
import type { SandboxState } from "../state/resources.ts";

/** The custom database roles of a project. */
export const customRolesOf = (state: SandboxState, groupId: string): CustomRole[] =>
  state.customRoles.filter((role) => role.groupId === groupId);

/** The role that the path names; throws if there is none. */
export const findCustomRole = (call: Call): CustomRole => {
  const roleName = pathParameter(call, "roleName");
  const roles = customRolesOf(call.state, findProject(call).id);
  const role = roles.find((one) => one.roleName === roleName);
  if (role === undefined) throw createApiError("ATLAS_CUSTOM_ROLE_NOT_FOUND", { role: roleName });
  return role;
};
