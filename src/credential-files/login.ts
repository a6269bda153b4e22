/** Reads the password of a database user from its file, for a check of a connection. Changes nothing. */
import { promises } from "node:fs";
import { dirname } from "node:path";
import { parseEnv } from "node:util";
import type { Deadline } from "../common/deadline.ts";
import { errnoOf, messageOf } from "../common/errno.ts";
import { type Secret, secret } from "../common/secret.ts";
import type { PasswordFiles } from "./files.ts";
import { readOrRecover } from "./moves.ts";
import type { User } from "./paths.ts";
import { isOwnFolder, refusePath } from "./private-file.ts";
import { passwordIn } from "./text.ts";
import { boundBy } from "./within-deadline.ts";

/** What a file has, and when it was written (milliseconds since 1970). */
export type OnFilePassword = {
  path: string;
  password: Secret;
  uri: Secret | undefined;
  writtenAt: number;
};

const read = async (path: string, username: string): Promise<OnFilePassword | undefined> => {
  for (const folder of [dirname(dirname(path)), dirname(path)])
    if (!(await isOwnFolder(folder))) return undefined;
  const text = await readOrRecover(path);
  if (text === undefined) return undefined;
  const password = passwordIn(text, username);
  if (password === undefined) return undefined;
  const { MONGODB_URI } = parseEnv(text);
  const uri = MONGODB_URI === undefined ? undefined : secret(MONGODB_URI);
  const { mtimeMs } = await promises.stat(path);
  return { path, password, uri, writtenAt: mtimeMs };
};

/** The password on file; undefined if there is none. */
export const readLogin = (
  files: PasswordFiles,
  user: User,
  deadline: Deadline,
): Promise<OnFilePassword | undefined> => {
  const path = files.pathOf(user);
  const reading = read(path, user.username).catch((error: unknown) => {
    if (errnoOf(error) === undefined) throw error;
    return refusePath(path, `cannot be read: ${messageOf(error)}`);
  });
  return boundBy(deadline)(reading, path, "The operator of this server has to check it.");
};
