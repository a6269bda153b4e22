/** Changes under way in this process: equal calls share one, others of the same name take turns. */
import type { Clock, Deadline } from "../common/deadline.ts";

/** What a caller is told whose time is over while another call is still under way. */
type Late = (joined: boolean) => Error;

/** The turn of the caller who does the work. */
export type Turn<T> = {
  /** Aborts when every caller of the work has gone. */
  unwanted: AbortSignal;
  /** Gives the result to all who have joined, ends the turn, and returns the result. */
  finish(work: Promise<T>): Promise<T>;
};

/** Single flight for one kind of result, keyed by what must stay one: kind, parent and name. */
export type SingleFlight<T> = {
  /**
   * Joins an equal request that is under way and returns its result; else waits for any other of the key to end, and
   * returns a turn. Nobody waits longer than their own deadline. Whoever has a turn has to finish it.
   */
  join(
    key: string,
    request: string,
    deadline: Deadline,
    late: Late,
  ): Promise<{ result: T } | Turn<T>>;
  /** Whether work of this key ended at or after `since` (milliseconds): what was seen before then is old. */
  endedSince(key: string, since: number): boolean;
};

type Flight<T> = { request: string; result: Promise<T>; addCaller(caller: AbortSignal): void };

const rememberedMs = 600_000;

/** Settles as `work` does, or rejects when the signal aborts first. */
const within = <T>(work: Promise<T>, signal: AbortSignal, late: () => Error): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(late());
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });

/** Counts the callers of one piece of work; `unwanted` aborts when the last has gone. */
const countCallers = () => {
  const unwanted = new AbortController();
  let present = 0;
  return {
    unwanted: unwanted.signal,
    addCaller: (caller: AbortSignal) => {
      present += 1;
      const leave = () => {
        present -= 1;
        if (present === 0) unwanted.abort();
      };
      if (caller.aborted) leave();
      else caller.addEventListener("abort", leave, { once: true });
    },
  };
};

export const createSingleFlight = <T>(clock: Clock): SingleFlight<T> => {
  const flights = new Map<string, Flight<T>>();
  const ended = new Map<string, number>();

  const end = (key: string) => {
    const now = clock.now();
    flights.delete(key);
    // Taken out first, so that the map is in the order of the ends and the oldest are met first.
    ended.delete(key);
    ended.set(key, now);
    for (const [old, at] of ended) {
      if (at >= now - rememberedMs) break;
      ended.delete(old);
    }
  };

  const startTurn = (key: string, request: string, caller: AbortSignal): Turn<T> => {
    const { unwanted, addCaller } = countCallers();
    addCaller(caller);
    let follow: (work: Promise<T>) => void = () => {};
    const result = new Promise<T>((resolve) => {
      follow = resolve;
    }).finally(() => end(key));
    // Nobody may have joined: the one who has the turn hears of a failure from `finish`.
    result.catch(() => {});
    flights.set(key, { request, result, addCaller });
    return {
      unwanted,
      finish: (work) => {
        follow(work);
        return result;
      },
    };
  };

  return {
    join: async (key, request, deadline, late) => {
      for (let other = flights.get(key); other; other = flights.get(key)) {
        if (other.request === request) {
          other.addCaller(deadline.callerSignal);
          // A caller who has left waits too: the log then has the true end of their call.
          return {
            result: await within(other.result, deadline.writeSignal, () => late(true)),
          };
        }
        const over = other.result.then(
          () => {},
          () => {},
        );
        await within(over, deadline.readSignal, () => late(false));
      }
      return startTurn(key, request, deadline.callerSignal);
    },
    endedSince: (key, since) => (ended.get(key) ?? Number.NEGATIVE_INFINITY) >= since,
  };
};
