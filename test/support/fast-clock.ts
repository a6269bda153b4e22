/** A clock for what has to keep its proportions over real connections: it runs faster, and only as fast as this process gets on. */

import { afterAll } from "vitest";
import type { Clock } from "../../src/common/deadline.ts";
import { isBundle } from "./program.ts";

export type FastClock = Clock & { stop(): void };

/**
 * A clock on which `step` milliseconds pass with each tick of this process (1 ms, or longer where it is busy): deadlines
 * and pauses keep their proportions and lose their length, and a machine that is busy with others makes nothing late.
 */
export const createFastClock = (step: number): FastClock => {
  let now = Date.now();
  const sleepers = new Set<{ until: number; wake(): void }>();
  const ticking = setInterval(() => {
    now += step;
    for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
  }, 1);
  return {
    now: () => now,
    monotonic: () => now,
    random: () => 0.5,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { until: now + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake, { once: true });
      }),
    stop: () => clearInterval(ticking),
  };
};

/** A fast clock for the servers of a file. The bundle keeps the system's: there the file takes its real time. */
export const fileClock = (step = 20): FastClock | undefined => {
  if (isBundle) return undefined;
  const clock = createFastClock(step);
  afterAll(clock.stop);
  return clock;
};
