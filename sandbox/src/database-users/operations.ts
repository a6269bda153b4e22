import { DATABASE_USERS } from "../api/endpoint-sets.ts";
import { readExpiry } from "../api/expiry.ts";
import { optionalText, requiredText } from "../api/fields.ts";
import { type Call, hiddenReadsOf, type Operation, pathParameter } from "../api/operation.ts";
import { pageOf } from "../api/pages.ts";
import { atlasFailure } from "../errors/api-error.ts";
import { findProject } from "../projects/view.ts";
import { type DatabaseUser, isAlive, isSeen } from "../state/resources.ts";
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
import { databaseUserView, usersOf } from "./view.ts";

/** Database users that a project may have (documented with the create). */
const MAX_USERS = 100;

const COLLECTION = {
  path: "/groups/{groupId}/databaseUsers",
  version: "2023-01-01",
  limit: DATABASE_USERS,
};
const ONE = { ...COLLECTION, path: "/groups/{groupId}/databaseUsers/{databaseName}/{username}" };

const isNamed = (user: DatabaseUser, databaseName: string, username: string): boolean =>
  user.databaseName === databaseName && user.username === username;

const newUser = (call: Call, groupId: string): DatabaseUser => {
  const { world, body, now } = call;
  checkUserFields(body, groupId);
  const databaseName = requiredText(body, "databaseName");
  const username = requiredText(body, "username");
  checkUsername(username);
  const roles = readRoles(body, username);
  if (roles === undefined) throw atlasFailure("MISSING_ATTRIBUTE", { attribute: "roles" });
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
    hiddenReads: hiddenReadsOf(call),
  };
  const others = usersOf(world, groupId, now);
  if (others.some((other) => isNamed(other, databaseName, username))) {
    throw atlasFailure("USER_ALREADY_EXISTS", { username });
  }
  if (others.length >= MAX_USERS) {
    throw atlasFailure("GROUP_USERS_LIMIT_EXCEEDED", { users: MAX_USERS });
  }
  return user;
};

// Lists replace lists; who the user is and how it authenticates stays as it was made.
const changesTo = ({ body, now }: Call, user: DatabaseUser): Partial<DatabaseUser> => {
  checkUserFields(body, user.groupId);
  if ((optionalText(body, "username") ?? user.username) !== user.username) {
    throw atlasFailure("DATABASE_USERNAME_CANNOT_BE_CHANGED");
  }
  if ((optionalText(body, "databaseName") ?? user.databaseName) !== user.databaseName) {
    throw atlasFailure("DATABASE_NAME_CANNOT_BE_CHANGED");
  }
  const types = readAuthTypes(body, user.authTypes);
  if (JSON.stringify(types) !== JSON.stringify(user.authTypes)) {
    throw atlasFailure("AUTH_TYPE_CANNOT_BE_CHANGED");
  }
  const password = optionalText(body, "password");
  if (password !== undefined) checkPassword(password);
  const deleteAfter = readExpiry(body, now);
  if (deleteAfter !== undefined && user.deleteAfter === undefined) {
    throw atlasFailure("PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY");
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
  atlasFailure("USERNAME_NOT_FOUND", { username: pathParameter(call, "username") });

const findUser = (call: Call): DatabaseUser => {
  const databaseName = pathParameter(call, "databaseName");
  const username = pathParameter(call, "username");
  const users = usersOf(call.world, findProject(call).id, call.now);
  const user = users.find((one) => isNamed(one, databaseName, username));
  if (user === undefined) throw notFound(call);
  return user;
};

/** The operations on database users. */
export const databaseUserOperations: readonly Operation[] = [
  {
    ...COLLECTION,
    id: "listGroupDatabaseUsers",
    method: "GET",
    run: (call) => {
      const users = usersOf(call.world, findProject(call).id, call.now).filter(isSeen);
      return pageOf(
        call,
        users.map((user) => databaseUserView(call, user)),
      );
    },
  },
  {
    ...COLLECTION,
    id: "createGroupDatabaseUser",
    method: "POST",
    changes: ["stale_reads"],
    run: (call) => {
      const { world, now } = call;
      const user = newUser(call, findProject(call).id);
      world.users = [...world.users.filter((one) => isAlive(one, now)), user];
      return { status: 201, body: databaseUserView(call, user) };
    },
  },
  {
    ...ONE,
    id: "getGroupDatabaseUser",
    method: "GET",
    run: (call) => {
      const user = findUser(call);
      if (!isSeen(user)) throw notFound(call);
      return { status: 200, body: databaseUserView(call, user) };
    },
  },
  {
    ...ONE,
    id: "updateGroupDatabaseUser",
    method: "PATCH",
    run: (call) => {
      const user = findUser(call);
      Object.assign(user, changesTo(call, user));
      return { status: 200, body: databaseUserView(call, user) };
    },
  },
  {
    ...ONE,
    id: "deleteGroupDatabaseUser",
    method: "DELETE",
    run: (call) => {
      const user = findUser(call);
      call.world.users = call.world.users.filter((one) => one !== user);
      return { status: 204 };
    },
  },
];
