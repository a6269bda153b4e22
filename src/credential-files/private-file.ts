/** Files that only their owner can read. They are written completely or not at all, and symbolic links are not followed. */
import { constants, promises } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf, messageOf } from "../common/errno.ts";
import { fail } from "../common/failure.ts";
import { removeLeftovers, temporaryBeside } from "./leftovers.ts";

// Windows has no O_NOFOLLOW and O_NONBLOCK, and ignores file modes.
const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_WRONLY } = constants;

const uid = process.getuid?.();

/** Fails because a file or folder cannot be used safely. */
export const refusePath = (path: string, why: string): never =>
  fail("forbidden", `${path} ${why}. The operator of this server has to fix this.`);

/** Turns an error of the file system in some work into a failure that names the path, and what it is for. */
export const withPath = <T>(path: string, use: string, work: () => Promise<T>): Promise<T> =>
  work().catch((error: unknown) => {
    if (errnoOf(error) === undefined) throw error;
    return refusePath(path, `cannot be used for ${use}: ${messageOf(error)}`);
  });

/** Waits until the changes in the folder of a path are on disk. */
export const syncFolder = async (path: string): Promise<void> => {
  if (uid === undefined) return;
  const folder = await promises.open(dirname(path), O_RDONLY);
  await folder.sync().finally(() => folder.close());
};

/** Whether the folder exists. Fails if somebody else can write to it. */
export const isOwnFolder = async (path: string): Promise<boolean> => {
  const stats = await promises.lstat(path).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (stats === undefined) return false;
  if (!stats.isDirectory())
    return refusePath(path, "is not a folder (a symbolic link is not followed)");
  if (uid === undefined) return true;
  if (stats.uid !== uid) return refusePath(path, "belongs to another user");
  if ((stats.mode & 0o022) !== 0)
    return refusePath(path, "can be written to by others (chmod 700)");
  return true;
};

/** Creates one folder. It may exist: another process may have created it. */
const makeFolder = (path: string, mode: number): Promise<void> =>
  promises.mkdir(path, { mode }).catch((error: unknown) => {
    if (errnoOf(error) !== "EEXIST") throw error;
  });

/** Creates a folder and those above it that do not exist. Not with `recursive`: below /proc, Node then never ends. */
export const makeFolders = (path: string, mode: number): Promise<void> =>
  makeFolder(path, mode).catch(async (error: unknown) => {
    if (errnoOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolders(dirname(path), mode);
    await makeFolder(path, mode);
  });

/** Creates the folder for its owner alone, if it does not exist. */
export const openFolder = async (path: string): Promise<void> => {
  if (await isOwnFolder(path)) return;
  await makeFolders(path, 0o700);
  await syncFolder(path);
  await isOwnFolder(path);
};

const readChecked = async (path: string, file: FileHandle): Promise<string> => {
  const stats = await file.stat();
  if (!stats.isFile()) return refusePath(path, "is not a file");
  if (uid !== undefined && stats.uid !== uid) return refusePath(path, "belongs to another user");
  if (uid !== undefined && (stats.mode & 0o077) !== 0)
    return refusePath(path, "can be read or written by others (chmod 600)");
  return file.readFile("utf8");
};

/** The text of a private file, or undefined if it does not exist. */
export const readPrivate = async (path: string): Promise<string | undefined> => {
  const opened = await promises
    .open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    .catch((error: unknown) => {
      if (errnoOf(error) === "ENOENT") return undefined;
      if (errnoOf(error) === "ELOOP")
        return refusePath(path, "is a symbolic link, which is not followed");
      throw error;
    });
  if (opened === undefined) return undefined;
  return readChecked(path, opened).finally(() => opened.close());
};

/** Writes the file, and returns when that was by the clock of its folder (milliseconds since 1970). */
const writeAll = async (file: FileHandle, text: string): Promise<number> => {
  try {
    await file.writeFile(text);
    await file.sync();
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
  }
};

/** Writes a complete file beside the path, and returns its name. Removes those that killed processes have left there. */
export const writeTemporary = async (path: string, text: string): Promise<string> => {
  const temporary = temporaryBeside(path);
  const file = await promises.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await removeLeftovers(dirname(path), await writeAll(file, text));
  } catch (error) {
    // A full disk leaves a part of the text.
    await promises.unlink(temporary);
    throw error;
  }
  return temporary;
};

/** Gives the file a second name. False if that name is taken: a link never replaces a file, so one of several wins. */
export const linkTo = (file: string, path: string): Promise<boolean> =>
  promises.link(file, path).then(
    () => true,
    (error: unknown) => {
      if (errnoOf(error) !== "EEXIST") throw error;
      return false;
    },
  );

/**
 * Creates a complete file that is on disk. False if the path already has one, which is not changed. The text is first
 * written beside the path, or beside another one on the same disk.
 */
export const publish = async (path: string, text: string, beside = path): Promise<boolean> => {
  const temporary = await writeTemporary(beside, text);
  try {
    return await linkTo(temporary, path);
  } finally {
    await promises.unlink(temporary);
    await syncFolder(path);
  }
};

/** Removes a file. */
export const removeFile = async (path: string): Promise<void> => {
  await promises.unlink(path);
  await syncFolder(path);
};
