/** Database users: finding and creating them. */
import type { CreateDatabaseUserBody } from "../atlas/access-bodies.ts";
import { createGroupDatabaseUser } from "../atlas/requests.ts";
import type { DatabaseUser } from "../atlas/resources.ts";
import type { Hint } from "../common/failure.ts";
import type { Secret } from "../common/secret.ts";
import { type Comparison, date, differencesBy, set, value } from "./compare.ts";
import type { OperationContext } from "./context.ts";
import type { CreateSpec } from "./create-spec.ts";
import { lookUpBy } from "./lookup.ts";

// Seen of Atlas by its Kubernetes operator, which takes all of them for "no such user".
const noUser = ["USERNAME_NOT_FOUND", "USER_NOT_FOUND", "RESOURCE_NOT_FOUND"];

const comparison: Comparison<CreateDatabaseUserBody, DatabaseUser, "username" | "databaseName"> = {
  roles: set(
    { roleName: true, databaseName: true, collectionName: true },
    (existing) => existing.roles,
  ),
  scopes: set({ name: true, type: true }, (existing) => existing.scopes),
  description: value((existing) => existing.description),
  deleteAfterDate: date((existing) => existing.deleteAfterDate),
};

/**
 * A database user to create, for `ensure`. `password` is asked for when the request is about to leave, and not before;
 * the request as data is without it.
 */
export const databaseUserCreateSpec = (
  work: OperationContext,
  groupId: string,
  body: CreateDatabaseUserBody,
  password: () => Promise<Secret>,
) => {
  const { databaseName, username } = body;
  const request = createGroupDatabaseUser(groupId, body);
  const lookUp: Hint = { advice: "show_project", with: { groupId } };
  const creation: CreateSpec<DatabaseUser> = {
    noun: `database user ${JSON.stringify(username)}`,
    key: `database user ${groupId} ${databaseName} ${username}`,
    request: JSON.stringify([request.path, body]),
    find: (deadline) =>
      lookUpBy(noUser, async () => [
        await work.atlas.getDatabaseUser(deadline, groupId, databaseName, username),
      ]),
    post: async (deadline) =>
      work.atlas.createDatabaseUser(deadline, groupId, body, await password()),
    differences: (existing) => differencesBy(comparison, body, existing),
    uniqueInAtlas: true,
    tagged: false,
    instead: "choose another name",
    madeAt: () => undefined,
    leaving: () => false,
    lookUp,
    goOn: () => [{ ...lookUp, why: "Shows the user that has the name." }],
  };
  return { creation, request };
};
