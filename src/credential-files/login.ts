/** Reads the password of a database user from its file, for a check of a connection. Changes nothing. */
import { promises } from "node:fs";
import { dirname } from "node:path";
import type { Deadline } from "../common/deadline.ts";
import type { PasswordFiles } from "./files.ts";
import type { User } from "./paths.ts";
import { withPath } from "./private-file.ts";
import { readStored, type Stored } from "./stored.ts";
import { boundBy } from "./within-deadline.ts";

/** What a file has, and when it was written (milliseconds since 1970). */
export type OnFilePassword = Pick<Stored, "path" | "password" | "uri" | "before"> & {
  writtenAt: number;
};

const read = async (
  path: string,
  user: User,
  caller: string | undefined,
): Promise<OnFilePassword | undefined> => {
  const stored = await readStored(dirname(dirname(path)), user);
  // The operator has all files anyway; a caller over HTTP uses, and learns of, its own alone.
  if (stored === undefined || (caller !== undefined && !stored.isOf(caller))) return undefined;
  const { mtimeMs } = await withPath(path, "a password", () => promises.stat(path));
  return { ...stored, writtenAt: mtimeMs };
};

/** The password on file that this caller may use; undefined if there is none. */
export const readLogin = (
  files: PasswordFiles,
  user: User,
  caller: string | undefined,
  deadline: Deadline,
): Promise<OnFilePassword | undefined> => {
  const path = files.pathOf(user);
  const reading = read(path, user, caller).catch((error: unknown) => {
    // What is wrong with a file tells that it is there.
    if (caller !== undefined) return undefined;
    throw error;
  });
  return boundBy(deadline)(reading, path, "The operator of this server has to check it.");
};
