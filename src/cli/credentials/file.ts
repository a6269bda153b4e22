/** The file of an application: a new one, or one that this command wrote and that lacks something. */
import { constants, promises } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { errnoOf, messageOf } from "../../common/errno.ts";
import { AtlasToolError, fail } from "../../common/failure.ts";
import { visible } from "../../common/visible.ts";
import { publish } from "../../credential-files/private-file.ts";
import type { Credentials } from "./credentials.ts";
import { besideIn } from "./git.ts";
import { additionTo, isOurs, newText } from "./text.ts";

// Windows has no O_NOFOLLOW and O_NONBLOCK, and ignores file modes.
const { O_APPEND, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDWR, O_RDONLY } = constants;

/** A file of this command is far smaller, also with what a person added. */
const mostBytes = 1024 * 1024;

const refuse = (path: string, why: string): never =>
  fail("forbidden", `${visible(path)} ${why}. Nothing was written.`);

const elsewhere = "name another file with --out";

/** The path without symbolic links in its folder, which has to be there. */
export const realPathOf = async (out: string): Promise<string> => {
  const path = resolve(out);
  if (out.endsWith("/") || out.endsWith(sep) || basename(path) === "")
    return refuse(out, `is a folder; ${elsewhere}`);
  const folder = await promises.realpath(dirname(path)).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return refuse(dirname(path), "does not exist");
    return refuse(dirname(path), `cannot be used (${errnoOf(error)})`);
  });
  return join(folder, basename(path));
};

/** Opens a file if it is there; a symbolic link is not followed. */
const openOwn = (path: string, flags: number): Promise<FileHandle | undefined> =>
  promises.open(path, flags | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    const code = errnoOf(error);
    if (code === "ENOENT") return undefined;
    if (code === "ELOOP" || code === "EMLINK")
      return refuse(path, `is a symbolic link, which is not followed; ${elsewhere}`);
    if (code === "EISDIR") return refuse(path, `is a folder; ${elsewhere}`);
    return refuse(path, `cannot be opened (${code ?? messageOf(error)}); ${elsewhere}`);
  });

/** The text of a file that this command wrote. Fails for any other. */
const readOwn = async (path: string, file: FileHandle): Promise<string> => {
  const stats = await file.stat();
  if (stats.isDirectory()) return refuse(path, `is a folder; ${elsewhere}`);
  if (!stats.isFile()) return refuse(path, `is not a file; ${elsewhere}`);
  const text = stats.size > mostBytes ? "" : await file.readFile("utf8");
  if (!isOurs(text))
    return refuse(path, `was not written by this command, so it is not changed; ${elsewhere}`);
  const uid = process.getuid?.();
  if (uid !== undefined && stats.uid !== uid) return refuse(path, "belongs to another user");
  if (uid !== undefined && (stats.mode & 0o077) !== 0)
    return refuse(path, "can be read or written by others (chmod 600)");
  return text;
};

/** Fails if there is a file that this command may not add to. */
export const checkFile = async (path: string): Promise<void> => {
  const file = await openOwn(path, O_RDONLY);
  if (file !== undefined) await readOwn(path, file).finally(() => file.close());
};

/** Adds to the end. What cannot be written whole is taken back. */
const append = async (file: FileHandle, added: string): Promise<void> => {
  const { size } = await file.stat();
  try {
    await file.writeFile(added);
    await file.sync();
  } catch (error) {
    await file.truncate(size);
    throw error;
  }
};

/** What was written. `keepsUri`: the file has another connection string than the user's, which stays. */
export type Written = { kind: "new" | "added" | "complete"; text: string; keepsUri: boolean };

const complete = async (
  path: string,
  file: FileHandle,
  credentials: Credentials,
): Promise<Written> => {
  const text = await readOwn(path, file);
  const addition = additionTo(text, credentials);
  if ("refused" in addition)
    return refuse(path, `${addition.refused}. Remove it, or ${elsewhere}: no line is overwritten`);
  const { added, keepsUri } = addition;
  if (added !== "") await append(file, added);
  return { kind: added === "" ? "complete" : "added", text: text + added, keepsUri };
};

/** A disk of its own, or a folder of somebody else: git's folder is then no place for it. */
const isElsewhere = (error: unknown): boolean =>
  ["EXDEV", "EACCES", "EPERM", "EROFS", "ENOENT"].includes(errnoOf(error) ?? "");

const make = async (path: string, text: string, gitFolder?: string): Promise<boolean> => {
  if (gitFolder === undefined) return publish(path, text);
  return publish(path, text, besideIn(gitFolder, path)).catch((error: unknown) => {
    if (!isElsewhere(error)) throw error;
    return publish(path, text);
  });
};

/** Makes the file, or adds what it lacks. */
export const writeFile = async (
  path: string,
  credentials: Credentials,
  gitFolder?: string,
): Promise<Written> => {
  try {
    const text = newText(credentials);
    if (await make(path, text, gitFolder)) return { kind: "new", text, keepsUri: false };
    const file = await openOwn(path, O_RDWR | O_APPEND);
    // Removed meanwhile.
    if (file === undefined) return writeFile(path, credentials, gitFolder);
    return await complete(path, file, credentials).finally(() => file.close());
  } catch (error) {
    if (error instanceof AtlasToolError) throw error;
    return refuse(path, `cannot be written (${errnoOf(error) ?? messageOf(error)})`);
  }
};
