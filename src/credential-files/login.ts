/** Reads the password of a database user from its file, for a check of a connection. Changes nothing. */
import { promises } from "node:fs";
import { dirname } from "node:path";
import type { Deadline } from "../common/deadline.ts";
import { errnoOf, messageOf } from "../common/errno.ts";
import type { Secret } from "../common/secret.ts";
import type { PasswordFiles } from "./files.ts";
import type { User } from "./paths.ts";
import { refusePath } from "./private-file.ts";
import { readStored } from "./stored.ts";
import { boundBy } from "./within-deadline.ts";

/** What a file has, and when it was written (milliseconds since 1970). */
export type OnFilePassword = {
  path: string;
  password: Secret;
  uri: Secret | undefined;
  writtenAt: number;
};

const read = async (path: string, user: User): Promise<OnFilePassword | undefined> => {
  const stored = await readStored(dirname(dirname(path)), user);
  if (stored === undefined) return undefined;
  const { mtimeMs } = await promises.stat(path);
  return { path, password: stored.password, uri: stored.uri, writtenAt: mtimeMs };
};

/** The password on file; undefined if there is none. */
export const readLogin = (
  files: PasswordFiles,
  user: User,
  deadline: Deadline,
): Promise<OnFilePassword | undefined> => {
  const path = files.pathOf(user);
  const reading = read(path, user).catch((error: unknown) => {
    if (errnoOf(error) === undefined) throw error;
    return refusePath(path, `cannot be read: ${messageOf(error)}`);
  });
  return boundBy(deadline)(reading, path, "The operator of this server has to check it.");
};
