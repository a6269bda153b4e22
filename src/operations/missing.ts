/** What a project lacks for a connection to one of its clusters (docs/atlas.md#flex-clusters). */
import { listGroupDatabaseUsers } from "../atlas/requests.ts";
import type { DatabaseUser } from "../atlas/resources/database-user.ts";
import { briefly } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import { readAccessList } from "./access-list-entry.ts";
import type { OperationContext } from "./context.ts";

export const connectionParts = ["database_user", "access_list_entry"] as const;

export type ConnectionPart = (typeof connectionParts)[number];

/** What is missing, as far as it can be read, and the user names that are taken. */
export type Missing = { parts: ConnectionPart[]; usernames: string[] };

/** A user without scopes reaches all clusters. */
const reaches = ({ scopes = [] }: DatabaseUser, cluster: string): boolean =>
  scopes.length === 0 || scopes.some(({ name, type }) => type === "CLUSTER" && name === cluster);

/** Finds out what is missing. Undefined if neither the users nor the IP access list can be read. */
export const findMissing = async (
  { atlas, deadline }: Pick<OperationContext, "atlas" | "deadline">,
  groupId: string,
  cluster: string,
): Promise<Missing | undefined> => {
  const soon = briefly(deadline);
  const [users, entries] = await Promise.all([
    atlas.readAll((page) => listGroupDatabaseUsers(groupId, page), soon).catch(failureOf),
    readAccessList(atlas, groupId, soon).catch(failureOf),
  ]);
  if ("code" in users && "code" in entries) return undefined;
  const known = "code" in users ? [] : users;
  const lacksUser = !("code" in users) && !users.some((user) => reaches(user, cluster));
  const lacksEntry = !("code" in entries) && entries.length === 0;
  return {
    parts: connectionParts.filter((part) => (part === "database_user" ? lacksUser : lacksEntry)),
    usernames: known.flatMap(({ username = [] }) => username),
  };
};
