/** Reads and writes the file of a host. It is other programs' file: it is written completely or not at all. */
import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { errnoOf } from "../../common/errno.ts";
import { makeFolders } from "../../credential-files/private-file.ts";
import { replaceFile } from "../replace-file.ts";
import { SetupError } from "./error.ts";

export type HostFile = {
  /** The file itself, where the path that was named is a link. */
  path: string;
  /** Undefined if there is none. */
  text: string | undefined;
};

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full for this user",
  ENOTDIR: "a part of its path is a file",
  ELOOP: "it is a link that leads to itself",
};

/** Turns an error of the file system into a `SetupError`. Throws any other as it is. */
const refuse = (what: string, error: unknown): never => {
  const code = errnoOf(error);
  if (code === undefined) throw error;
  const reason = reasons[code];
  throw new SetupError(`${what} (${reason === undefined ? code : `${reason}, ${code}`})`);
};

const kindOf = (stats: Stats | undefined): "none" | "file" | "other" =>
  stats === undefined ? "none" : stats.isFile() ? "file" : "other";

const decode = (bytes: Buffer): string => {
  try {
    // With its byte order mark, which is written again.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SetupError("is not text in UTF-8");
  }
};

/** The file that a path leads to. Throws `SetupError`, whose message goes on after the path. */
export const readHostFile = (path: string): HostFile => {
  try {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    const kind = kindOf(statSync(path, { throwIfNoEntry: false }));
    if (kind === "none" && isLink) throw new SetupError("leads to a file that is not there");
    if (kind === "other") throw new SetupError("is not a file");
    if (kind === "none") return { path, text: undefined };
    const file = realpathSync(path);
    return { path: file, text: decode(readFileSync(file)) };
  } catch (error) {
    return refuse("cannot be read", error);
  }
};

/** The file was changed since it was read. */
class ChangedError extends SetupError {}

// A lock is held for a few system calls, so an older one is from a process that was killed.
const [lockMs, staleMs] = [20, 5000];

/** Keeps others that run `setup` out until the result is called: one rename of two would undo the other's. */
const lock = async (path: string): Promise<() => void> => {
  const file = `${path}.atlas-provision-lock`;
  for (;;) {
    try {
      closeSync(openSync(file, "wx", 0o600));
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
    const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Math.abs(Date.now() - since) > staleMs)
      rmSync(file, { force: true });
    else await setTimeout(lockMs);
  }
};

/** Writes the file, and makes its folder. Rejects with `SetupError` if it cannot, or if it was changed since it was read. */
export const writeHostFile = async (
  { path, text: before }: HostFile,
  text: string,
  mode: number,
): Promise<void> => {
  try {
    if (before === undefined) await makeFolders(dirname(path), 0o777);
    // Replacing it would need no right to write to it, but whoever took that away meant it.
    else if ((statSync(path).mode & 0o200) === 0) throw new SetupError("is read-only");
    const unlock = await lock(path);
    try {
      await replaceFile(path, text, mode, () => {
        // Hosts write their files as well.
        if (readHostFile(path).text !== before)
          throw new ChangedError("is being changed by another program; run this again");
      });
    } finally {
      unlock();
    }
  } catch (error) {
    refuse("cannot be written", error);
  }
};

/** Does work that reads and writes the file, again if another program has changed it meanwhile. */
export const retryChanged = async <T>(work: () => Promise<T>, tries = 5): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ChangedError) || tries <= 1) throw error;
    return retryChanged(work, tries - 1);
  }
};
