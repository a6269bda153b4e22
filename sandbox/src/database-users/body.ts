/** Reads the body of a create or update of a database user, and refuses what Atlas refuses. */
import { readExpiry } from "../api/expiry.ts";
import { optionalText, requiredText } from "../api/fields.ts";
import { type Call, staleReadsOf } from "../api/operation.ts";
import { customRolesOf } from "../custom-roles/find.ts";
import { createApiError } from "../errors/api-error.ts";
import { limitValue, usersLimitName } from "../projects/limit-table.ts";
import type { DatabaseUser } from "../state/resources.ts";
import {
  checkDatabaseName,
  checkPassword,
  checkUserFields,
  checkUsername,
  hasPassword,
  readAuthTypes,
  readLabels,
  readScopes,
} from "./fields.ts";
import { isNamed, usersOf } from "./find.ts";
import { readRoles } from "./roles.ts";

/** Creates a user. The caller adds it to the state. */
export const createUser = (call: Call, groupId: string): DatabaseUser => {
  const { state, body, now } = call;
  checkUserFields(body, groupId);
  const databaseName = requiredText(body, "databaseName");
  const username = requiredText(body, "username");
  checkUsername(username);
  const roles = readRoles(body, username, customRolesOf(state, groupId));
  if (roles === undefined) throw createApiError("MISSING_ATTRIBUTE", { attribute: "roles" });
  const authTypes = readAuthTypes(body);
  checkDatabaseName(databaseName, authTypes);
  if (hasPassword(authTypes)) checkPassword(requiredText(body, "password"));
  const user = {
    groupId,
    databaseName,
    username,
    authTypes,
    roles,
    scopes: readScopes(body) ?? [],
    labels: readLabels(body) ?? [],
    description: optionalText(body, "description"),
    deleteAfter: readExpiry(body, now),
    staleReads: staleReadsOf(call),
  };
  const others = usersOf(state, groupId, now);
  if (others.some((other) => isNamed(other, databaseName, username))) {
    throw createApiError("USER_ALREADY_EXISTS", { username });
  }
  const users = limitValue(state, groupId, usersLimitName);
  if (others.length >= users) {
    throw createApiError("GROUP_USERS_LIMIT_EXCEEDED", { users });
  }
  return user;
};

/** Reads an update. Lists are replaced as a whole; name, database and authentication type cannot change. */
export const readUserUpdate = (
  { state, body, now }: Call,
  user: DatabaseUser,
): Partial<DatabaseUser> => {
  checkUserFields(body, user.groupId);
  if ((optionalText(body, "username") ?? user.username) !== user.username) {
    throw createApiError("DATABASE_USERNAME_CANNOT_BE_CHANGED");
  }
  if ((optionalText(body, "databaseName") ?? user.databaseName) !== user.databaseName) {
    throw createApiError("DATABASE_NAME_CANNOT_BE_CHANGED");
  }
  const types = readAuthTypes(body, user.authTypes);
  if (JSON.stringify(types) !== JSON.stringify(user.authTypes)) {
    throw createApiError("AUTH_TYPE_CANNOT_BE_CHANGED");
  }
  const password = optionalText(body, "password");
  if (password !== undefined) checkPassword(password);
  const deleteAfter = readExpiry(body, now);
  if (deleteAfter !== undefined && user.deleteAfter === undefined) {
    throw createApiError("PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY");
  }
  return {
    roles: readRoles(body, user.username, customRolesOf(state, user.groupId)) ?? user.roles,
    scopes: readScopes(body) ?? user.scopes,
    labels: readLabels(body) ?? user.labels,
    description: optionalText(body, "description") ?? user.description,
    deleteAfter: deleteAfter ?? user.deleteAfter,
  };
};
