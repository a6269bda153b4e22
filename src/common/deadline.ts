/** Time as an argument: a clock that tests can replace, and the one deadline of a tool call. */
import { setMaxListeners } from "node:events";

/** The clocks and the randomness of back-off, in milliseconds and in [0, 1). */
export type Clock = {
  /** The time of day, since 1970: for dates. It jumps when somebody sets the clock. */
  now(): number;
  /** Time since some moment, which never jumps: for waits and ages. */
  monotonic(): number;
  /** Resolves after `ms`; resolves at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  random(): number;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
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

/** A child signal that also times out after `ms`. Call `done()` to clear the timer and the listener. */
export const withTimeout = (
  signal: AbortSignal,
  ms: number,
): {
  signal: AbortSignal;
  /** Rejects when the signal aborts. */
  aborted: Promise<never>;
  done(): void;
} => {
  const controller = new AbortController();
  const aborted = new Promise<never>((_, reject) =>
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), {
      once: true,
    }),
  );
  // Nobody may listen: without this, a rejection would end the process.
  aborted.catch(() => {});
  const timeOut = () => controller.abort(new DOMException("It took too long.", "TimeoutError"));
  const follow = () => controller.abort(signal.reason);
  const timer = setTimeout(timeOut, ms);
  signal.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    aborted,
    done: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", follow);
    },
  };
};

/** Settles as `work` does, or rejects when the signal aborts first. */
export const settleWithin = <T>(
  work: Promise<T>,
  signal: AbortSignal,
  late: () => Error,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(late());
    // First: work that fails after the signal would end the process if nobody listened to it.
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });

// Nobody reads this reason, and an Error would collect a stack trace each time.
const cleared = "cleared";

/** The time that one tool call may take, and whether its caller has gone. */
export type Deadline = {
  /** Milliseconds left, never negative. */
  remaining(): number;
  /** Aborts when time is up. Changes listen to it, because a sent change cannot be taken back. */
  writeSignal: AbortSignal;
  /** Aborts when time is up or the caller has cancelled. Reads and waits listen to it. */
  readSignal: AbortSignal;
  /** Aborts when the caller has gone. Nothing new is sent after that. */
  callerSignal: AbortSignal;
  cancelled(): boolean;
  /** A signal that aborts after this fraction (0 to 1) of the time that is left now. */
  fraction(part: number): AbortSignal;
  /** Throws `AtlasToolError` if a change may not be sent at this moment. Called before each attempt. */
  checkLeave?(): Promise<void>;
  /** No change may be sent within it, so nobody who may send one joins its work. */
  looksOnly?: boolean;
  /** The same time for work that continues without this caller, and sends nothing new once `unwanted` aborts. */
  detached(unwanted: AbortSignal): Deadline;
  /** Clears the timer behind `writeSignal`. */
  clear(): void;
};

/** Milliseconds of a deadline that waits leave, so that the result reaches the host in time. */
export const resultMs = 1500;

/** The same deadline for changes that are sent only while `check` does not throw. */
export const checkedBy = (deadline: Deadline, check: () => Promise<void>): Deadline => ({
  ...deadline,
  checkLeave: async () => {
    await deadline.checkLeave?.();
    await check();
  },
  detached: (unwanted) => checkedBy(deadline.detached(unwanted), check),
});

// Milliseconds: nobody waits longer for what a call can do without.
const brieflyMs = 5000;

/** The same deadline for reads that a call can do without: they have at most 5 s, and half of the time that is left. */
export const briefly = (deadline: Deadline): Deadline => {
  const left = deadline.remaining();
  const part = Math.min(0.5, brieflyMs / left);
  const kept = left - left * part;
  return {
    ...deadline,
    remaining: () => Math.max(0, deadline.remaining() - kept),
    readSignal: AbortSignal.any([deadline.readSignal, deadline.fraction(part)]),
  };
};

/** Starts a deadline of `ms` for a call whose caller cancels through `callerSignal`. */
export const startDeadline = (ms: number, callerSignal: AbortSignal, clock: Clock): Deadline => {
  const endsAt = clock.monotonic() + ms;
  const timeUp = new AbortController();
  const clearing = new AbortController();
  // Every change that is sent adds a listener, and a delete that Atlas puts off is sent many times.
  setMaxListeners(0, clearing.signal);
  const abortAfter = (ms: number, controller: AbortController) =>
    clock.sleep(ms, clearing.signal).then(() => clearing.signal.aborted || controller.abort());
  void abortAfter(ms, timeUp);
  const remaining = () => Math.max(0, endsAt - clock.monotonic());
  const fraction = (part: number) => {
    // A signal that is aborted already: until a timer fires, a request could be sent.
    if (timeUp.signal.aborted) return timeUp.signal;
    const controller = new AbortController();
    void abortAfter(remaining() * part, controller);
    return controller.signal;
  };
  const shared = {
    remaining,
    fraction,
    writeSignal: timeUp.signal,
    clear: () => clearing.abort(cleared),
  };
  const detached = (unwanted: AbortSignal): Deadline => ({
    ...shared,
    readSignal: timeUp.signal,
    callerSignal: unwanted,
    cancelled: () => false,
    detached,
  });
  return {
    ...shared,
    readSignal: AbortSignal.any([timeUp.signal, callerSignal]),
    callerSignal,
    cancelled: () => callerSignal.aborted,
    detached,
  };
};
