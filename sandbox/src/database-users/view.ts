import type { Call } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import {
  type DatabaseUser,
  isAlive,
  type Role,
  type SandboxState,
  toAtlasTime,
} from "../state/resources.ts";

/** The database users of a project that have not expired. */
export const usersOf = (state: SandboxState, groupId: string, now: number): DatabaseUser[] =>
  state.users.filter((user) => user.groupId === groupId && isAlive(user, now));

const toRoleView = ({ collectionName, databaseName, roleName }: Role): JsonObject => {
  const collection = collectionName === undefined ? {} : { collectionName };
  return { ...collection, databaseName, roleName };
};

const view = (user: DatabaseUser, links: JsonObject): JsonObject => {
  const { awsIAMType, ldapAuthType, oidcAuthType, x509Type } = user.authTypes;
  const { description, deleteAfter } = user;
  return {
    awsIAMType,
    databaseName: user.databaseName,
    ...(deleteAfter === undefined ? {} : { deleteAfterDate: toAtlasTime(deleteAfter) }),
    ...(description === undefined ? {} : { description }),
    groupId: user.groupId,
    labels: user.labels.map(({ key, value }) => ({ key, value })),
    ldapAuthType,
    ...links,
    oidcAuthType,
    roles: user.roles.map(toRoleView),
    scopes: user.scopes.map(({ name, type }) => ({ name, type })),
    username: user.username,
    x509Type,
  };
};

/** A database user as every answer shows it: recorded key order, never a password. */
export const toDatabaseUserView = (call: Call, user: DatabaseUser): JsonObject => {
  const { databaseName, groupId, username } = user;
  const list = `${call.origin}/api/atlas/v2/groups/${groupId}/databaseUsers`;
  // A `$` needs no escape in a path, and Atlas's documents write `$external` without one.
  const href = `${list}/${databaseName}/${encodeURIComponent(username)}`;
  return view(user, { links: [{ href, rel: "self" }] });
};

/** A database user as `/_sandbox/state` shows it: without links. */
export const toDatabaseUserState = (user: DatabaseUser): JsonObject => view(user, {});
