/** The state file: locked, read once, and replaced as a whole at each change. */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { codeOf, StateFileError } from "./file-error.ts";
import { fromText, type SavedState, toText } from "./format.ts";
import { checkLock, type Lock, lockStateFile } from "./lock.ts";

/** The open state file of a sandbox. */
export type StateFile = {
  /** What the file contained at the start; undefined if there was none. */
  saved: SavedState | undefined;
  /** Returns when the state is on the disk. If that fails, it throws and leaves the file as it was. */
  save(state: SavedState): void;
  /** Tells other processes that want the file where the sandbox is. */
  announce(url: string): void;
  close(): void;
};

const writeAll = (file: number, bytes: Buffer): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
};

/**
 * Writes the whole state to a new file, and renames it over the old one once it is on disk. A journal would write less,
 * but would need truncation, replay and repair after a crash; a state has only a few kilobytes.
 */
const replace = (path: string, text: string): void => {
  const draft = `${path}.tmp`;
  try {
    rmSync(draft, { force: true });
    const file = openSync(draft, "wx", 0o600);
    try {
      writeAll(file, Buffer.from(text));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  // Windows cannot open a folder; there the rename is enough.
  if (process.platform === "win32") return;
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

const inodeOf = (path: string): bigint | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

const createStateFile = (path: string, saved: SavedState | undefined, lock: Lock): StateFile => {
  let expected = inodeOf(path);
  let closed = false;
  return {
    saved,
    save: (state) => {
      if (closed) throw new StateFileError(path, "is closed");
      // The lock does not see other machines and containers that share the folder, nor a restored copy.
      const current = inodeOf(path);
      if (current !== undefined && current !== expected) {
        throw new StateFileError(path, "was replaced by another program, so it is left unchanged");
      }
      try {
        replace(path, toText(state));
      } catch (error) {
        throw new StateFileError(path, `cannot be written (${codeOf(error)})`);
      } finally {
        expected = inodeOf(path);
        lock.follow();
      }
    },
    announce: lock.announce,
    close: () => {
      if (!closed) lock.release();
      closed = true;
    },
  };
};

/** A device may have no end, and a pipe waits for its writer. */
const kindProblem = (path: string): string | undefined => {
  const stats = statSync(path);
  if (stats.isDirectory()) return "is a folder, not a file";
  return stats.isFile() ? undefined : "is a device or a pipe, not a file";
};

/** What a state file contains; undefined if there is none. */
export const readStateFile = (path: string): SavedState | undefined => {
  try {
    const problem = kindProblem(path);
    if (problem !== undefined) throw new StateFileError(path, problem);
    return fromText(path, readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof StateFileError) throw error;
    if (codeOf(error) === "ENOENT") return undefined;
    throw new StateFileError(path, `cannot be read (${codeOf(error)})`);
  }
};

const checkFolder = (path: string): void => {
  try {
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StateFileError(path, `cannot be written (${codeOf(error)})`);
  }
};

/** Follows links: a rename onto a link would replace the link, not the file. */
export const realPathOf = (statePath: string): string => {
  const path = resolve(statePath);
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT")
      throw new StateFileError(path, `cannot be read (${codeOf(error)})`);
  }
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    throw new StateFileError(path, "cannot be created: its folder does not exist");
  }
};

/** Opens a state file for the exclusive use of this sandbox. */
export const openStateFile = async (statePath: string): Promise<StateFile> => {
  const path = realPathOf(statePath);
  const lock = await lockStateFile(path);
  try {
    return createStateFile(path, readStateFile(path), lock);
  } catch (error) {
    lock.release();
    throw error;
  }
};

/**
 * Checks whether a sandbox could start with a state file: it is free, readable and not damaged, or can be made. Changes
 * nothing. Rejects with a StateFileError.
 */
export const checkStateFile = async (statePath: string): Promise<void> => {
  const path = realPathOf(statePath);
  await checkLock(path);
  readStateFile(path);
  checkFolder(path);
};
