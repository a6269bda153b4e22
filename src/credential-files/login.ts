/** Reads the password of a database user from its file, for a check of a connection. Changes nothing. */
import { promises } from "node:fs";
import { dirname } from "node:path";
import type { Deadline } from "../common/deadline.ts";
import { errnoOf, messageOf } from "../common/errno.ts";
import type { Secret } from "../common/secret.ts";
import type { PasswordFiles } from "./files.ts";
import { readOrRecover } from "./moves.ts";
import type { User } from "./paths.ts";
import { isOwnFolder, refusePath } from "./private-file.ts";
import { passwordIn } from "./text.ts";
import { boundBy } from "./within-deadline.ts";

/** A password, and when its file was written (milliseconds since 1970). */
export type OnFilePassword = { path: string; password: Secret; writtenAt: number };

const read = async (path: string, username: string): Promise<OnFilePassword | undefined> => {
  for (const folder of [dirname(dirname(path)), dirname(path)])
    if (!(await isOwnFolder(folder))) return undefined;
  const text = await readOrRecover(path);
  const password = text === undefined ? undefined : passwordIn(text, username);
  if (password === undefined) return undefined;
  const { mtimeMs } = await promises.stat(path);
  return { path, password, writtenAt: mtimeMs };
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
