/** Finds and creates database users. */
import type { AtlasClient } from "../atlas/client.ts";
import * as requests from "../atlas/requests.ts";
import type { DatabaseUser, DatabaseUserBody } from "../atlas/resources/database-user.ts";
import type { Deadline } from "../common/deadline.ts";
import type { Suggestion } from "../common/failure.ts";
import { createRedactor } from "../common/redact.ts";
import type { Secret } from "../common/secret.ts";
import { type Comparison, date, differencesBy, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { CreateSpec } from "./create-spec.ts";
import { type Lookup, lookUpBy } from "./lookup.ts";

/** Atlas codes that mean that no user has the name: Atlas's Kubernetes operator takes each of these so (docs/atlas.md#database-users). */
export const noUser: readonly string[] = [
  "USERNAME_NOT_FOUND",
  "USER_NOT_FOUND",
  "RESOURCE_NOT_FOUND",
];

/** Looks up a database user. Throws if the project is missing. */
export const findDatabaseUser = (
  atlas: AtlasClient,
  { groupId, databaseName, username }: requests.DatabaseUserId,
  deadline: Deadline,
): Promise<Lookup<DatabaseUser>> =>
  lookUpBy(noUser, async () => [
    await atlas.read(requests.getGroupDatabaseUser(groupId, databaseName, username), deadline),
  ]);

const comparison: Comparison<DatabaseUserBody, DatabaseUser, "username" | "databaseName"> = {
  roles: set(
    { roleName: true, databaseName: true, collectionName: true },
    (existing) => existing.roles,
  ),
  scopes: set({ name: true, type: true }, (existing) => existing.scopes),
  // Atlas leaves out an empty description.
  description: value((existing) => existing.description ?? ""),
  deleteAfterDate: date((existing) => existing.deleteAfterDate),
};

/**
 * Describes the creation of a database user, for `create`. `password` is called only just before the request is sent; the
 * returned `request` does not contain it.
 */
export const databaseUserCreateSpec = (
  context: OperationContext,
  groupId: string,
  body: DatabaseUserBody,
  password: () => Promise<Secret>,
) => {
  const { databaseName, username } = body;
  const request = requests.createGroupDatabaseUser(groupId, body);
  const lookUp: Suggestion = { suggest: "show_project", with: { groupId } };
  const spec: CreateSpec<DatabaseUser> = {
    noun: `database user ${JSON.stringify(username)}`,
    key: `database user ${groupId} ${databaseName} ${username}`,
    fingerprint: JSON.stringify([request.path, body]),
    find: (deadline) =>
      findDatabaseUser(context.atlas, { groupId, databaseName, username }, deadline),
    // The only place that sends a password. If Atlas repeats it in a response, it is redacted.
    post: async (deadline) => {
      const revealed = (await password()).reveal();
      const redactor = createRedactor();
      redactor.add(revealed);
      const withPassword = requests.createGroupDatabaseUser(groupId, body, revealed);
      return redactor.clean(await context.atlas.send(withPassword, deadline));
    },
    differences: (existing) => differencesBy(comparison, body, existing),
    update: {
      // Atlas gives no end to a user that has none.
      fields: ({ deleteAfterDate }) => [
        ...["roles", "scopes", "description"],
        ...(deleteAfterDate === undefined ? [] : ["deleteAfterDate"]),
      ],
      call: () => ({ suggest: "update_user", with: { groupId, databaseName, username } }),
    },
    hasTags: false,
    alternative: "choose another name",
    createdAt: () => undefined,
    now: context.atlas.now,
    isDeleting: () => false,
    lookUp,
    nextSteps: () => [{ ...lookUp, why: "Shows the user that has the name." }],
  };
  return { spec, request };
};
