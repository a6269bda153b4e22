/** Creates that are under way in this process, so that two of one do not race each other to Atlas. */
import type { Clock, Deadline } from "../common/deadline.ts";

/** What a caller is told whose time is over while another call's flight is still in the air. */
type Late = (joined: boolean) => Error;

/** Flights of one kind of result, keyed by what must stay one: kind, parent and name. */
export type SingleFlight<T> = {
  /**
   * Joins the flight of an equal request; else waits for any other of the key to end, then runs `work`. Nobody waits
   * longer than their own deadline. `unwanted` aborts when every caller of the flight has gone.
   */
  run(
    key: string,
    request: string,
    deadline: Deadline,
    late: Late,
    work: (unwanted: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** Whether a flight of this key ended at or after `since` (milliseconds): what was seen before then is old. */
  endedSince(key: string, since: number): boolean;
};

type Flight<T> = { request: string; result: Promise<T>; board(caller: AbortSignal): void };

const rememberedMs = 600_000;

/** Settles as `work` does, or rejects when the signal aborts first. */
const within = <T>(work: Promise<T>, signal: AbortSignal, late: () => Error): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(late());
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });

/** Counts the callers of one flight; `unwanted` aborts when the last has gone. */
const createCabin = () => {
  const unwanted = new AbortController();
  let aboard = 0;
  return {
    unwanted: unwanted.signal,
    board: (caller: AbortSignal) => {
      aboard += 1;
      const leave = () => {
        aboard -= 1;
        if (aboard === 0) unwanted.abort();
      };
      if (caller.aborted) leave();
      else caller.addEventListener("abort", leave, { once: true });
    },
  };
};

export const createSingleFlight = <T>(clock: Clock): SingleFlight<T> => {
  const flying = new Map<string, Flight<T>>();
  const ended = new Map<string, number>();

  const land = (key: string) => {
    const now = clock.now();
    flying.delete(key);
    // Taken out first, so that the map is in the order of the ends and the oldest are met first.
    ended.delete(key);
    ended.set(key, now);
    for (const [old, at] of ended) {
      if (at >= now - rememberedMs) break;
      ended.delete(old);
    }
  };

  return {
    run: async (key, request, deadline, late, work) => {
      for (let other = flying.get(key); other; other = flying.get(key)) {
        if (other.request === request) {
          other.board(deadline.callerSignal);
          // One who has left costs nothing aboard, and the log then has the true end of their call.
          return within(other.result, deadline.writeSignal, () => late(true));
        }
        const over = other.result.then(
          () => {},
          () => {},
        );
        await within(over, deadline.readSignal, () => late(false));
      }
      const { unwanted, board } = createCabin();
      board(deadline.callerSignal);
      const result = work(unwanted).finally(() => land(key));
      flying.set(key, { request, result, board });
      return result;
    },
    endedSince: (key, since) => (ended.get(key) ?? Number.NEGATIVE_INFINITY) >= since,
  };
};
