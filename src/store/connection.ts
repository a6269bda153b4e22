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
};

export type Connection = {
  /** Runs a script and returns its answer. Rejects with `StoreError`; the script may have run all the same. */
  run(command: Command): Promise<unknown>;
  /** Runs a script until it is answered, for so many milliseconds at most. Never rejects, and nobody has to wait for it. */
  runLater(command: Command, ms: number): Promise<void>;
  close(): Promise<void>;
};

export type ConnectionOptions = {
  url: Secret;
  clock: Clock;
  /** Called when a command is not answered, and why; and with undefined when one is again. */
  onChange(problem: string | undefined): void;
};

// Milliseconds for one command, and for a connection to be ready: a call waits no longer for a store that stands still.
const commandMs = 500;
const connectMs = 1000;

// Milliseconds without an answer after which the connection is made anew: packets that were lost are sent again too late.
const silentMs = 750;

// The longest wait before the next attempt to connect (milliseconds).
const longestPauseMs = 250;

const repeatMs = 200;

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

/** Resolves when commands can be sent. Rejects after `commandMs`. */
const whenReady = (client: Redis, problemOf: () => string): Promise<void> =>
  client.status === "ready"
    ? Promise.resolve()
    : new Promise((resolve, reject) => {
        const ready = () => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          client.off("ready", ready);
          reject(new Error(problemOf()));
        }, commandMs);
        client.once("ready", ready);
      });

const digestOf = (script: string): string =>
  crypto().createHash("sha1").update(script).digest("hex");

export const createConnection = ({ url, clock, onChange }: ConnectionOptions): Connection => {
  const closing = new AbortController();
  const digests = new Map<string, string>();
  let opening: Promise<Redis> | undefined;
  let problem = "no connection yet";
  let refusal: string | undefined;
  let isWell: boolean | undefined;
  let isClosed = false;
  const later = new Set<Promise<void>>();

  const note = (now: string | undefined) => {
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

  /** Sends a command once there is a connection. One that has just ended has not taken it, so the next one may. */
  const send = async (command: Command, attempts: number): Promise<unknown> => {
    if (isClosed) throw new Error("the connection is closed");
    const client = await connect();
    await whenReady(client, () => problem);
    if (refusal !== undefined) throw new Error(refusal);
    try {
      return await evaluate(client, command);
    } catch (error) {
      if (attempts === 1 || !notSent.test(messageOf(error))) throw error;
      return send(command, attempts - 1);
    }
  };

  const run: Connection["run"] = async (command) => {
    try {
      const answer = await send(command, 2);
      note(undefined);
      return answer;
    } catch (error) {
      // The client's own words say less than what ended the connection.
      const own = messageOf(error);
      const message = ofClient.test(own) ? problem : own;
      note(message);
      throw new StoreError(message);
    }
  };

  /** Repeats until there is an answer or time is up; once it closes, the attempt that is under way is the last. */
  const repeat = async (command: Command, ms: number): Promise<void> => {
    const began = clock.monotonic();
    do {
      const isDone = await run(command).then(
        () => true,
        () => false,
      );
      if (isDone) return;
      await clock.sleep(repeatMs, closing.signal);
    } while (!closing.signal.aborted && clock.monotonic() - began < ms);
  };

  return {
    run,
    runLater: (command, ms) => {
      const work = repeat(command, ms).finally(() => later.delete(work));
      later.add(work);
      return work;
    },
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
