/** What servers have made and are about to make, kept for ten minutes: lists of Atlas may show it late (docs/store.md#limits). */
import { isRecord } from "../common/json.ts";
import type { Command, Connection } from "./connection.ts";
import { randomWord } from "./random-word.ts";
import * as scripts from "./scripts.ts";

/** Something in its place; `id` is Atlas's, where it has one. */
export type MadeRecord = { parent: string; name: string; id?: string };

/** `ageMs` is undefined while it is only about to be made; `isOfOthers` says that it was made with another credential. */
export type Made = MadeRecord & { ageMs: number | undefined; isOfOthers: boolean };

/** One that is about to be made. */
export type Announced = {
  /** The others of its list, at the moment of the announcement, of the age that was asked for. */
  others: readonly Made[];
  /** Keeps it as made; or forgets it, because nothing was made. Nobody has to wait for it. */
  settle(made: { id?: string } | undefined): void;
};

/** An id with the latest word about it, and its age (milliseconds). */
export type Note = { id: string; word: string; ageMs: number };

export type MadeLists = {
  /** Announces what is about to be made; `othersMs` is the age of the others to learn of. Rejects with `StoreError`. */
  announce(list: string, record: MadeRecord, othersMs: number): Promise<Announced>;
  /** Forgets what was made, because it is deleted. Rejects with `StoreError`. */
  forget(list: string, record: MadeRecord): Promise<void>;
  /** Notes an id under a key, with a word about it. Rejects with `StoreError`. */
  note(key: string, id: string, word: string): Promise<void>;
  /** The ids under a key. Rejects with `StoreError`. */
  noted(key: string): Promise<Note[]>;
};

/** Milliseconds for which all of it is kept. */
export const keptMs = 600_000;

/** A flat answer in pairs of an age and what has it. */
const pairsIn = (answer: unknown): { ageMs: number; value: unknown }[] => {
  const all = Array.isArray(answer) ? answer.map(String) : [];
  return all.flatMap((age, index) =>
    index % 2 === 0 ? [{ ageMs: Number(age), value: JSON.parse(all[index + 1] ?? "null") }] : [],
  );
};

const toMade = (value: unknown, ageMs: number, by: string): Made => {
  const record = isRecord(value) ? value : {};
  const text = (name: string) => (typeof record[name] === "string" ? record[name] : "");
  const id = text("id");
  return {
    parent: text("parent"),
    name: text("name"),
    isOfOthers: text("by") !== by,
    ageMs: record.made === true ? ageMs : undefined,
    ...(id === "" ? {} : { id }),
  };
};

/** The ids with their latest words, from the oldest note to the youngest. */
const toNotes = (answer: unknown): Note[] => {
  const notes = new Map<string, Note>();
  for (const { value, ageMs } of pairsIn(answer)) {
    if (!isRecord(value)) continue;
    const [id, word] = [String(value.id), String(value.word)];
    notes.set(id, { id, word, ageMs: notes.get(id)?.ageMs ?? ageMs });
  }
  return [...notes.values()];
};

export const createMadeLists = (
  connection: Connection,
  by: string,
  keyOf: (use: string, name: string) => string,
): MadeLists => ({
  announce: async (list, record, othersMs) => {
    const owner = randomWord();
    const member = (value: object) => `${owner} ${JSON.stringify({ ...value, by })}`;
    const own = member(record);
    const key = keyOf("made", list);
    const keys = [key, keyOf(`made:${owner}`, list)];
    const withdraw: Command = { script: scripts.withdrawMember, keys, args: [own, keptMs] };
    const keep = (made: object): Command => ({
      script: scripts.replace,
      keys: [key],
      args: [own, member({ ...record, ...made, made: true }), keptMs],
    });
    const command = { script: scripts.add, keys, args: [own, keptMs, othersMs] };
    const answer = await connection.runOrUndo(command, withdraw, keptMs);
    return {
      others: pairsIn(answer).map(({ value, ageMs }) => toMade(value, ageMs, by)),
      settle: (made) => connection.runLater(made === undefined ? withdraw : keep(made), keptMs),
    };
  },
  forget: async (list, { parent, name, id = "" }) => {
    const keys = [keyOf("made", list)];
    await connection.run({ script: scripts.forget, keys, args: [parent, name, id] });
  },
  note: async (key, id, word) => {
    const member = `${id} ${JSON.stringify({ id, word })}`;
    const keys = [keyOf("ids", key)];
    await connection.run({ script: scripts.add, keys, args: [member, keptMs, 0] });
  },
  noted: async (key) => {
    const keys = [keyOf("ids", key)];
    return toNotes(
      await connection.run({ script: scripts.list, keys, args: [keptMs], isOptional: true }),
    );
  },
});
