/** What servers have made and are about to make, kept for ten minutes: lists of Atlas may show it late (docs/store.md#limits). */
import { crypto } from "../common/crypto.ts";
import { isRecord } from "../common/json.ts";
import type { Command, Connection } from "./connection.ts";
import * as scripts from "./scripts.ts";

/** Something of a kind in its place; `id` is Atlas's, where it has one. */
export type MadeRecord = { parent: string; name: string; id?: string };

/** `ageMs` is undefined while it is only about to be made; `isOfOthers` says that it was made with another credential. */
export type Made = MadeRecord & { ageMs: number | undefined; isOfOthers: boolean };

/** One that is about to be made. */
export type Announced = {
  /** The others of its kind, at the moment of the announcement. */
  others: readonly Made[];
  /** Keeps it as made; or forgets it, because nothing was made. Nobody has to wait for it. */
  settle(made: { id?: string } | undefined): void;
};

/** An id with a word about it, and its age (milliseconds). */
export type Note = { id: string; word: string; ageMs: number };

export type MadeLists = {
  /** Announces what is about to be made. Rejects with `StoreError`. */
  announce(kind: string, record: MadeRecord): Promise<Announced>;
  /** Forgets what was made, because it is deleted. Rejects with `StoreError`. */
  forget(kind: string, record: MadeRecord): Promise<void>;
  /** Notes an id under a key, with a word about it. Rejects with `StoreError`. */
  note(key: string, id: string, word: string): Promise<void>;
  /** The ids under a key. Rejects with `StoreError`. */
  noted(key: string): Promise<Note[]>;
};

const keptMs = 600_000;

const textsIn = (answer: unknown): string[] => (Array.isArray(answer) ? answer.map(String) : []);

/** A flat list in groups of so many. */
const groupsOf = (count: number, all: readonly string[]): string[][] =>
  all.flatMap((_, index) => (index % count === 0 ? [all.slice(index, index + count)] : []));

const toMade = ([age, json = ""]: string[], by: string): Made => {
  const value: unknown = JSON.parse(json);
  const record = isRecord(value) ? value : {};
  const text = (name: string) => (typeof record[name] === "string" ? record[name] : "");
  const id = text("id");
  return {
    parent: text("parent"),
    name: text("name"),
    isOfOthers: text("by") !== by,
    ageMs: record.made === true ? Number(age) : undefined,
    ...(id === "" ? {} : { id }),
  };
};

export const createMadeLists = (
  connection: Connection,
  by: string,
  keyOf: (use: string, name: string) => string,
): MadeLists => ({
  announce: async (kind, record) => {
    const field = crypto().randomBytes(12).toString("base64url");
    const keys = [keyOf("made", kind), keyOf(`made:${field}`, kind)];
    const add = (value: object): Command => ({
      script: scripts.add,
      keys,
      args: [field, JSON.stringify({ ...value, by }), keptMs],
    });
    const forget = { script: scripts.withdrawField, keys, args: [field, keptMs] };
    try {
      const answer = await connection.run(add(record));
      return {
        others: groupsOf(2, textsIn(answer)).map((other) => toMade(other, by)),
        settle: (made) => {
          const command = made === undefined ? forget : add({ ...record, ...made, made: true });
          void connection.runLater(command, keptMs);
        },
      };
    } catch (error) {
      void connection.runLater(forget, keptMs);
      throw error;
    }
  },
  forget: async (kind, { parent, name }) => {
    const args = [parent, name];
    await connection.run({ script: scripts.forget, keys: [keyOf("made", kind)], args });
  },
  note: async (key, id, word) => {
    const args = [id, JSON.stringify(word), keptMs];
    await connection.run({
      script: scripts.add,
      keys: [keyOf("ids", key), keyOf("ids:none", key)],
      args,
    });
  },
  noted: async (key) => {
    const command = { script: scripts.list, keys: [keyOf("ids", key)], args: [] };
    const all = groupsOf(3, textsIn(await connection.run(command)));
    return all.map(([id = "", age, json = ""]) => ({
      id,
      word: String(JSON.parse(json)),
      ageMs: Number(age),
    }));
  },
});
