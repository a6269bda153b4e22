/** Database users as Atlas shows them. */
import type { Call } from "../api/operation.ts";
import type { JsonObject } from "../json.ts";
import type { DatabaseUserState } from "../snapshot.ts";
import { type DatabaseUser, type Role, toAtlasTime } from "../state/resources.ts";

const toRoleView = ({
  collectionName,
  databaseName,
  roleName,
}: Role): DatabaseUserState["roles"][number] => {
  const collection = collectionName === undefined ? {} : { collectionName };
  return { ...collection, databaseName, roleName };
};

const toView = <Links extends JsonObject>(user: DatabaseUser, links: Links) => {
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

/** Converts a database user to the body of all responses: keys in the recorded order, never a password. */
export const toDatabaseUserView = (call: Pick<Call, "origin">, user: DatabaseUser): JsonObject => {
  const { databaseName, groupId, username } = user;
  const list = `${call.origin}/api/atlas/v2/groups/${groupId}/databaseUsers`;
  // A `$` needs no escaping in a path, and Atlas's documentation does not escape `$external`.
  const href = `${list}/${databaseName}/${encodeURIComponent(username)}`;
  return toView(user, { links: [{ href, rel: "self" }] });
};

/** Converts a database user to the form in `/_sandbox/state`, without links. */
export const toDatabaseUserState = (user: DatabaseUser): DatabaseUserState => toView(user, {});
