import {
  closeSync,
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
import { lockStateFile } from "./lock.ts";

/** The file that a sandbox keeps its state in. */
export type StateFile = {
  /** What the file held at the start; undefined where there was none. */
  saved: SavedState | undefined;
  /** Returns once the state is on the disk; throws, and leaves the file as it was, where that fails. */
  save(state: SavedState): void;
  close(): void;
};

const writeAll = (file: number, bytes: Buffer): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
};

// The whole state goes to a new file that takes the old one's name once it is on the disk. A journal would
// write less, but has to be cut, replayed and mended where it was torn; a state is a few kilobytes, and a
// file that is always whole needs none of that.
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
  // Windows cannot open a folder, and needs no more than the rename.
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

const createStateFile = (
  path: string,
  saved: SavedState | undefined,
  release: () => void,
): StateFile => {
  let expected = inodeOf(path);
  let closed = false;
  return {
    saved,
    save: (state) => {
      if (closed) throw new StateFileError(path, "is closed");
      // What the lock cannot see: another machine or container that shares the folder, or a copy put back.
      const found = inodeOf(path);
      if (found !== undefined && found !== expected) {
        throw new StateFileError(path, "was replaced by another program and is left alone");
      }
      try {
        replace(path, toText(state));
      } catch (error) {
        throw new StateFileError(path, `cannot be written (${codeOf(error)})`);
      } finally {
        expected = inodeOf(path);
      }
    },
    close: () => {
      if (!closed) release();
      closed = true;
    },
  };
};

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new StateFileError(path, `cannot be read (${codeOf(error)})`);
  }
};

// A link is followed: renaming onto it would replace the link rather than the file.
const realPathOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT")
      throw new StateFileError(path, `cannot be read (${codeOf(error)})`);
  }
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    throw new StateFileError(path, "cannot be made: its folder does not exist");
  }
};

/** Opens a state file for this sandbox alone. */
export const openStateFile = async (given: string): Promise<StateFile> => {
  const path = realPathOf(resolve(given));
  const release = await lockStateFile(path);
  try {
    const text = readText(path);
    return createStateFile(path, text === undefined ? undefined : fromText(path, text), release);
  } catch (error) {
    release();
    throw error;
  }
};
