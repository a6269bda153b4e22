/** Deletes a database user: the look-up before, and what `deleteResource` needs to know. */
import * as requests from "../atlas/requests.ts";
import type { DatabaseUser } from "../atlas/resources/database-user.ts";
import type { OperationContext } from "./context.ts";
import { findDatabaseUser, noUser } from "./database-user.ts";
import type { DeleteSpec } from "./delete-spec.ts";
import { noProject } from "./lookup.ts";

/** Users have no id in Atlas: the database and the name identify them. */
const idOf = ({ databaseName, username }: DatabaseUser): string => `${databaseName} ${username}`;

/** Describes the deletion of a database user, for `deleteResource`. */
export const databaseUserDeleteSpec = (
  context: OperationContext,
  user: requests.DatabaseUserId,
) => {
  const { groupId, databaseName, username } = user;
  const request = requests.deleteGroupDatabaseUser(groupId, databaseName, username);
  const spec: DeleteSpec<DatabaseUser> = {
    noun: `database user ${JSON.stringify(username)}`,
    key: `database user ${groupId} ${databaseName} ${username}`,
    id: idOf(user),
    find: (deadline) => findDatabaseUser(context.atlas, user, deadline),
    send: (deadline) => context.atlas.send(request, deadline),
    isWithoutId: true,
    idOf,
    stateOf: () => undefined,
    // Without its project, a user does not exist either.
    absent: [...noUser, ...noProject],
    vanished: [],
    explain: async (refused) => refused,
    lookUp: { suggest: "show_project", with: { groupId } },
  };
  return { spec, request };
};
