/** Database users: finding and creating them. */
import * as requests from "../atlas/requests.ts";
import type { DatabaseUser, DatabaseUserBody } from "../atlas/resources/database-user.ts";
import type { Suggestion } from "../common/failure.ts";
import { createRedactor } from "../common/redact.ts";
import type { Secret } from "../common/secret.ts";
import { type Comparison, date, differencesBy, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { CreateSpec } from "./create-spec.ts";
import { lookUpBy } from "./lookup.ts";

// Seen of Atlas by its Kubernetes operator, which takes all of them for "no such user".
const noUser = ["USERNAME_NOT_FOUND", "USER_NOT_FOUND", "RESOURCE_NOT_FOUND"];

const comparison: Comparison<DatabaseUserBody, DatabaseUser, "username" | "databaseName"> = {
  roles: set(
    { roleName: true, databaseName: true, collectionName: true },
    (existing) => existing.roles,
  ),
  scopes: set({ name: true, type: true }, (existing) => existing.scopes),
  description: value((existing) => existing.description),
  deleteAfterDate: date((existing) => existing.deleteAfterDate),
};

/**
 * A database user to create, for `create`. `password` is asked for when the request is about to leave, and not before;
 * the request as data is without it.
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
    request: JSON.stringify([request.path, body]),
    find: (deadline) =>
      lookUpBy(noUser, async () => [
        await context.atlas.read(
          requests.getGroupDatabaseUser(groupId, databaseName, username),
          deadline,
        ),
      ]),
    // The one place that puts a password on the wire. Whatever Atlas says of it comes back without it.
    post: async (deadline) => {
      const revealed = (await password()).reveal();
      const redactor = createRedactor();
      redactor.add(revealed);
      const withPassword = requests.createGroupDatabaseUser(groupId, body, revealed);
      return redactor.clean(await context.atlas.send(withPassword, deadline));
    },
    differences: (existing) => differencesBy(comparison, body, existing),
    uniqueInAtlas: true,
    hasTags: false,
    alternative: "choose another name",
    createdAt: () => undefined,
    isDeleting: () => false,
    lookUp,
    nextSteps: () => [{ ...lookUp, why: "Shows the user that has the name." }],
  };
  return { spec, request };
};
