/** Reads the files that settings, flags and words name, and says in words why one cannot be read. */
import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { errnoOf } from "../common/errno.ts";
import { visible } from "../common/visible.ts";
import { ConfigError } from "./error.ts";

/** `from` is the variable, the flag or the command that names the file, for messages. */
export type NamedFile = { path: string; from: string };

export type Kind = {
  /** A pipe will do, as of `<(...)` and `/dev/fd/3`. Elsewhere a pipe without a writer would hang the start. */
  pipe?: true;
  /** Messages do not show the path, because people put a secret where its file should be named. */
  secret?: true;
};

const maxBytes = 10 * 1024 * 1024;

const sentences: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist, because a part of its path is a file",
  EACCES: "cannot be read by the user that runs this program",
  EPERM: "cannot be read by the user that runs this program",
  ELOOP: "is a link that leads to itself",
  ENAMETOOLONG: "has a name that is too long",
};

export const folderProblem = "is a folder, not a file";

const problemOf = ({ path, from }: NamedFile, { secret }: Kind, problem: string): ConfigError =>
  new ConfigError(`${from}: ${secret ? "the file" : visible(path)} ${problem}`);

const kindProblem = (stats: Stats, { pipe }: Kind): string | undefined => {
  if (stats.isDirectory()) return folderProblem;
  if (stats.isFile() || (pipe && stats.isFIFO())) return undefined;
  return stats.isFIFO() ? "is a pipe, not a file" : "is a device, not a file";
};

/** What to say where the system refuses to read a file. An error that is not the system's is returned as it is. */
export const refusalOf = (file: NamedFile, kind: Kind, error: unknown): unknown => {
  const code = errnoOf(error);
  return code === undefined
    ? error
    : problemOf(file, kind, `${sentences[code] ?? "cannot be read"} (${code})`);
};

const refusing = <T>(file: NamedFile, kind: Kind, act: () => T): T => {
  try {
    return act();
  } catch (error) {
    throw refusalOf(file, kind, error);
  }
};

/** Throws `ConfigError` unless there is something to read. */
export const checkNamedFile = (file: NamedFile, kind: Kind): void => {
  const problem = refusing(file, kind, () => kindProblem(statSync(file.path), kind));
  if (problem !== undefined) throw problemOf(file, kind, problem);
};

/** Reads to the end; undefined if that is too far. A file may grow, and a pipe does not tell its size. */
const readBounded = (path: string): Buffer | undefined => {
  const file = openSync(path, "r");
  try {
    const parts: Buffer[] = [];
    for (let size = 0; size <= maxBytes; ) {
      const part = Buffer.alloc(65_536);
      const read = readSync(file, part);
      if (read === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, read));
      size += read;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
};

/** The text of a file, without a byte order mark. Throws `ConfigError`. */
export const readNamedFile = (file: NamedFile, kind: Kind = {}): string => {
  checkNamedFile(file, kind);
  const bytes = refusing(file, kind, () => readBounded(file.path));
  if (bytes === undefined) throw problemOf(file, kind, "is larger than 10 MiB");
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
};
