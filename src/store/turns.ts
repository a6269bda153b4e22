/** Turns over all servers: who holds the turn of a key may change what the key names (docs/store.md#turns). */
import { crypto } from "../common/crypto.ts";
import type { Clock } from "../common/deadline.ts";
import type { Connection } from "./connection.ts";
import * as scripts from "./scripts.ts";
import { StoreError } from "./store-error.ts";

export type SharedTurn = {
  /** The number of the turn before, as `latest` gives it. */
  before: string;
  /** Whether the turn is held, with time for one more request to Atlas. Renews it if it must. Rejects with `StoreError`. */
  holds(): Promise<boolean>;
  /** Ends the turn. Nobody has to wait for it. */
  end(): void;
};

export type Turns = {
  /** The number of the latest turn of a key, and the era of the store's memory. Rejects with `StoreError`. */
  latest(key: string): Promise<string>;
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
};

// Milliseconds for which numbers are kept: far longer than a look counts for anything.
const numberMs = 600_000;

// A turn that is not renewed ends this long after the last request that it lets pass (milliseconds).
const spareMs = 10_000;
const renewMs = 2000;

// Milliseconds between the looks for a turn that another server has; some more by chance, so that all get their turn.
const lookMs = 20;

const textOf = (answer: unknown): string => (typeof answer === "string" ? answer : "");

/** Milliseconds since `begin`, by the clock that says more: one of them stands still while a computer sleeps, the other may be set back. */
const stopwatch = (clock: Clock): (() => number) => {
  const begin = { steady: clock.monotonic(), day: clock.now() };
  return () => Math.max(clock.monotonic() - begin.steady, clock.now() - begin.day);
};

const random = (): string => crypto().randomBytes(12).toString("base64url");

export const createTurns = (options: TurnOptions): Turns => {
  const { connection, clock, requestMs, keyOf, eraKey } = options;
  const leaseMs = requestMs + spareMs;

  /** Holds a turn that was asked for just before `elapsed` began, and renews it. */
  const hold = (key: string, owner: string, before: string, began: () => number): SharedTurn => {
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
    return {
      before,
      holds: async () => {
        if (!isLost && !hasTime()) await renew();
        return hasTime();
      },
      end: () => {
        ended.abort();
        const command = { script: scripts.remove, keys: [key], args: [owner] };
        void connection.runLater(command, leaseMs);
      },
    };
  };

  /** Asks for the turn once; undefined if another server has it. */
  const ask = async (name: string): Promise<SharedTurn | undefined> => {
    const key = keyOf("turn", name);
    const owner = random();
    const began = stopwatch(clock);
    const mark = keyOf(`turn:${owner}`, name);
    const args = [owner, leaseMs, numberMs];
    try {
      const keys = [eraKey, key, mark, keyOf("number", name)];
      const before = await connection.run({ script: scripts.takeTurn, keys, args });
      return before === null ? undefined : hold(key, owner, textOf(before), began);
    } catch (error) {
      // The script may run yet, and nobody would end that turn.
      const command = { script: scripts.withdraw, keys: [key, mark], args: [owner, numberMs] };
      if (error instanceof StoreError && error.mayHaveRun)
        void connection.runLater(command, leaseMs);
      throw error;
    }
  };

  return {
    latest: async (name) => {
      const keys = [eraKey, keyOf("number", name)];
      const args = [random()];
      return textOf(await connection.run({ script: scripts.latest, keys, args, isOptional: true }));
    },
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
