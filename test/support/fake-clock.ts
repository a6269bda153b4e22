/** A clock for tests: it stands still, and a sleep is over at once but has taken its time. */
import { onTestFinished } from "vitest";
import { type Clock, type Deadline, startDeadline } from "../../src/common/deadline.ts";

export type FakeClock = Clock & {
  /** The milliseconds that were slept, in order. */
  sleeps: number[];
  pass(ms: number): void;
  /** Sets the time of day by so much, as somebody sets a clock: no time passes. */
  set(ms: number): void;
  /** Resolves when the clock has come so far by other sleeps or `pass`: for what is a limit and not a pause. */
  limit: Clock["sleep"];
};

const epoch = Date.parse("2026-08-10T03:02:55Z");

/** `limitsFrom`: a sleep of that many milliseconds or more is a limit. `onSleep` runs while a pause passes. */
export const createFakeClock = (
  options: {
    now?: number;
    random?: () => number;
    limitsFrom?: number;
    onSleep?: (ms: number) => void | Promise<void>;
  } = {},
): FakeClock => {
  const { random = () => 0.5, limitsFrom = Number.POSITIVE_INFINITY, onSleep } = options;
  const sleeps: number[] = [];
  const alarms = new Set<{ at: number; ring: () => void }>();
  let now = options.now ?? epoch;
  let offset = 0;

  const pass = (ms: number) => {
    now += ms;
    for (const alarm of alarms) if (alarm.at <= now) alarm.ring();
  };
  const limit: Clock["sleep"] = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const alarm = {
        at: now + ms,
        ring: () => {
          alarms.delete(alarm);
          resolve();
        },
      };
      alarms.add(alarm);
      signal?.addEventListener("abort", alarm.ring, { once: true });
    });
  return {
    sleeps,
    now: () => now + offset,
    monotonic: () => now,
    set: (ms) => {
      offset += ms;
    },
    random,
    pass,
    limit,
    sleep: async (ms, signal) => {
      if (signal?.aborted) return;
      if (ms >= limitsFrom) return limit(ms, signal);
      sleeps.push(ms);
      pass(ms);
      await onSleep?.(ms);
    },
  };
};

/** A deadline of the running test. */
export const deadlineOf = (
  clock: Clock | FakeClock,
  ms = 45_000,
  caller: AbortSignal = new AbortController().signal,
): Deadline => {
  const sleep = "limit" in clock ? clock.limit : clock.sleep;
  const deadline = startDeadline(ms, caller, { ...clock, sleep });
  onTestFinished(deadline.clear);
  return deadline;
};
