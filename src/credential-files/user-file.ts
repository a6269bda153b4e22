/** Reads the file of a database user, and what its owner may have of it. */
import { join } from "node:path";
import type { Secret } from "../common/secret.ts";
import { readOrRecover } from "./moves.ts";
import { pathIn, type User } from "./paths.ts";
import { isOwnFolder, refusePath, withPath } from "./private-file.ts";
import {
  isOwnedBy,
  isPending,
  isUnclear,
  passwordIn,
  type Variables,
  variablesIn,
} from "./text.ts";

/** What the owner of a password gets. `unclear` means that Atlas has not confirmed it. */
export type Owned = { variables: Variables; unclear?: true };

/** Does work on the file of a user. */
export const onFileOf = async <T>(folder: string, user: User, work: () => Promise<T>): Promise<T> =>
  withPath(pathIn(folder, user), "a password", work);

/** The folders above the file of a user. */
export const foldersOf = (folder: string, { groupId }: User): string[] => [
  folder,
  join(folder, groupId),
];

const textOf = async (folder: string, user: User): Promise<string | undefined> => {
  const path = pathIn(folder, user);
  for (const one of foldersOf(folder, user)) if (!(await isOwnFolder(one))) return undefined;
  return readOrRecover(path);
};

/** The password in a text. Fails if it is not of this user. */
const checkedPassword = (text: string, path: string, { username }: User): Secret =>
  passwordIn(text, username) ??
  refusePath(path, "has no MONGODB_PASSWORD of this user, and is not overwritten");

/** The file of a user and the password in it; undefined if there is none. */
export const readUserFile = async (
  folder: string,
  user: User,
): Promise<{ text: string; password: Secret } | undefined> => {
  const text = await textOf(folder, user);
  return text === undefined
    ? undefined
    : { text, password: checkedPassword(text, pathIn(folder, user), user) };
};

/** What the owner gets, or why nobody gets anything: there is no file, or its password is another owner's or the operator's. */
export const readForOwner = async (
  folder: string,
  user: User & { owner: string },
): Promise<Owned | "absent" | "foreign"> => {
  const text = await textOf(folder, user);
  if (text === undefined) return "absent";
  if (!isOwnedBy(text, user.owner)) return "foreign";
  checkedPassword(text, pathIn(folder, user), user);
  const isOpen = isPending(text) || isUnclear(text);
  return { variables: variablesIn(text), ...(isOpen ? { unclear: true } : {}) };
};
