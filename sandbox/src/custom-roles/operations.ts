/** The operations on custom database roles. */
import { checkFields, requiredText } from "../api/fields.ts";
import type { Call, Operation } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { usersOf } from "../database-users/find.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "../projects/find.ts";
import { customRolesLimitName, limitValue } from "../projects/limit-table.ts";
import type { CustomRole } from "../state/administration.ts";
import { checkRoleName, readPermissions } from "./body.ts";
import { customRolesOf, findCustomRole } from "./find.ts";

const listRoute = {
  path: "/groups/{groupId}/customDBRoles/roles",
  version: "2023-01-01",
  endpointSet: endpointSets.customRoles,
};
const itemRoute = { ...listRoute, path: "/groups/{groupId}/customDBRoles/roles/{roleName}" };

/** Converts a role to the body of all responses, without what a resource does not have, as recorded. */
const toView = ({ actions, inheritedRoles, roleName }: CustomRole): JsonObject => ({
  actions: actions.map(({ action, resources }) => ({
    action,
    resources: resources.map(({ cluster, collection, db }) => ({
      ...(cluster ? { cluster } : {}),
      ...(collection === undefined ? {} : { collection }),
      ...(db === undefined ? {} : { db }),
    })),
  })),
  inheritedRoles: inheritedRoles.map(({ db, role }) => ({ db, role })),
  roleName,
});

/** Refuses to delete a role that is all that some user or other role has. */
const checkNotNeeded = (call: Call, { groupId, roleName }: CustomRole): void => {
  const users = usersOf(call.state, groupId, call.now)
    .filter(({ roles }) => roles.every((role) => role.roleName === roleName))
    .map(({ username }) => username);
  if (users.length > 0) {
    throw createApiError("ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS", { users: users.join(", ") });
  }
  const roles = customRolesOf(call.state, groupId)
    .filter(
      ({ actions, inheritedRoles }) =>
        actions.length === 0 && inheritedRoles.every(({ role }) => role === roleName),
    )
    .map((role) => role.roleName);
  if (roles.length > 0) {
    throw createApiError("ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES", { roles: roles.join(", ") });
  }
};

/** Deletes a role, also from the users and roles that have it. */
const deleteRole = (call: Call, deleted: CustomRole): void => {
  const { state } = call;
  state.customRoles = state.customRoles.filter((role) => role !== deleted);
  for (const role of customRolesOf(state, deleted.groupId)) {
    role.inheritedRoles = role.inheritedRoles.filter(({ role }) => role !== deleted.roleName);
  }
  for (const user of usersOf(state, deleted.groupId, call.now)) {
    user.roles = user.roles.filter(({ roleName }) => roleName !== deleted.roleName);
  }
};

export const customRoleOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupCustomDbRoleRoles",
    method: "GET",
    run: (call) => ({
      status: 200,
      body: customRolesOf(call.state, findProject(call).id).map(toView),
    }),
  },
  {
    ...listRoute,
    id: "createGroupCustomDbRoleRole",
    method: "POST",
    run: (call) => {
      const { state, body } = call;
      const groupId = findProject(call).id;
      checkFields(body, { actions: "array", inheritedRoles: "array", roleName: "string" });
      const roleName = requiredText(body, "roleName");
      checkRoleName(roleName);
      const empty: CustomRole = { groupId, roleName, actions: [], inheritedRoles: [] };
      const role = { ...empty, ...readPermissions(call, empty) };
      const others = customRolesOf(state, groupId);
      if (others.some((other) => other.roleName === roleName)) {
        throw createApiError("ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS", { role: roleName });
      }
      if (others.length >= limitValue(state, groupId, customRolesLimitName)) {
        throw createApiError("CUSTOM_ROLES_LIMIT_EXCEEDED");
      }
      state.customRoles.push(role);
      return { status: 202, body: toView(role) };
    },
  },
  {
    ...itemRoute,
    id: "getGroupCustomDbRoleRole",
    method: "GET",
    run: (call) => ({ status: 200, body: toView(findCustomRole(call)) }),
  },
  {
    ...itemRoute,
    id: "updateGroupCustomDbRoleRole",
    method: "PATCH",
    run: (call) => {
      const role = findCustomRole(call);
      // The name is not documented for an update; the CLI sends the whole role.
      checkFields(call.body, { actions: "array", inheritedRoles: "array", roleName: "ignored" });
      Object.assign(role, readPermissions(call, role));
      return { status: 200, body: toView(role) };
    },
  },
  {
    ...itemRoute,
    id: "deleteGroupCustomDbRoleRole",
    method: "DELETE",
    run: (call) => {
      const role = findCustomRole(call);
      checkNotNeeded(call, role);
      deleteRole(call, role);
      return { status: 204 };
    },
  },
];
