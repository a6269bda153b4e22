/** Reads and writes the file of a host. It is other programs' file: it is written completely or not at all. */
import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
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
    // Hosts write their files as well.
    if (readHostFile(path).text !== before)
      throw new SetupError("has just been changed by another program; run this again");
    await replaceFile(path, text, mode);
  } catch (error) {
    refuse("cannot be written", error);
  }
};
