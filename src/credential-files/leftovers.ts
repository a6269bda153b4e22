/** Names temporary files, and removes those of processes that were killed: each has a password. */
import { promises, readlinkSync, type Stats } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { crypto } from "../common/crypto.ts";
import { errnoOf } from "../common/errno.ts";

// A temporary file exists for the time of a few steps of the file system. Another machine's process may be slower.
const abandonedMs = 60_000;

/** Where the number of a process means something: this machine or, on Linux, its namespace in a container. */
const processSpace = (): string => {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
};

/** This process: its space and its number, and a mark that another process with that number does not have. */
type Writer = { space: string; pid: number; mark: string };

let own: Writer | undefined;

const ownWriter = (): Writer => {
  own ??= {
    space: crypto().createHash("sha256").update(processSpace()).digest("hex").slice(0, 8),
    pid: process.pid,
    mark: crypto().randomBytes(4).toString("hex"),
  };
  return own;
};

/** A new name beside a path, for a file that is written before it gets its name. */
export const temporaryBeside = (path: string): string => {
  const { space, pid, mark } = ownWriter();
  return `${path}.${space}-${pid}-${mark}.${crypto().randomUUID()}.tmp`;
};

const form = /\.([0-9a-f]{8})-(\d{1,10})-([0-9a-f]{8})\.[0-9a-f-]{36}\.tmp$/;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
};

/** Whether the process that wrote a file has certainly ended. */
const isOrphan = (name: string): boolean => {
  const [, space, digits, mark] = form.exec(name) ?? [];
  const writer = ownWriter();
  if (space !== writer.space) return false;
  const pid = Number(digits);
  return pid === writer.pid ? mark !== writer.mark : !isRunning(pid);
};

const isOld = ({ mtimeMs }: Stats, now: number): boolean => now - mtimeMs >= abandonedMs;

/** Removes what killed processes have left in a folder. `now` is by the clock of the folder. Never throws. */
export const removeLeftovers = async (folder: string, now: number): Promise<void> => {
  const names = await promises.readdir(folder).catch(() => []);
  for (const name of names.filter((one) => form.test(one))) {
    const path = join(folder, name);
    const stats = await promises.lstat(path).catch(() => undefined);
    if (stats?.isFile() && (isOrphan(name) || isOld(stats, now)))
      await promises.unlink(path).catch(() => {});
  }
};

/** The same in all folders below one, which may not be there. */
export const removeLeftoversBelow = async (folder: string): Promise<void> => {
  const entries = await promises.readdir(folder, { withFileTypes: true }).catch(() => []);
  await removeLeftovers(folder, Date.now());
  for (const entry of entries)
    if (entry.isDirectory()) await removeLeftoversBelow(join(folder, entry.name));
};
