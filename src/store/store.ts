/** What servers share through Redis or Valkey, so that they act as one (docs/store.md). */
import { crypto } from "../common/crypto.ts";
import type { Clock } from "../common/deadline.ts";
import type { Secret } from "../common/secret.ts";
import { createConnection } from "./connection.ts";
import { createMadeLists, type MadeLists } from "./made.ts";
import { randomWord } from "./random-word.ts";
import * as scripts from "./scripts.ts";
import { createTurns, type Turns } from "./turns.ts";

/** Marks confirmations as used. */
export type Confirmations = {
  /** Whether this is the first use. `free` takes it back, because nothing was sent; nobody has to wait for it. Rejects with `StoreError`. */
  use(confirmation: string, forMs: number): Promise<{ isFirst: boolean; free(): void }>;
};

export type Store = {
  turns: Turns;
  made: MadeLists;
  confirmations: Confirmations;
  /** Takes tokens of a caller's bucket, and returns the seconds to wait if there are too few. Rejects with `StoreError`. */
  takeTokens(bucket: string, size: number, perMs: number, count: number): Promise<number>;
  /** Does all that the store must allow. Rejects with `StoreError`. */
  check(): Promise<void>;
  /** What the store says of its memory, in the form of Redis's INFO. Rejects with `StoreError`. */
  memory(): Promise<string>;
  close(): Promise<void>;
};

export type StoreOptions = {
  url: Secret;
  clock: Clock;
  /** Where changes go: an address of Atlas, or what tells one sandbox from others. */
  backend: string;
  /** Whose credential this server has. */
  credential: string;
  /** The most that a request to Atlas takes (milliseconds). */
  requestMs: number;
  /** Called when the store does not answer, and why; and with undefined when it answers again. */
  onChange(problem: string | undefined): void;
};

/** A digest, so that the names of keys tell nothing. Braces keep all keys of one name in one slot of a cluster. */
const digestOf = (...parts: string[]): string =>
  crypto().createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);

const prefix = "atlas-provision-mcp";

/** Creates the store. Nothing is contacted before the first command. */
export const createStore = (options: StoreOptions): Store => {
  const { clock, backend, requestMs } = options;
  const connection = createConnection(options);
  const keyOf = (use: string, ...parts: string[]) => `${prefix}:{${digestOf(...parts)}}:${use}`;
  const eraKey = keyOf("era");
  const known: { era?: string } = {};
  const keyHere = (use: string, name: string) => keyOf(use, backend, name);
  return {
    turns: createTurns({
      connection,
      clock,
      requestMs,
      keyOf: keyHere,
      eraKey,
      known,
    }),
    made: createMadeLists(connection, digestOf(options.credential), keyHere),
    confirmations: {
      use: async (confirmation, forMs) => {
        const owner = randomWord();
        const keys = [keyOf("used", confirmation), keyOf(`used:${owner}`, confirmation)];
        const ms = Math.ceil(forMs);
        const withdraw = { script: scripts.withdraw, keys, args: [owner, ms] };
        const command = { script: scripts.use, keys, args: [owner, ms] };
        const isFirst = (await connection.runOrUndo(command, withdraw, ms)) === 1;
        return { isFirst, free: () => connection.runLater(withdraw, ms) };
      },
    },
    takeTokens: async (bucket, size, perMs, count) => {
      const keys = [keyOf("rate", bucket, String(size), String(perMs))];
      const args = [size, perMs, count];
      // It can be done without, since each server can count on its own.
      const command = { script: scripts.takeTokens, keys, args, isOptional: true } as const;
      return Number(await connection.run(command));
    },
    check: async () => {
      const keys = [eraKey, keyOf("probe:hash"), keyOf("probe:list")];
      const command = { script: scripts.probe, keys, args: [randomWord()] };
      known.era = String(await connection.run(command));
    },
    memory: async () =>
      String(
        await connection.run({ script: scripts.memory, keys: [], args: [], isOptional: true }),
      ),
    close: connection.close,
  };
};
