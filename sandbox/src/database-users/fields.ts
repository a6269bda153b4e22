/** The members of a database user's body, with Atlas's rules for each. */
import {
  checkFields,
  checkLength,
  choiceOf,
  optionalObjects,
  optionalText,
  requiredText,
} from "../api/fields.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import type { AuthTypes, DatabaseUser, Scope, Tag } from "../state/resources.ts";

const maxUsernameLength = 1024;
const minPasswordLength = 8;

/** Checks the members of a body, and that its `groupId` is that of the path. */
export const checkUserFields = (body: JsonObject, groupId: string): void => {
  checkFields(body, {
    awsIAMType: "string",
    databaseName: "string",
    deleteAfterDate: "string",
    description: "string",
    groupId: "string",
    labels: "array",
    ldapAuthType: "string",
    oidcAuthType: "string",
    password: "string",
    roles: "array",
    scopes: "array",
    username: "string",
    x509Type: "string",
    // Read-only, accepted and ignored as on a project.
    links: "ignored",
  });
  // Documented as required, but Atlas's own curl examples omit it (docs/atlas.md#database-users).
  const bodyGroupId = optionalText(body, "groupId");
  if (bodyGroupId !== undefined && bodyGroupId !== groupId) {
    throw createApiError("GROUP_MISMATCH", { groupId: bodyGroupId });
  }
  checkLength("description", optionalText(body, "description"), 100);
};

/** Refuses a name that is empty or too long. */
export const checkUsername = (username: string): void => {
  if (username === "" || username.length > maxUsernameLength) {
    throw createApiError("ATLAS_INVALID_USERNAME", { username });
  }
};

/** Refuses a password that is too short. The length is documented; the code is an assumption. */
export const checkPassword = (password: string): void => {
  if (password.length < minPasswordLength) throw createApiError("WEAK_PASSWORD");
};

const passwordOnly: AuthTypes = {
  awsIAMType: "NONE",
  ldapAuthType: "NONE",
  oidcAuthType: "NONE",
  x509Type: "NONE",
};

/** Reads how the user authenticates. */
export const readAuthTypes = (body: JsonObject, current: AuthTypes = passwordOnly): AuthTypes => {
  const { awsIAMType, ldapAuthType, oidcAuthType, x509Type } = current;
  return {
    awsIAMType: choiceOf(body, "awsIAMType", ["NONE", "USER", "ROLE"], awsIAMType),
    ldapAuthType: choiceOf(body, "ldapAuthType", ["NONE", "GROUP", "USER"], ldapAuthType),
    oidcAuthType: choiceOf(body, "oidcAuthType", ["NONE", "IDP_GROUP", "USER"], oidcAuthType),
    x509Type: choiceOf(body, "x509Type", ["NONE", "CUSTOMER", "MANAGED"], x509Type),
  };
};

/** Tells whether the user authenticates with a password. */
export const hasPassword = (types: AuthTypes): boolean =>
  Object.values(types).every((type) => type === "NONE");

/** Refuses an authentication database that is wrong for this kind of user. LDAP users may have either. */
export const checkDatabaseName = (databaseName: string, types: AuthTypes): void => {
  const external =
    types.awsIAMType !== "NONE" || types.x509Type !== "NONE" || types.oidcAuthType === "USER";
  if (external && databaseName !== "$external") {
    throw createApiError("DATABASE_NAME_INVALID_EXTERNAL");
  }
  const internal = hasPassword(types) || types.oidcAuthType === "IDP_GROUP";
  const known = databaseName === "admin" || databaseName === "$external";
  if (!known || (internal && databaseName !== "admin")) {
    throw createApiError("DATABASE_NAME_INVALID_ADMIN", { kindOfUsers: "Users" });
  }
};

/** Reads `scopes`; undefined if there are none. The clusters need not exist. */
export const readScopes = (body: JsonObject): DatabaseUser["scopes"] | undefined =>
  optionalObjects(body, "scopes")?.map((item): Scope => {
    checkFields(item, { name: "string", type: "string" });
    const name = requiredText(item, "name");
    requiredText(item, "type");
    const types = ["CLUSTER", "DATA_LAKE", "STREAM"] as const;
    return { name, type: choiceOf(item, "type", types, "CLUSTER") };
  });

/** Reads `labels`; undefined if there are none. */
export const readLabels = (body: JsonObject): Tag[] | undefined =>
  optionalObjects(body, "labels")?.map((item) => {
    checkFields(item, { key: "string", value: "string" });
    const label = { key: requiredText(item, "key"), value: requiredText(item, "value") };
    checkLength("key", label.key, 255);
    checkLength("value", label.value, 255);
    return label;
  });
