/**
 * The audit log: JSON lines, each with the hash of the line before. An intent is on disk before its request is sent
 * (docs/architecture.md#audit).
 */
import { accessSync, closeSync, constants, openSync, promises, readSync, statSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { crypto } from "../common/crypto.ts";
import type { Clock } from "../common/deadline.ts";
import { errnoOf } from "../common/errno.ts";
import { type Failure, failure } from "../common/failure.ts";
import type { Secret } from "../common/secret.ts";
import { visible } from "../common/visible.ts";
import { ConfigError, type NamedFile } from "../config/config.ts";
import { folderProblem } from "../config/named-file.ts";
import type { Approver } from "../consent/consent.ts";
import { keyFor } from "../consent/signer.ts";
import { type Effect, notDone } from "../operations/failures.ts";
import type { Change, Details } from "../tools/define.ts";
import { readLine } from "./line.ts";
import { readTail } from "./tail.ts";

/**
 * The content of a line. The `intent` and the `outcome` of a change have the same id. A change that was not tried has one
 * line, and so has each time that a caller fetched a password.
 */
export type Entry = {
  kind: "intent" | "outcome" | "denied" | "declined" | "fetched";
  id: string;
  tool: string;
  principal: string;
  backend: string;
  baseUrl: string;
  resource: Pick<Change, "kind" | "name" | "orgId" | "groupId"> & { id?: string };
  /** What the change sets: roles, region, tags ... */
  details?: Details;
  approver?: Approver;
  price?: string;
  /** `sha256` is the digest of the body as canonical JSON, without a generated password. */
  request?: { method: string; path: string; sha256?: string };
  /** The state afterwards, or why nothing was sent. */
  result?: { status: "ok" | "error"; outcome?: string; code?: string; why?: string; id?: string };
};

/**
 * A line in the file. Each time a process opens the file it begins a chain; `seq` counts the lines of the chain. `prev` is
 * the hash of the line before in the chain; `seen` has those of the last lines that other chains have written since. `begun`
 * is the chain that has the intent of an outcome, if it is another: the file may have been moved away in between.
 */
export type Line = Entry & {
  begun?: string;
  at: string;
  chain: string;
  seq: number;
  prev: string;
  seen?: string[];
  hash: string;
};

export type Audit = {
  /** Resolves when the line is on disk. Rejects if it cannot be written. */
  write(entry: Entry): Promise<void>;
  /** Closes the file. Call it when nothing more is to be written. */
  close(): Promise<void>;
};

const headBytes = 16_384;

/** Whether a file begins like an audit file. The first line that was not cut off decides. */
const isAudit = (path: string): boolean => {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(headBytes);
    const text = buffer.subarray(0, readSync(file, buffer, 0, headBytes, 0)).toString("utf8");
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map(readLine).find((line) => line !== "torn") !== "foreign";
  } finally {
    closeSync(file);
  }
};

const problemWith = (path: string): string | undefined => {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return folderProblem;
    accessSync(stats === undefined ? dirname(path) : path, constants.W_OK);
    return stats?.isFile() && !isAudit(path)
      ? "holds something other than an audit log, so nothing is added to it; name a new file"
      : undefined;
  } catch (error) {
    return `cannot be read and written (${errnoOf(error) ?? "unknown"})`;
  }
};

/**
 * Checks at start that the file can be written, and is new, empty or an audit file. The first line creates it. Throws
 * `ConfigError`.
 */
export const checkAudit = ({ path, from }: NamedFile): void => {
  const problem = problemWith(path);
  if (problem !== undefined) throw new ConfigError(`${from}: ${visible(path)} ${problem}`);
};

export type Hash = (text: string) => string;

/** Keyed with the shared secret if there is one, so that nobody else can write valid lines. */
export const hashWith = (secret: Secret | undefined): Hash => {
  const key = secret && keyFor("audit", secret);
  return (text) =>
    (key === undefined ? crypto().createHash("sha256") : crypto().createHmac("sha256", key))
      .update(text)
      .digest("hex");
};

/** The text that is hashed: the line without its hash. */
export const hashedText = ({ hash: _, ...rest }: Line): string => JSON.stringify(rest);

/** Whether the path still leads to the open file, which may have been removed or moved (log rotation). */
const isInPlace = async (file: FileHandle, path: string): Promise<boolean> => {
  const [own, there] = await Promise.all([file.stat(), promises.stat(path).catch(() => undefined)]);
  return own.ino === there?.ino && own.dev === there.dev;
};

/** `end` is where in the file the lines begin that have not been looked at; `seen` is for the next line. */
type Chain = {
  file: FileHandle;
  id: string;
  seq: number;
  prev: string;
  torn: boolean;
  end: number;
  seen: string[];
};

type Pending = { entry: Entry; resolve(): void; reject(error: unknown): void };

/**
 * Appends to a file that only its owner can read. Several processes may share it: each has its own chain, whose first
 * line has the hash of what was the file's last line. Entries that arrive during a write are written together.
 */
export const createAudit = (path: string, secret: Secret | undefined, clock: Clock): Audit => {
  const hash = hashWith(secret);
  let chain: Chain | undefined;
  let pending: Pending[] = [];
  /** The chains of the intents that have no outcome yet, by their ids. */
  const begun = new Map<string, string>();
  let writing = false;

  const beginChain = async (): Promise<Chain> => {
    const file = await promises.open(path, "a+", 0o600);
    const { last, torn, end } = await readTail(file, 0);
    const seen = [...last.values()];
    const prev = seen.pop() ?? "";
    return { file, id: crypto().randomBytes(6).toString("hex"), seq: 0, prev, torn, end, seen };
  };

  /** Looks at what other processes have written since, so that their lines cannot be cut out unseen. */
  const lookAround = async (on: Chain): Promise<void> => {
    const { last, torn, end } = await readTail(on.file, on.end);
    last.delete(on.id);
    Object.assign(on, { seen: [...last.values()], torn, end });
  };

  const lineOf = (entry: Entry, on: Chain): string => {
    const at = new Date(clock.now()).toISOString();
    const seen = on.seen.length === 0 ? {} : { seen: on.seen };
    on.seen = [];
    // A line that is cut off is known by its beginning.
    const { kind, id, ...rest } = entry;
    const earlier = begun.get(id) ?? on.id;
    if (kind === "intent") begun.set(id, on.id);
    else begun.delete(id);
    const moved = earlier === on.id ? {} : { begun: earlier };
    const place = { chain: on.id, seq: on.seq, prev: on.prev };
    const line = { kind, id, ...rest, ...moved, at, ...place, ...seen };
    on.prev = hash(JSON.stringify(line));
    on.seq += 1;
    return `${JSON.stringify({ ...line, hash: on.prev })}\n`;
  };

  const currentChain = async (): Promise<Chain> => {
    if (chain !== undefined && !(await isInPlace(chain.file, path))) {
      await chain.file.close();
      chain = undefined;
    }
    if (chain === undefined) chain = await beginChain();
    else await lookAround(chain);
    return chain;
  };

  const append = async (entries: Entry[]) => {
    const on = await currentChain();
    // After a crash or on a full disk the last line may be incomplete. A line break keeps it apart from the next one.
    const start = on.torn ? "\n" : "";
    on.torn = false;
    await on.file.appendFile(start + entries.map((entry) => lineOf(entry, on)).join(""));
    await on.file.datasync();
  };

  const writePending = async () => {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      try {
        await append(batch.map(({ entry }) => entry));
        for (const one of batch) one.resolve();
      } catch (error) {
        // Nobody knows what reached the disk, so the next line begins a new chain.
        await chain?.file.close().catch(() => {});
        chain = undefined;
        for (const { entry, reject } of batch) {
          begun.delete(entry.id);
          reject(error);
        }
      }
    }
    writing = false;
  };

  return {
    write: (entry) =>
      new Promise((resolve, reject) => {
        pending.push({ entry, resolve, reject });
        if (writing) return;
        writing = true;
        void writePending();
      }),
    close: async () => {
      const last = chain;
      chain = undefined;
      await last?.file.close();
    },
  };
};

/** The failure of a call whose intent cannot be recorded. */
export const unrecorded = (error: unknown, effect: Effect): Failure =>
  failure(
    "unavailable",
    `The audit file cannot be written (${errnoOf(error) ?? "unknown"}). Nothing was sent, because every change has to be recorded first. The operator of this server has to fix this.`,
    { outcome: notDone[effect], retry: "after_fix" },
  );
