/** Updates a database user: what `updateResource` needs to know. */
import * as requests from "../atlas/requests.ts";
import type { DatabaseUser, DatabaseUserUpdate } from "../atlas/resources/database-user.ts";
import { invalidInput, raise } from "../common/failure.ts";
import { createRedactor } from "../common/redact.ts";
import type { Secret } from "../common/secret.ts";
import { type Comparison, date, differencesBy, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { UpdateSpec } from "./update-spec.ts";

// What Atlas leaves out is empty.
const comparison: Comparison<DatabaseUserUpdate, DatabaseUser> = {
  roles: set(
    { roleName: true, databaseName: true, collectionName: true },
    (existing) => existing.roles ?? [],
  ),
  scopes: set({ name: true, type: true }, (existing) => existing.scopes ?? []),
  description: value((existing) => existing.description ?? ""),
  deleteAfterDate: date((existing) => existing.deleteAfterDate),
};

/** What differs from the user as it is. */
const changesTo = (existing: DatabaseUser, asked: DatabaseUserUpdate): DatabaseUserUpdate => {
  const differences = differencesBy(comparison, asked, existing);
  return Object.fromEntries(differences.map(({ field, yours }) => [field, yours]));
};

/** Whether the roles that are asked for are others than those of the user. */
export const changesRoles = (existing: DatabaseUser, { roles }: DatabaseUserUpdate): boolean =>
  changesTo(existing, { roles }).roles !== undefined;

const otherWays = ["awsIAMType", "ldapAuthType", "oidcAuthType", "x509Type"];

const refuseWithoutPassword = (existing: DatabaseUser): void => {
  const way = otherWays.find((name) => (existing[name] ?? "NONE") !== "NONE");
  if (way === undefined) return;
  const problem = `is not for this user, who logs in without a password (${way})`;
  raise(invalidInput([{ path: "rotatePassword", problem }]));
};

/** Generates the new password when it is first called, and returns undefined once Atlas has accepted it. */
export type NewPassword = () => Promise<Secret | undefined>;

/**
 * Describes the update of a database user, for `updateResource`. `newPassword` is called only just before a request is sent;
 * what `request` returns has a placeholder.
 */
export const databaseUserUpdateSpec = (
  { atlas }: OperationContext,
  user: requests.DatabaseUserId,
  asked: DatabaseUserUpdate,
  newPassword?: NewPassword,
): UpdateSpec<DatabaseUser> => {
  const { groupId, databaseName, username } = user;
  const requestWith = (existing: DatabaseUser, password: string | undefined) =>
    requests.updateGroupDatabaseUser(user, {
      // Those that were read a moment ago, because Atlas requires them.
      ...(existing.roles === undefined ? {} : { roles: existing.roles }),
      ...changesTo(existing, asked),
      ...(password === undefined ? {} : { password }),
    });
  const request = (existing: DatabaseUser) => {
    if (newPassword !== undefined) refuseWithoutPassword(existing);
    return requestWith(existing, newPassword && "[generated]");
  };
  return {
    noun: `database user ${JSON.stringify(username)}`,
    key: `database user ${groupId} ${databaseName} ${username}`,
    fingerprint: JSON.stringify([asked, newPassword !== undefined]),
    idOf: () => undefined,
    stateOf: () => undefined,
    read: (deadline) =>
      atlas.read(requests.getGroupDatabaseUser(groupId, databaseName, username), deadline),
    differences: (existing) => differencesBy(comparison, asked, existing),
    request,
    // If Atlas repeats the password in a response, it is redacted.
    send: async (existing, deadline) => {
      request(existing);
      const revealed = (await newPassword?.())?.reveal();
      const redactor = createRedactor();
      if (revealed !== undefined) redactor.add(revealed);
      return redactor.clean(await atlas.send(requestWith(existing, revealed), deadline));
    },
    isAlwaysSent: newPassword !== undefined,
    lookUp: { suggest: "show_project", with: { groupId } },
  };
};
