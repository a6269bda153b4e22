/** Turns over all servers: who holds the turn of a key may change what the key names (docs/store.md#turns). */
import type { Clock } from "../common/deadline.ts";
import type { Connection } from "./connection.ts";
import { randomWord } from "./random-word.ts";
import * as scripts from "./scripts.ts";

export type SharedTurn = {
  /** Whether another turn may have ended since: a look that began then is old. */
  isSince(mark: Moment): boolean;
  /** Whether the turn is held, with time for one more request to Atlas. Renews it if it must. Rejects with `StoreError`. */
  holds(): Promise<boolean>;
  /** Ends the turn. Nobody has to wait for it. */
  end(): void;
};

/** A moment in this process's time (milliseconds), and the era of the store's memory as it was known then. */
export type Moment = { at: number; era?: string | undefined };

export type Turns = {
  /** The era of the store's memory, as far as it is known: another one after the store has forgotten. */
  era(): string | undefined;
  /** Waits for the turn; undefined if the signal aborts first. Rejects with `StoreError`. */
  take(key: string, signal: AbortSignal): Promise<SharedTurn | undefined>;
};

export type TurnOptions = {
  connection: Connection;
  clock: Clock;
  /** The most that a request to Atlas takes (milliseconds). */
  requestMs: number;
  keyOf(use: string, name: string): string;
  /** The key of the era of the store's memory. */
  eraKey: string;
  /** The latest era that the store has told. */
  known: { era?: string };
};

// Milliseconds for which the end of a turn is kept: far longer than a look counts for anything.
const latestMs = 600_000;

// Milliseconds by which two clocks may differ in what they measure within seconds.
const slackMs = 2;

// A turn that is not renewed ends this long after the last request that it lets pass (milliseconds).
const spareMs = 10_000;
const renewMs = 2000;

// Milliseconds between the looks for a turn that another server has; some more by chance, so that all get their turn.
const lookMs = 20;

/** Milliseconds since `begin`, by the clock that says more: one of them stands still while a computer sleeps, the other may be set back. */
const stopwatch = (clock: Clock): (() => number) => {
  const begin = { steady: clock.monotonic(), day: clock.now() };
  return () => Math.max(clock.monotonic() - begin.steady, clock.now() - begin.day);
};

/** A turn as it was taken; `agoMs` is how long before that the turn before it ended. */
type Held = {
  key: string;
  latestKey: string;
  owner: string;
  era: string;
  agoMs: number | undefined;
};

export const createTurns = (options: TurnOptions): Turns => {
  const { connection, clock, requestMs, keyOf, eraKey, known } = options;
  const leaseMs = requestMs + spareMs;

  /** Holds a turn that was asked for just before `elapsed` began, and renews it. */
  const hold = (held: Held, began: () => number): SharedTurn => {
    const { key, latestKey, owner } = held;
    const ended = new AbortController();
    let elapsed = began;
    let isLost = false;
    const renew = async () => {
      const asked = stopwatch(clock);
      const command = { script: scripts.renew, keys: [key], args: [owner, leaseMs] };
      if ((await connection.run(command)) === 1) elapsed = asked;
      else isLost = true;
    };
    const keepRenewing = async () => {
      while (!ended.signal.aborted && !isLost && elapsed() < leaseMs) {
        await clock.sleep(renewMs, ended.signal);
        if (!ended.signal.aborted) await renew().catch(() => {});
      }
    };
    void keepRenewing();
    const hasTime = () => !isLost && leaseMs - elapsed() > requestMs;
    const takenAt = clock.monotonic();
    return {
      isSince: ({ at, era }) =>
        era !== held.era || (held.agoMs !== undefined && held.agoMs <= takenAt - at + slackMs),
      holds: async () => {
        if (!isLost && !hasTime()) await renew();
        return hasTime();
      },
      end: () => {
        ended.abort();
        const keys = [key, latestKey];
        const command = { script: scripts.endTurn, keys, args: [owner, latestMs] };
        connection.runLater(command, leaseMs);
      },
    };
  };

  /** Asks for the turn once; undefined if another server has it. */
  const ask = async (name: string): Promise<SharedTurn | undefined> => {
    const key = keyOf("turn", name);
    const owner = randomWord();
    const began = stopwatch(clock);
    const mark = keyOf(`turn:${owner}`, name);
    const latestKey = keyOf("latest", name);
    const keys = [eraKey, key, mark, latestKey];
    const command = { script: scripts.takeTurn, keys, args: [owner, leaseMs, latestMs] };
    // It may run when nobody waits any more, and nobody would end that turn.
    const undo = { script: scripts.withdraw, keys: [key, mark], args: [owner, latestMs] };
    const taken = await connection.runOrUndo(command, undo, leaseMs);
    if (!Array.isArray(taken)) return undefined;
    const [era = "", ago = ""] = taken.map(String);
    known.era = era;
    const agoMs = ago === "" ? undefined : Number(ago);
    return hold({ key, latestKey, owner, era, agoMs }, began);
  };

  return {
    era: () => known.era,
    take: async (name, signal) => {
      while (!signal.aborted) {
        const turn = await ask(name);
        if (turn !== undefined) return turn;
        await clock.sleep(lookMs * (1 + clock.random()), signal);
      }
      return undefined;
    },
  };
};
