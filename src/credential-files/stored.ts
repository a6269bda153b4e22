/** Reads what the file of a database user has, for an application. Changes nothing. */
import { promises } from "node:fs";
import { basename, join } from "node:path";
import { parseEnv } from "node:util";
import { errnoOf, messageOf } from "../common/errno.ts";
import { type Secret, secret } from "../common/secret.ts";
import { readOrRecover } from "./moves.ts";
import { namedBeside, pathIn, type User } from "./paths.ts";
import { isOwnFolder, refusePath } from "./private-file.ts";
import { beforeIn, isPending, isRefused, isUnclear, passwordIn } from "./text.ts";

/**
 * The credentials on file. `pending`: Atlas has confirmed neither the user nor the password. `unclear`: Atlas has the
 * user, and has not confirmed this password. `before` is the file with the password before it.
 */
export type Stored = {
  path: string;
  password: Secret;
  uri?: Secret;
  doubt?: "pending" | "unclear" | "refused";
  before?: string;
};

const doubtIn = (text: string): Stored["doubt"] => {
  if (isRefused(text)) return "refused";
  if (isUnclear(text)) return "unclear";
  return isPending(text) ? "pending" : undefined;
};

const storedIn = (path: string, text: string, username: string): Stored => {
  const password = passwordIn(text, username);
  if (password === undefined) return refusePath(path, "has no MONGODB_PASSWORD of this user");
  const { MONGODB_URI } = parseEnv(text);
  const doubt = doubtIn(text);
  const before = namedBeside(path, beforeIn(text));
  return {
    path,
    password,
    ...(MONGODB_URI ? { uri: secret(MONGODB_URI) } : {}),
    ...(doubt === undefined ? {} : { doubt }),
    ...(before === undefined ? {} : { before }),
  };
};

/** The credentials of a user below a folder of credential files; undefined if no file has them. */
export const readStored = async (folder: string, user: User): Promise<Stored | undefined> => {
  const path = pathIn(folder, user);
  try {
    for (const one of [folder, join(folder, user.groupId)])
      if (!(await isOwnFolder(one))) return undefined;
    const text = await readOrRecover(path);
    return text === undefined ? undefined : storedIn(path, text, user.username);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return refusePath(path, `cannot be read: ${messageOf(error)}`);
  }
};

const decoded = (name: string): string[] => {
  try {
    return [decodeURIComponent(name)];
  } catch {
    return [];
  }
};

/** The users of a project that have a file, as far as the names of the files tell. */
export const storedNames = async (folder: string, groupId: string): Promise<string[]> => {
  const names = await promises.readdir(join(folder, groupId)).catch(() => []);
  return names
    .filter((name) => name.endsWith(".env") && !name.includes("~"))
    .flatMap((name) => decoded(basename(name, ".env")));
};
