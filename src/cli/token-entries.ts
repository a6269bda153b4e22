/** Reads and changes the entries of a token file. A change is complete or has not happened, and none is lost. */
import { lstatSync, promises, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errnoOf, messageOf } from "../common/errno.ts";
import { visible } from "../common/visible.ts";
import { ConfigError, type NamedFile } from "../config/config.ts";
import { readNamedFile } from "../config/named-file.ts";
import { parseTokens } from "../mcp/transports/http/token-file.ts";
import { replaceFile } from "./replace-file.ts";

/** An entry as it stands in the file. */
export type Entry = Readonly<Record<string, unknown>>;

const lockMs = 5000;

const refuse = ({ path, from }: NamedFile, says: string): never => {
  throw new ConfigError(`${from}: ${visible(path)} ${says}`);
};

/** The entries of a text that the server would take. Throws an `Error` for any other. */
const parse = (text: string): readonly Entry[] => {
  parseTokens(text);
  const { tokens }: { tokens: Entry[] } = JSON.parse(text);
  return tokens;
};

/** Throws `ConfigError` if the file cannot be read, or the server would not take it. */
export const entriesIn = (file: NamedFile): readonly Entry[] => {
  const text = readNamedFile(file);
  try {
    return parse(text);
  } catch (error) {
    return refuse(file, `is not a token file, so nothing is changed: ${messageOf(error)}`);
  }
};

/** Does work while no other command of this kind changes the file. */
const locked = async <T>(file: NamedFile, work: () => Promise<T>): Promise<T> => {
  const lock = `${file.path}.lock`;
  const until = performance.now() + lockMs;
  for (;;) {
    // It stays empty: on a full disk, a lock whose text cannot be written would be left behind.
    const taken = await promises.open(lock, "wx", 0o600).then(
      async (made) => {
        await made.close();
        return true;
      },
      (error: unknown) => {
        if (errnoOf(error) !== "EEXIST") throw error;
        return false;
      },
    );
    if (taken) break;
    // Whether its owner lives cannot be told from another container, so only a person can remove it.
    if (performance.now() > until)
      return refuse(
        file,
        `is being changed by another command; if none is running, remove ${visible(lock)}`,
      );
    await delay(20);
  }
  return work().finally(() => promises.unlink(lock));
};

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Changes the entries; everything else in the file stays. A symbolic link stays one, and what it leads to is replaced.
 * Rejects with `ConfigError` if the server would not take the result; then nothing is changed.
 */
export const changeEntries = async (
  named: NamedFile,
  change: (entries: readonly Entry[]) => readonly Entry[],
  { creates = false }: { creates?: boolean } = {},
): Promise<void> => {
  const { from } = named;
  try {
    const isLink = lstatSync(named.path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (isLink && !exists(named.path)) refuse(named, "leads to a file that is not there");
    const file = exists(named.path) ? { from, path: realpathSync(named.path) } : named;
    if (!creates) readNamedFile(file);
    await locked(file, async () => {
      const entries = creates && !exists(file.path) ? [] : entriesIn(file);
      const text = `${JSON.stringify({ tokens: change(entries) }, null, 2)}\n`;
      try {
        parse(text);
      } catch (error) {
        refuse(named, `stays as it is: ${messageOf(error)}`);
      }
      await replaceFile(file.path, text);
    });
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined || error instanceof ConfigError) throw error;
    refuse(named, `cannot be written in ${visible(dirname(named.path))} (${code})`);
  }
};
