/** A process that ends between two steps on files. */
import { promises } from "node:fs";
import { vi } from "vitest";

const steps = ["open", "rename", "link", "unlink"] as const;

/** Lets so many steps on files pass, and fails all later ones, as if the process had ended. Returns how many there were. */
export const crashAfter = (passing: number) => {
  let done = 0;
  for (const step of steps) {
    const original = promises[step] as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(promises, step).mockImplementation(((...args: unknown[]) => {
      done += 1;
      return done > passing ? Promise.reject(new Error("crashed")) : original(...args);
    }) as never);
  }
  return () => done;
};
