import { readExpiry } from "../api/expiry.ts";
import { optionalText, requiredText } from "../api/fields.ts";
import { type Call, type Operation, pathParameter, staleReadsOf } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { findProject } from "../projects/view.ts";
import { type DatabaseUser, isAlive, isFound } from "../state/resources.ts";
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
import { readRoles } from "./roles.ts";
import { toDatabaseUserView, usersOf } from "./view.ts";

/** Database users that a project may have (documented with the create). */
const maxUsers = 100;

const listRoute = {
  path: "/groups/{groupId}/databaseUsers",
  version: "2023-01-01",
  endpointSet: endpointSets.databaseUsers,
};
const itemRoute = {
  ...listRoute,
  path: "/groups/{groupId}/databaseUsers/{databaseName}/{username}",
};

const isNamed = (user: DatabaseUser, databaseName: string, username: string): boolean =>
  user.databaseName === databaseName && user.username === username;

const createUser = (call: Call, groupId: string): DatabaseUser => {
  const { state, body, now } = call;
  checkUserFields(body, groupId);
  const databaseName = requiredText(body, "databaseName");
  const username = requiredText(body, "username");
  checkUsername(username);
  const roles = readRoles(body, username);
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
  if (others.length >= maxUsers) {
    throw createApiError("GROUP_USERS_LIMIT_EXCEEDED", { users: maxUsers });
  }
  return user;
};

// Lists replace lists; who the user is and how it authenticates stays as it was made.
const readUserUpdate = ({ body, now }: Call, user: DatabaseUser): Partial<DatabaseUser> => {
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
    roles: readRoles(body, user.username) ?? user.roles,
    scopes: readScopes(body) ?? user.scopes,
    labels: readLabels(body) ?? user.labels,
    description: optionalText(body, "description") ?? user.description,
    deleteAfter: deleteAfter ?? user.deleteAfter,
  };
};

const notFound = (call: Call): Error =>
  createApiError("USERNAME_NOT_FOUND", { username: pathParameter(call, "username") });

const findUser = (call: Call): DatabaseUser => {
  const databaseName = pathParameter(call, "databaseName");
  const username = pathParameter(call, "username");
  const users = usersOf(call.state, findProject(call).id, call.now);
  const user = users.find((one) => isNamed(one, databaseName, username));
  if (user === undefined) throw notFound(call);
  return user;
};

/** The operations on database users. */
export const databaseUserOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupDatabaseUsers",
    method: "GET",
    run: (call) => {
      const users = usersOf(call.state, findProject(call).id, call.now).filter(isFound);
      return createPage(
        call,
        users.map((user) => toDatabaseUserView(call, user)),
      );
    },
  },
  {
    ...listRoute,
    id: "createGroupDatabaseUser",
    method: "POST",
    operationFaults: ["stale_reads"],
    run: (call) => {
      const { state, now } = call;
      const user = createUser(call, findProject(call).id);
      state.users = [...state.users.filter((one) => isAlive(one, now)), user];
      return { status: 201, body: toDatabaseUserView(call, user) };
    },
  },
  {
    ...itemRoute,
    id: "getGroupDatabaseUser",
    method: "GET",
    run: (call) => {
      const user = findUser(call);
      if (!isFound(user)) throw notFound(call);
      return { status: 200, body: toDatabaseUserView(call, user) };
    },
  },
  {
    ...itemRoute,
    id: "updateGroupDatabaseUser",
    method: "PATCH",
    run: (call) => {
      const user = findUser(call);
      Object.assign(user, readUserUpdate(call, user));
      return { status: 200, body: toDatabaseUserView(call, user) };
    },
  },
  {
    ...itemRoute,
    id: "deleteGroupDatabaseUser",
    method: "DELETE",
    run: (call) => {
      const user = findUser(call);
      call.state.users = call.state.users.filter((one) => one !== user);
      return { status: 204 };
    },
  },
];
