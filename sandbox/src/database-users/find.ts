/** Finds the database users of a project. */
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { findProject } from "../projects/find.ts";
import { type DatabaseUser, isExpired, type SandboxState, takeRead } from "../state/resources.ts";

/** The database users of a project that have not expired. */
export const usersOf = (state: SandboxState, groupId: string, now: number): DatabaseUser[] =>
  state.users.filter((user) => user.groupId === groupId && !isExpired(user, now));

export const isNamed = (user: DatabaseUser, databaseName: string, username: string): boolean =>
  user.databaseName === databaseName && user.username === username;

const notFound = (call: Call): Error =>
  createApiError("USERNAME_NOT_FOUND", { username: pathParameter(call, "username") });

/** The user that the path names; throws if there is none. */
export const findUser = (call: Call): DatabaseUser => {
  const databaseName = pathParameter(call, "databaseName");
  const username = pathParameter(call, "username");
  const users = usersOf(call.state, findProject(call).id, call.now);
  const user = users.find((one) => isNamed(one, databaseName, username));
  if (user === undefined) throw notFound(call);
  return user;
};

/** Like `findUser`, for a read: fails as long as `stale_reads` hides the user. */
export const findVisibleUser = (call: Call): DatabaseUser => {
  const user = findUser(call);
  if (!takeRead(user)) throw notFound(call);
  return user;
};
