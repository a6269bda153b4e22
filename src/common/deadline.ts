/** Time as an argument: a clock that tests can replace, and the one deadline of a tool call. */
import { setMaxListeners } from "node:events";

/** The clock and the randomness of back-off, in milliseconds and in [0, 1). */
export type Clock = {
  now(): number;
  /** Resolves after `ms`; resolves at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  random(): number;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done, { once: true });
    }),
  random: Math.random,
};

/** A signal that aborts with another or after `ms`, and a promise that rejects then. `done` lets go of both: a timer left behind would hold what it is for. */
export const limit = (
  signal: AbortSignal,
  ms: number,
): { signal: AbortSignal; aborted: Promise<never>; done(): void } => {
  const limited = new AbortController();
  const aborted = new Promise<never>((_, reject) =>
    limited.signal.addEventListener("abort", () => reject(limited.signal.reason), { once: true }),
  );
  // Whoever waits hears of it; nobody has to.
  aborted.catch(() => {});
  const late = () => limited.abort(new DOMException("It took too long.", "TimeoutError"));
  const follow = () => limited.abort(signal.reason);
  const timer = setTimeout(late, ms);
  signal.addEventListener("abort", follow, { once: true });
  return {
    signal: limited.signal,
    aborted,
    done: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", follow);
    },
  };
};

// As the reason of an abort that nobody reads: an error of its own would cost a stack each time.
const over = "over";

/** How long one tool call may take, and whether its caller has gone. */
export type Deadline = {
  /** Milliseconds left, never negative. */
  remaining(): number;
  /** Aborts when time is up. What changes Atlas listens to this one alone: a request that has left is not taken back. */
  over: AbortSignal;
  /** Aborts when time is up or the caller has cancelled. What only reads or waits listens to this one. */
  idle: AbortSignal;
  cancelled(): boolean;
  /** Aborts when this share (0 to 1) of the time that is left now is over. */
  share(part: number): AbortSignal;
  /** Aborts when the caller has gone: what has not left yet is not sent any more. */
  caller: AbortSignal;
  /** The same time for work that goes on when this caller is gone, and sends nothing new once `unwanted` aborts. */
  alone(unwanted: AbortSignal): Deadline;
  /** Ends the timer behind `over`. */
  clear(): void;
};

/** Starts a deadline of `ms` for a call whose caller cancels through `caller`. */
export const startDeadline = (ms: number, caller: AbortSignal, clock: Clock): Deadline => {
  const endsAt = clock.now() + ms;
  const ended = new AbortController();
  const cleared = new AbortController();
  // Each change that is sent listens, and one that Atlas puts off is sent again and again.
  setMaxListeners(0, cleared.signal);
  const abortAfter = (ms: number, controller: AbortController) =>
    clock.sleep(ms, cleared.signal).then(() => cleared.signal.aborted || controller.abort());
  void abortAfter(ms, ended);
  const remaining = () => Math.max(0, endsAt - clock.now());
  const shared = {
    remaining,
    share: (part: number) => {
      // At once, not with the next timer: until then a request could leave.
      if (ended.signal.aborted) return ended.signal;
      const spent = new AbortController();
      void abortAfter(remaining() * part, spent);
      return spent.signal;
    },
    over: ended.signal,
    clear: () => cleared.abort(over),
  };
  const alone = (unwanted: AbortSignal): Deadline => ({
    ...shared,
    idle: ended.signal,
    caller: unwanted,
    cancelled: () => false,
    alone,
  });
  return {
    ...shared,
    idle: AbortSignal.any([ended.signal, caller]),
    caller,
    cancelled: () => caller.aborted,
    alone,
  };
};
