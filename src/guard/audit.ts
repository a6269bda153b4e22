/** The record of changes: JSON lines, each with the hash of the line before, on the disk before anything is sent (design 4.7). */
import { accessSync, constants, promises, statSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError, type NamedFile } from "../config/index.ts";
import type { Clock } from "../deadline.ts";
import { AtlasToolError, failure } from "../errors.ts";
import { crypto } from "../lean/crypto.ts";
import type { Secret } from "../secret.ts";
import { codeOf } from "../system-error.ts";
import type { Change } from "../tools/define.ts";
import type { Approver } from "./confirm.ts";
import { keyFor } from "./seal.ts";

/** What one line says. `intent` and `outcome` of a change have the same id; what never got so far has one line. */
export type Entry = {
  kind: "intent" | "outcome" | "denied" | "declined";
  id: string;
  tool: string;
  principal: string;
  backend: string;
  baseUrl: string;
  resource: Pick<Change, "kind" | "name" | "orgId" | "groupId"> & { id?: string };
  approver?: Approver;
  price?: string;
  request?: { method: string; path: string };
  /** What is true afterwards, or why nothing was sent. */
  result?: { status: "ok" | "error"; outcome?: string; code?: string; why?: string; id?: string };
};

/** Where a line stands: its chain (one for each time a process opened the file), its number, and the hash of the line before. */
export type Line = Entry & { at: string; chain: string; seq: number; prev: string; hash: string };

export type Audit = {
  /** Resolves when the line is on the disk; rejects where it cannot be written. */
  write(entry: Entry): Promise<void>;
  /** Closes the file, once nothing is to be written any more. */
  close(): Promise<void>;
};

/** Checks at the start that the file can be written; it is made by the first line. Throws `ConfigError`. */
export const checkAudit = ({ path, from }: NamedFile): void => {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new ConfigError(`${from}: ${path} is a folder`);
    accessSync(there === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = codeOf(error) ?? "unknown";
    throw new ConfigError(`${from}: ${path} cannot be written (${code})`);
  }
};

/** The audit of a server that keeps none. */
export const noAudit: Audit = { write: async () => {}, close: async () => {} };

export type Hash = (text: string) => string;

/** Keyed with the shared secret, so that nobody without it can write lines that hold together. */
export const hashWith = (secret: Secret | undefined): Hash => {
  const key = secret && keyFor("audit", secret);
  return (text) =>
    (key === undefined ? crypto().createHash("sha256") : crypto().createHmac("sha256", key))
      .update(text)
      .digest("hex");
};

/** The text that a line's hash is of: all of it but the hash. */
export const hashedText = ({ hash: _, ...rest }: Line): string => JSON.stringify(rest);

const tailBytes = 65_536;

/** How a file ends: the hash of its last whole line (empty where there is none), and whether a line is cut off after it. */
const tailOf = async (file: FileHandle): Promise<{ hash: string; torn: boolean }> => {
  const { size } = await file.stat();
  const start = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  const text = buffer.subarray(0, bytesRead).toString("utf8");
  const hashes = [...text.matchAll(/"hash":"([0-9a-f]{64})"\}\n/g)];
  return { hash: hashes.at(-1)?.[1] ?? "", torn: text !== "" && !text.endsWith("\n") };
};

/** Whether the path still leads to the open file, which somebody may have removed or moved away. */
const isInPlace = async (file: FileHandle, path: string): Promise<boolean> => {
  const [own, there] = await Promise.all([file.stat(), promises.stat(path).catch(() => undefined)]);
  return own.ino === there?.ino && own.dev === there.dev;
};

type Chain = { file: FileHandle; id: string; seq: number; prev: string; torn: boolean };

type Waiting = { entry: Entry; done(): void; fail(error: unknown): void };

/**
 * Appends to a file that only its owner can read. Several processes may share it: each has a chain of its own, which
 * begins with the hash of the line that was last. Lines that come at once share one flush.
 */
export const createAudit = (path: string, secret: Secret | undefined, clock: Clock): Audit => {
  const hash = hashWith(secret);
  let chain: Chain | undefined;
  let waiting: Waiting[] = [];
  let flushing = false;

  const begin = async (): Promise<Chain> => {
    const file = await promises.open(path, "a+", 0o600);
    const { hash: prev, torn } = await tailOf(file);
    return { file, id: crypto().randomBytes(6).toString("hex"), seq: 0, prev, torn };
  };

  const lineOf = (entry: Entry, on: Chain): string => {
    const at = new Date(clock.now()).toISOString();
    const line = { ...entry, at, chain: on.id, seq: on.seq, prev: on.prev };
    on.prev = hash(JSON.stringify(line));
    on.seq += 1;
    return `${JSON.stringify({ ...line, hash: on.prev })}\n`;
  };

  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        if (chain !== undefined && !(await isInPlace(chain.file, path))) {
          await chain.file.close();
          chain = undefined;
        }
        chain ??= await begin();
        const on = chain;
        // A line that was cut off (by a crash, or a full disk) is ended, so that it spoils no other.
        const start = on.torn ? "\n" : "";
        on.torn = false;
        await on.file.appendFile(start + batch.map(({ entry }) => lineOf(entry, on)).join(""));
        await on.file.datasync();
        for (const one of batch) one.done();
      } catch (error) {
        // What has reached the disk is not known: the next line begins a new chain.
        await chain?.file.close().catch(() => {});
        chain = undefined;
        for (const one of batch) one.fail(error);
      }
    }
    flushing = false;
  };

  return {
    write: (entry) =>
      new Promise((done, fail) => {
        waiting.push({ entry, done, fail });
        if (flushing) return;
        flushing = true;
        void flush();
      }),
    close: async () => {
      const last = chain;
      chain = undefined;
      await last?.file.close();
    },
  };
};

/** What a caller is told where the record cannot be kept: nothing was sent. */
export const unrecorded = (error: unknown, { effect }: Change): AtlasToolError => {
  const code = codeOf(error) ?? "unknown";
  return new AtlasToolError(
    failure(
      "unavailable",
      `The audit file cannot be written (${code}), and without its record nothing is changed. Nothing was sent. Whoever runs this server has to mend that.`,
      { outcome: effect === "delete" ? "not_deleted" : "not_created", retry: "after_fix" },
    ),
  );
};
