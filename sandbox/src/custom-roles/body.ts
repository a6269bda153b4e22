/** Reads the body of a create or update of a custom database role, and refuses what Atlas refuses. */
import { checkFields, optionalObjects, optionalText, requiredText } from "../api/fields.ts";
import type { Call } from "../api/operation.ts";
import { isBuiltInRole } from "../database-users/roles.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import type { CustomRole, CustomRoleAction } from "../state/administration.ts";
import { isAction } from "./actions.ts";
import { customRolesOf } from "./find.ts";

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;

/** Refuses a name that is invalid, reserved or built in. */
export const checkRoleName = (role: string): void => {
  if (!namePattern.test(role)) throw createApiError("ATLAS_CUSTOM_ROLE_INVALID_NAME", { role });
  if (role.startsWith("xgen-")) {
    throw createApiError("ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED", { role });
  }
  if (isBuiltInRole(role)) throw createApiError("ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED", { role });
};

const readAction = (item: JsonObject): CustomRoleAction => {
  checkFields(item, { action: "string", resources: "array" });
  const action = requiredText(item, "action");
  if (!isAction(action)) throw createApiError("INVALID_ENUM_VALUE", { value: action });
  const resources = (optionalObjects(item, "resources") ?? []).map((resource) => {
    checkFields(resource, { cluster: "boolean", collection: "string", db: "string" });
    return {
      cluster: resource.cluster === true,
      collection: optionalText(resource, "collection"),
      db: optionalText(resource, "db"),
    };
  });
  return { action, resources };
};

const readInherited = (call: Call, groupId: string, roleName: string, item: JsonObject) => {
  checkFields(item, { db: "string", role: "string" });
  const inherited = { db: requiredText(item, "db"), role: requiredText(item, "role") };
  if (inherited.role === roleName) {
    throw createApiError("ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL");
  }
  const others = customRolesOf(call.state, groupId);
  const exists =
    isBuiltInRole(inherited.role) || others.some((one) => one.roleName === inherited.role);
  if (!exists) throw createApiError("ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE");
  return inherited;
};

/** Reads what a role allows. What the body leaves out is as before. */
export const readPermissions = (
  call: Call,
  { groupId, roleName, ...before }: CustomRole,
): Pick<CustomRole, "actions" | "inheritedRoles"> => {
  const actions = optionalObjects(call.body, "actions")?.map(readAction) ?? before.actions;
  if (new Set(actions.map(({ action }) => action)).size < actions.length) {
    throw createApiError("ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION");
  }
  const inheritedRoles =
    optionalObjects(call.body, "inheritedRoles")?.map((item) =>
      readInherited(call, groupId, roleName, item),
    ) ?? before.inheritedRoles;
  if (actions.length + inheritedRoles.length === 0) {
    throw createApiError("ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS");
  }
  return { actions, inheritedRoles };
};
