/** The roles that a team or a service account can have in a project. */
import { createApiError } from "../errors/api-error.ts";

/** By their form: Atlas adds roles now and then, and its list of them is not part of the API. */
const pattern = /^GROUP_[A-Z_]+$/;

/** Refuses what is no role of a project. */
export const checkProjectRoles = (roles: readonly string[], groupId: string): void => {
  const role = roles.find((name) => !pattern.test(name));
  if (role !== undefined) throw createApiError("INVALID_ROLE_FOR_GROUP", { role, groupId });
};
