/** Changes in progress in this process: equal calls share one, others with the same key take turns. */
import { type Clock, type Deadline, settleWithin } from "../common/deadline.ts";

/** The error for a caller whose time is up while another call is still running. */
type Late = (joined: boolean) => Error;

/** The turn of the caller that does the work. */
export type Turn<T> = {
  /** Aborts when every caller of the work has gone. */
  unwanted: AbortSignal;
  /** Passes the result to all callers that have joined, ends the turn, and returns the result. */
  finish(work: Promise<T>): Promise<T>;
};

/** Single flight for one kind of result; a key is kind, parent and name. */
export type SingleFlight<T> = {
  /**
   * Joins an equal request in progress and returns its result; else waits for other requests with the key to end and
   * returns a turn, which must be finished. A caller waits no longer than its own deadline.
   */
  joinOrTakeTurn(
    key: string,
    request: string,
    deadline: Deadline,
    late: Late,
  ): Promise<{ result: T } | Turn<T>>;
  /** Takes a turn that nobody joins, and returns the function that ends it. */
  hold(key: string, deadline: Deadline, late: Late): Promise<() => void>;
  /** Whether work with this key ended at or after `since` (milliseconds): look-ups from before are old. */
  endedSince(key: string, since: number): boolean;
};

type Flight<T> = {
  request: string | undefined;
  result: Promise<T>;
  addCaller(caller: AbortSignal): void;
};

const rememberedMs = 600_000;

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
    const now = clock.monotonic();
    flights.delete(key);
    // Deleted first, to keep the map in order of end, oldest first.
    ended.delete(key);
    ended.set(key, now);
    for (const [old, at] of ended) {
      if (at >= now - rememberedMs) break;
      ended.delete(old);
    }
  };

  const startTurn = (key: string, request: string | undefined, caller: AbortSignal): Turn<T> => {
    const { unwanted, addCaller } = countCallers();
    addCaller(caller);
    let follow: (work: Promise<T>) => void = () => {};
    const result = new Promise<T>((resolve) => {
      follow = resolve;
    }).finally(() => end(key));
    // Prevents an unhandled rejection if nobody has joined; `finish` still reports the failure.
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

  /** Waits until another request with the key has ended. */
  const waitFor = (other: Flight<T>, deadline: Deadline, late: Late): Promise<void> => {
    const over = other.result.then(
      () => {},
      () => {},
    );
    return settleWithin(over, deadline.readSignal, () => late(false));
  };

  return {
    joinOrTakeTurn: async (key, request, deadline, late) => {
      for (let other = flights.get(key); other; other = flights.get(key)) {
        if (other.request === request) {
          other.addCaller(deadline.callerSignal);
          // A caller that has gone waits too, so that the log shows how its call really ended.
          return {
            result: await settleWithin(other.result, deadline.writeSignal, () => late(true)),
          };
        }
        await waitFor(other, deadline, late);
      }
      return startTurn(key, request, deadline.callerSignal);
    },
    hold: async (key, deadline, late) => {
      for (let other = flights.get(key); other; other = flights.get(key))
        await waitFor(other, deadline, late);
      let end = () => {};
      const held = new Promise<never>((_resolve, reject) => {
        end = () => reject(new Error("This turn has no result."));
      });
      // No request is undefined, so nobody joins.
      startTurn(key, undefined, deadline.callerSignal)
        .finish(held)
        .catch(() => {});
      return end;
    },
    endedSince: (key, since) => (ended.get(key) ?? Number.NEGATIVE_INFINITY) >= since,
  };
};
