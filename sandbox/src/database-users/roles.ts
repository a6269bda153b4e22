/** The roles of a database user. */
import { checkFields, optionalObjects, optionalText, requiredText } from "../api/fields.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import type { CustomRole } from "../state/administration.ts";
import type { Role } from "../state/resources.ts";

const rolesOfAnyDatabase = ["dbAdmin", "read", "readWrite"];

const rolesOfAdminDatabase = [
  "atlasAdmin",
  "backup",
  "clusterMonitor",
  "dbAdminAnyDatabase",
  "enableSharding",
  "readAnyDatabase",
  "readWriteAnyDatabase",
];

/** Tells whether a role is one of Atlas's own. */
export const isBuiltInRole = (roleName: string): boolean =>
  rolesOfAnyDatabase.includes(roleName) || rolesOfAdminDatabase.includes(roleName);

const readRole = (item: JsonObject, customRoles: readonly CustomRole[]): Role => {
  checkFields(item, { collectionName: "string", databaseName: "string", roleName: "string" });
  const databaseName = requiredText(item, "databaseName");
  const roleName = requiredText(item, "roleName");
  const collectionName = optionalText(item, "collectionName");
  if (customRoles.some((role) => role.roleName === roleName)) {
    // A custom role is of the admin database, whatever databases it gives access to (terraform#1522).
    if (databaseName !== "admin") throw createApiError("UNSUPPORTED_ROLE");
  } else if (rolesOfAdminDatabase.includes(roleName)) {
    if (databaseName !== "admin") {
      throw createApiError("ATLAS_INVALID_ROLE_DATABASE", { role: roleName, database: "admin" });
    }
  } else if (!rolesOfAnyDatabase.includes(roleName)) {
    throw createApiError("ATLAS_INVALID_ROLE", { role: roleName, database: databaseName });
  }
  return { collectionName, databaseName, roleName };
};

const toText = ({ collectionName, databaseName, roleName }: Role): string => {
  const where = collectionName === undefined ? databaseName : `${databaseName}.${collectionName}`;
  return `${roleName}@${where}`;
};

/** Reads `roles`; undefined if there are none. */
export const readRoles = (
  body: JsonObject,
  username: string,
  customRoles: readonly CustomRole[],
): Role[] | undefined => {
  const roles = optionalObjects(body, "roles")?.map((item) => readRole(item, customRoles));
  if (roles === undefined) return undefined;
  // Atlas refuses a user without a role (atlas-kubernetes#107); the code is an assumption.
  if (roles.length === 0) throw createApiError("MISSING_ATTRIBUTE", { attribute: "roles" });
  const seen = new Set<string>();
  for (const role of roles) {
    const text = toText(role);
    if (seen.has(text)) {
      throw createApiError("DUPLICATE_DATABASE_ROLES", { username, roles: text });
    }
    seen.add(text);
  }
  return roles;
};
