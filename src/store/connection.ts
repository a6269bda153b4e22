/** The connection to the store. Its client is loaded with the first command. */
import type { Redis } from "iovalkey";
import { crypto } from "../common/crypto.ts";
import type { Clock } from "../common/deadline.ts";
import { messageOf } from "../common/errno.ts";
import type { Secret } from "../common/secret.ts";
import { type StoreAddress, storeAddressOf } from "./address.ts";
import { StoreError } from "./store-error.ts";

/** A script with its keys and its other arguments. */
export type Command = {
  script: string;
  keys: readonly string[];
  args: readonly (string | number)[];
  /** It can be done without: nobody waits for a store that has not answered a moment ago. */
  isOptional?: boolean;
};

export type Connection = {
  /** Runs a script and returns its answer. Rejects with `StoreError`. */
  run(command: Command): Promise<unknown>;
  /** Runs a script. Where it is not answered and may have run, or may run yet, runs `undo` later. Rejects with `StoreError`. */
  runOrUndo(command: Command, undo: Command, undoMs: number): Promise<unknown>;
  /** Runs a script until it is answered, for so many milliseconds at most. Nobody has to wait for it. */
  runLater(command: Command, ms: number): void;
  close(): Promise<void>;
};

export type ConnectionOptions = {
  url: Secret;
  clock: Clock;
  /** Called when a command is not answered, and why; and with undefined when one that writes is again. */
  onChange(problem: string | undefined): void;
};

// Milliseconds for one command, and for a connection to be ready: a call waits no longer for a store that stands still.
const commandMs = 500;
const connectMs = 1000;

// Milliseconds without an answer after which the connection is made anew: packets that were lost are sent again too late.
const silentMs = 750;

// The longest wait before the next attempt to connect (milliseconds).
const longestPauseMs = 250;

// Milliseconds for which a store that has not answered is not asked for what can be done without.
const avoidedMs = 1000;

// The first and the longest wait before a command is repeated that nobody waits for (milliseconds).
const repeatMs = 200;
const longestRepeatMs = 5000;

// What the client says where it has sent nothing, and where it knows no reason.
const notSent = /isn't writeable/;
const ofClient = /isn't writeable|max retries per request|Connection is closed|Command aborted/;

const open = async (address: StoreAddress): Promise<Redis> => {
  const { Redis } = await import("iovalkey");
  return new Redis({
    ...address,
    connectionName: "atlas-provision-mcp",
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandMs,
    connectTimeout: connectMs,
    socketTimeout: silentMs,
    keepAlive: 10_000,
    retryStrategy: (attempt) => Math.min(50 * attempt, longestPauseMs),
    // After a failover, the server behind the connection may be one that only reads.
    reconnectOnError: ({ message }) => message.startsWith("READONLY"),
  });
};

const digestOf = (script: string): string =>
  crypto().createHash("sha1").update(script).digest("hex");

export const createConnection = ({ url, clock, onChange }: ConnectionOptions): Connection => {
  const closing = new AbortController();
  const digests = new Map<string, string>();
  const later = new Set<Promise<void>>();
  let opening: Promise<Redis> | undefined;
  let becomingReady: Promise<void> | undefined;
  let problem = "no connection yet";
  let refusal: string | undefined;
  let isWell: boolean | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  const note = (now: string | undefined) => {
    if (now !== undefined) failedAt = clock.monotonic();
    if (isWell === (now === undefined)) return;
    isWell = now === undefined;
    onChange(now);
  };

  const connect = (): Promise<Redis> => {
    opening ??= open(storeAddressOf(url.reveal())).then((client) => {
      // Also keeps Node from ending because of an error that nobody listens to.
      client.on("error", (error: unknown) => {
        problem = messageOf(error);
        // The client goes on with database 0.
        if (/DB index/.test(problem)) refusal = problem;
      });
      return client;
    });
    return opening;
  };

  /** Resolves when commands can be sent. Rejects after `commandMs`. All that wait share one promise. */
  const whenReady = (client: Redis): Promise<void> => {
    if (client.status === "ready") return Promise.resolve();
    becomingReady ??= new Promise<void>((resolve, reject) => {
      const ready = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        client.off("ready", ready);
        reject(new Error(problem));
      }, commandMs);
      client.once("ready", ready);
    }).finally(() => {
      becomingReady = undefined;
    });
    return becomingReady;
  };

  const evaluate = async (client: Redis, { script, keys, args }: Command): Promise<unknown> => {
    const digest = digests.get(script) ?? digestOf(script);
    digests.set(script, digest);
    const rest = [keys.length, ...keys, ...args] as const;
    try {
      return await client.evalsha(digest, ...rest);
    } catch (error) {
      if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
      return client.eval(script, ...rest);
    }
  };

  /** The error of a command, with what ended the connection: the client's own words say less. */
  const failed = (error: unknown, mayHaveRun: boolean): StoreError => {
    const own = messageOf(error);
    return new StoreError(ofClient.test(own) ? problem : own, mayHaveRun);
  };

  /** Sends a command once there is a connection. One that has just ended has not taken it, so the next one may. */
  const send = async (command: Command, attempts: number): Promise<unknown> => {
    const client = await connect();
    await whenReady(client).catch((error: unknown) => {
      throw failed(error, false);
    });
    if (refusal !== undefined) throw failed(refusal, false);
    try {
      return await evaluate(client, command);
    } catch (error) {
      const isSent = !notSent.test(messageOf(error));
      if (isSent || attempts === 1) throw failed(error, isSent);
      return send(command, attempts - 1);
    }
  };

  const isAvoided = ({ isOptional = false }: Command): boolean =>
    isOptional && isWell === false && clock.monotonic() - failedAt < avoidedMs;

  const run: Connection["run"] = async (command) => {
    if (isClosed || isAvoided(command)) throw failed(isClosed ? "it is closed" : problem, false);
    try {
      const answer = await send(command, 2);
      // A store that is full still answers what only reads.
      if (isWell === undefined || command.isOptional !== true) note(undefined);
      return answer;
    } catch (error) {
      note(messageOf(error));
      throw error;
    }
  };

  /** Repeats until there is an answer or time is up; once it closes, the attempt that is under way is the last. */
  const repeat = async (command: Command, ms: number): Promise<void> => {
    const began = clock.monotonic();
    let pause = repeatMs;
    do {
      const isDone = await run(command).then(
        () => true,
        () => false,
      );
      if (isDone) return;
      await clock.sleep(pause, closing.signal);
      pause = Math.min(2 * pause, longestRepeatMs);
    } while (!closing.signal.aborted && clock.monotonic() - began < ms);
  };

  const runLater: Connection["runLater"] = (command, ms) => {
    const work = repeat(command, ms).finally(() => later.delete(work));
    later.add(work);
  };

  return {
    run,
    runOrUndo: async (command, undo, undoMs) => {
      try {
        return await run(command);
      } catch (error) {
        if (error instanceof StoreError && error.mayHaveRun) runLater(undo, undoMs);
        throw error;
      }
    },
    runLater,
    close: async () => {
      closing.abort();
      // A turn that is not given back would keep others waiting.
      await Promise.allSettled(later);
      isClosed = true;
      const client = await opening?.catch(() => undefined);
      client?.disconnect();
    },
  };
};
