/**
 * Changes of a private file that other processes may change at the same time. No call of the system replaces a file only
 * if it is the expected one, so the file is moved first and read there. After a crash between two steps, every password
 * is still in a file of the folder, and `readOrRecover` puts a moved file back.
 */
import { promises } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errnoOf } from "../common/errno.ts";
import { pathBeside } from "./paths.ts";
import { linkTo, readPrivate, syncFolder, writeTemporary } from "./private-file.ts";

type Check = (text: string) => boolean;

const movedMark = "moved-";

/** Runs a step; undefined if the file is not there. */
const ifThere = <T>(step: Promise<T>): Promise<T | undefined> =>
  step.catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  });

/** Whether a step has found its file. Another process may have recovered a moved one. */
const wasThere = (step: Promise<unknown>): Promise<boolean> =>
  ifThere(step.then(() => true)).then((done) => done === true);

/** Puts a moved file back. It stays beside the path if that has another file by now. */
const putBack = async (moved: string, path: string): Promise<void> => {
  const isBack =
    (await ifThere(linkTo(moved, path))) ||
    (await readPrivate(path)) === (await readPrivate(moved));
  await wasThere(isBack ? promises.unlink(moved) : promises.rename(moved, pathBeside(path)));
};

/** Moves the file if it is the expected one, and returns where it is then. */
const moveIf = async (path: string, isExpected: Check): Promise<string | undefined> => {
  const moved = pathBeside(path, movedMark);
  if (!(await wasThere(promises.rename(path, moved)))) return undefined;
  // A file that cannot be trusted goes back too: the next read says why.
  const text = await readPrivate(moved).catch(() => undefined);
  if (text !== undefined && isExpected(text)) return moved;
  await putBack(moved, path);
  return undefined;
};

/** Replaces a file that still has the old text. The old file stays at `keepAs`, if that is given. */
export const replaceIf = async (
  path: string,
  oldText: string,
  newText: string,
  keepAs?: string,
): Promise<boolean> => {
  const temporary = await writeTemporary(path, newText);
  try {
    const moved = await moveIf(path, (text) => text === oldText);
    if (moved === undefined) return false;
    if (keepAs !== undefined && !(await wasThere(promises.link(moved, keepAs)))) return false;
    const isReplaced = await linkTo(temporary, path);
    if (isReplaced) await wasThere(promises.unlink(moved));
    else {
      if (keepAs !== undefined) await promises.unlink(keepAs);
      await putBack(moved, path);
    }
    return isReplaced;
  } finally {
    await promises.unlink(temporary);
    await syncFolder(path);
  }
};

/** Writes a file in one step: whoever links to it finds the old text or the new one. */
export const overwrite = async (path: string, text: string): Promise<void> => {
  await promises.rename(await writeTemporary(path, text), path);
  await syncFolder(path);
};

/** Removes a file if it is unwanted. */
export const removeIf = async (path: string, isUnwanted: Check): Promise<void> => {
  const moved = await moveIf(path, isUnwanted);
  if (moved !== undefined) await wasThere(promises.unlink(moved));
  await syncFolder(path);
};

/** Puts an old file back in place of an unwanted one, which takes the place of the old file if it is still needed. */
export const restoreIf = async (
  path: string,
  old: string,
  isUnwanted: Check,
  isNeeded: Check,
): Promise<void> => {
  const moved = await moveIf(path, isUnwanted);
  if (moved === undefined) return;
  const isRestored = await ifThere(linkTo(old, path));
  if (!isRestored) await putBack(moved, path);
  else if (isNeeded((await readPrivate(moved)) ?? "")) await promises.rename(moved, old);
  else {
    await promises.unlink(old);
    await promises.unlink(moved);
  }
  await syncFolder(path);
};

/** The newest of the files that were moved from a path. */
const newestMoved = async (path: string): Promise<string | undefined> => {
  const prefix = `${basename(path, ".env")}~${movedMark}`;
  const names = (await promises.readdir(dirname(path))).filter((name) => name.startsWith(prefix));
  const found = await Promise.all(
    names.map(async (name) => {
      const moved = join(dirname(path), name);
      const stats = await ifThere(promises.lstat(moved));
      return { moved, time: stats?.mtimeMs ?? 0 };
    }),
  );
  return found.sort((one, other) => other.time - one.time)[0]?.moved;
};

// A process that is still at work needs the time of a few of these.
const looksBeforeRecovery = 20;
const looksBeforeAbsent = 2;

/** The text of a private file. If a process moved the file and crashed, it is put back first. */
export const readOrRecover = async (path: string): Promise<string | undefined> => {
  let absent = 0;
  for (let look = 1; absent < looksBeforeAbsent; look += 1) {
    const text = await readPrivate(path);
    if (text !== undefined) return text;
    const moved = await newestMoved(path);
    // Twice: the file may have been put back between the two steps.
    if (moved === undefined) absent += 1;
    else if (look > looksBeforeRecovery && (await ifThere(linkTo(moved, path)))) {
      await wasThere(promises.unlink(moved));
      await syncFolder(path);
    }
  }
  return undefined;
};
