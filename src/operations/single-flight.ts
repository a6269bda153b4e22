/**
 * Changes in progress: equal calls of this process share one, others with the same key take turns, and so do all servers
 * that share a store.
 */
import { type Clock, checkedBy, type Deadline, settleWithin } from "../common/deadline.ts";
import { AtlasToolError, raise, type Suggestion } from "../common/failure.ts";
import type { Moment, SharedTurn, Turns } from "../store/turns.ts";
import { type Effect, raiseNoStore, turnLost, waitedTooLong } from "./failures.ts";

/** The change that waits, for the failure of a caller whose time is up. */
export type Waiting = { effect: Effect; noun: string; lookUp: Suggestion };

/** The turn of the caller that does the work. */
export type Turn<T> = {
  /** The time for the work, which continues until every caller has gone, and sends nothing once the turn is lost. */
  deadline: Deadline;
  /** Whether other work with the key may have ended since: a look-up from before is old. */
  isSince(mark: Moment): boolean;
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
    waiting: Waiting,
  ): Promise<{ result: T } | Turn<T>>;
  /** Does work in a turn that nobody joins. */
  inTurn<R>(
    key: string,
    deadline: Deadline,
    waiting: Waiting,
    work: (deadline: Deadline) => Promise<R>,
  ): Promise<R>;
  /** Marks the moment before a look-up. */
  mark(): Moment;
};

type Flight<T> = {
  request: string | undefined;
  result: Promise<T>;
  addCaller(caller: AbortSignal): void;
};

/** A turn in this process; `unwanted` aborts when every caller of the work has gone. */
type OwnTurn<T> = Turn<T> & { unwanted: AbortSignal };

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

const tooLong = (waiting: Waiting, joined: boolean): Error =>
  new AtlasToolError(waitedTooLong(waiting.effect, waiting, joined));

/** Throws unless the turn is still held. */
const checkTurn = async (turn: SharedTurn, effect: Effect): Promise<void> => {
  const isHeld = await turn.holds().catch(raiseNoStore(effect));
  if (!isHeld) raise(turnLost(effect));
};

/** Creates a single flight; `turns` are those of all servers, undefined for one on its own. */
export const createSingleFlight = <T>(clock: Clock, turns?: Turns): SingleFlight<T> => {
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

  const hasEndedSince = (key: string, { at }: Moment): boolean =>
    (ended.get(key) ?? Number.NEGATIVE_INFINITY) >= at;

  /** Takes the turn in this process. */
  const startTurn = (key: string, request: string | undefined, deadline: Deadline): OwnTurn<T> => {
    const { unwanted, addCaller } = countCallers();
    addCaller(deadline.callerSignal);
    let follow: (work: Promise<T>) => void = () => {};
    const result = new Promise<T>((resolve) => {
      follow = resolve;
    }).finally(() => end(key));
    // Prevents an unhandled rejection if nobody has joined; `finish` still reports the failure.
    result.catch(() => {});
    flights.set(key, { request, result, addCaller });
    return {
      unwanted,
      deadline: deadline.detached(unwanted),
      isSince: (mark) => hasEndedSince(key, mark),
      finish: (work) => {
        follow(work);
        return result;
      },
    };
  };

  /** Takes the turn among all servers too, for one who has it in this process. */
  const overServers = async (
    key: string,
    turn: OwnTurn<T>,
    turns: Turns,
    waiting: Waiting,
  ): Promise<Turn<T>> => {
    const stop = AbortSignal.any([turn.deadline.writeSignal, turn.unwanted]);
    try {
      const taken = await turns.take(key, stop).catch(raiseNoStore(waiting.effect));
      if (taken === undefined) throw tooLong(waiting, false);
      return {
        deadline: checkedBy(turn.deadline, () => checkTurn(taken, waiting.effect)),
        isSince: (mark) => turn.isSince(mark) || taken.isSince(mark),
        finish: (work) => turn.finish(work.finally(taken.end)),
      };
    } catch (error) {
      await turn.finish(Promise.reject(error));
      throw error;
    }
  };

  const takeTurn = async (
    key: string,
    request: string | undefined,
    deadline: Deadline,
    waiting: Waiting,
  ): Promise<Turn<T>> => {
    const turn = startTurn(key, request, deadline);
    return turns === undefined ? turn : overServers(key, turn, turns, waiting);
  };

  /** Waits until another request with the key has ended. */
  const waitFor = (other: Flight<T>, deadline: Deadline, waiting: Waiting): Promise<void> => {
    const over = other.result.then(
      () => {},
      () => {},
    );
    return settleWithin(over, deadline.readSignal, () => tooLong(waiting, false));
  };

  return {
    joinOrTakeTurn: async (key, request, deadline, waiting) => {
      for (let other = flights.get(key); other; other = flights.get(key)) {
        if (other.request === request) {
          other.addCaller(deadline.callerSignal);
          // A caller that has gone waits too, so that the log shows how its call really ended.
          return {
            result: await settleWithin(other.result, deadline.writeSignal, () =>
              tooLong(waiting, true),
            ),
          };
        }
        await waitFor(other, deadline, waiting);
      }
      return takeTurn(key, deadline.looksOnly ? undefined : request, deadline, waiting);
    },
    inTurn: async (key, deadline, waiting, work) => {
      for (let other = flights.get(key); other; other = flights.get(key))
        await waitFor(other, deadline, waiting);
      // No request is undefined, so nobody joins.
      const turn = await takeTurn(key, undefined, deadline, waiting);
      const working = work(turn.deadline);
      const held = working.then<never>(() => Promise.reject(new Error("This turn has no result.")));
      await turn.finish(held).catch(() => {});
      return working;
    },
    mark: () => ({ at: clock.monotonic(), era: turns?.era() }),
  };
};
