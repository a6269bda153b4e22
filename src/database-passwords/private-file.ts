/** Files that only their owner can read: made whole or not at all, and never through a symbolic link. */
import { constants, promises } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { crypto } from "../common/crypto.ts";
import { errnoOf } from "../common/errno.ts";
import { AtlasToolError, failure } from "../common/failure.ts";

// Not there on Windows, where modes and these flags mean nothing.
const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_WRONLY } = constants;

const uid = process.getuid?.();

/** Says why a file or a folder is not used, and what the one who runs this server can do. */
export const unsafe = (path: string, why: string): AtlasToolError =>
  new AtlasToolError(
    failure("forbidden", `${path} ${why}. Whoever runs this server has to see to that.`),
  );

/** Waits until what was done in the folder of a path is on disk. */
const settle = async (path: string): Promise<void> => {
  if (uid === undefined) return;
  const folder = await promises.open(dirname(path), O_RDONLY);
  await folder.sync().finally(() => folder.close());
};

/** Whether a folder is there; throws where somebody else can put files into it. */
export const isOwnFolder = async (path: string): Promise<boolean> => {
  const seen = await promises.lstat(path).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (seen === undefined) return false;
  if (!seen.isDirectory())
    throw unsafe(path, "is no folder of its own (a symbolic link is not followed)");
  if (uid === undefined) return true;
  if (seen.uid !== uid) throw unsafe(path, "belongs to another user");
  if ((seen.mode & 0o022) !== 0) throw unsafe(path, "can be written to by others (chmod 700)");
  return true;
};

/** Makes a folder for its owner alone, if there is none. */
export const openFolder = async (path: string): Promise<void> => {
  if (await isOwnFolder(path)) return;
  await promises.mkdir(path, { recursive: true, mode: 0o700 });
  await settle(path);
  await isOwnFolder(path);
};

const checkedText = async (path: string, file: FileHandle): Promise<string> => {
  const seen = await file.stat();
  if (!seen.isFile()) throw unsafe(path, "is no file");
  if (uid !== undefined && seen.uid !== uid) throw unsafe(path, "belongs to another user");
  if (uid !== undefined && (seen.mode & 0o077) !== 0)
    throw unsafe(path, "can be read or written by others (chmod 600)");
  return file.readFile("utf8");
};

/** The text of a private file; undefined where there is none. */
export const readPrivate = async (path: string): Promise<string | undefined> => {
  const opened = await promises
    .open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    .catch((error: unknown) => {
      if (errnoOf(error) === "ENOENT") return undefined;
      if (errnoOf(error) === "ELOOP")
        throw unsafe(path, "is a symbolic link, which is not followed");
      throw error;
    });
  if (opened === undefined) return undefined;
  return checkedText(path, opened).finally(() => opened.close());
};

const writeAside = async (path: string, text: string): Promise<string> => {
  const aside = `${path}.${crypto().randomUUID()}.tmp`;
  const file = await promises.open(aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
};

/** Gives a file a second name; false where there is one of that name. A link never replaces: of all at once, one wins. */
const linkTo = (file: string, path: string): Promise<boolean> =>
  promises.link(file, path).then(
    () => true,
    (error: unknown) => {
      if (errnoOf(error) !== "EEXIST") throw error;
      return false;
    },
  );

/** Puts a new file there, whole and on disk; false where there is one already, which stays as it is. */
export const publish = async (path: string, text: string): Promise<boolean> => {
  const aside = await writeAside(path, text);
  try {
    return await linkTo(aside, path);
  } finally {
    await promises.unlink(aside);
    await settle(path);
  }
};

/** Puts another text in the place of a file. */
export const replace = async (path: string, text: string): Promise<void> => {
  await promises.rename(await writeAside(path, text), path);
  await settle(path);
};

/**
 * Removes a file if it is still what it was taken for. Another process may write it at this moment, so it is moved
 * `aside` first and read there; what turns out to be wanted is put back, or stays aside where the path has a new file.
 */
export const removeIf = async (
  path: string,
  aside: string,
  isUnwanted: (text: string) => boolean,
): Promise<void> => {
  await promises.rename(path, aside);
  const text = await readPrivate(aside);
  if (text === undefined || isUnwanted(text) || (await linkTo(aside, path)))
    await promises.unlink(aside);
  await settle(path);
};
