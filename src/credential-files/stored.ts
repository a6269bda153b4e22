/** Reads what the file of a database user has, for an application. Changes nothing. */
import { promises } from "node:fs";
import { basename, join } from "node:path";
import { parseEnv } from "node:util";
import { decoded } from "../common/percent.ts";
import { type Secret, secret } from "../common/secret.ts";
import { namedBeside, pathIn, type User } from "./paths.ts";
import { beforeIn, isOwnedBy, isPending, isRefused, isUnclear } from "./text.ts";
import { onFileOf, readUserFile } from "./user-file.ts";

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
  /** Whether its password was generated for this owner; undefined asks for the operator's. */
  isOf(owner: string | undefined): boolean;
};

const doubtIn = (text: string): Stored["doubt"] => {
  if (isRefused(text)) return "refused";
  if (isUnclear(text)) return "unclear";
  return isPending(text) ? "pending" : undefined;
};

/** The credentials of a user below a folder of credential files; undefined if no file has them. */
export const readStored = (folder: string, user: User): Promise<Stored | undefined> =>
  onFileOf(folder, user, async () => {
    const file = await readUserFile(folder, user);
    if (file === undefined) return undefined;
    const { text, password } = file;
    const path = pathIn(folder, user);
    const { MONGODB_URI } = parseEnv(text);
    const doubt = doubtIn(text);
    const before = namedBeside(path, beforeIn(text));
    return {
      path,
      password,
      isOf: (owner) => isOwnedBy(text, owner),
      ...(MONGODB_URI ? { uri: secret(MONGODB_URI) } : {}),
      ...(doubt === undefined ? {} : { doubt }),
      ...(before === undefined ? {} : { before }),
    };
  });

/** The users of a project that have a file, as far as the names of the files tell. */
export const storedNames = async (folder: string, groupId: string): Promise<string[]> => {
  const names = await promises.readdir(join(folder, groupId)).catch(() => []);
  return names
    .filter((name) => name.endsWith(".env") && !name.includes("~"))
    .flatMap((name) => decoded(basename(name, ".env")) ?? []);
};
