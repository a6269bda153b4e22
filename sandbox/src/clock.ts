/** Moves the clock of the sandbox, so that tests need not wait for what takes days. Time never goes back. */
import type { SandboxContext } from "./context.ts";
import { SandboxError, shown } from "./error.ts";
import { commitChange } from "./state/persist.ts";

/** Ten years of 365.25 days. */
const maxAdvanceMs = 315_576_000_000;

/** Atlas's times have four digits for the year. */
export const lastTime = Date.parse("9999-12-31T23:59:59Z");

const isWhole = (value: unknown): value is number => Number.isInteger(value);

/** Moves the clock forward for everything: resources, tokens, rate limits and the header Date. Throws a SandboxError. */
export const advanceClock = (sandbox: SandboxContext, milliseconds: unknown): void => {
  if (!isWhole(milliseconds) || milliseconds < 0 || milliseconds > maxAdvanceMs) {
    throw new SandboxError(
      "invalid_argument",
      `The clock moves by a whole number of milliseconds from 0 to ${maxAdvanceMs} (10 years), not by ${shown(milliseconds)}.`,
    );
  }
  if (sandbox.clock() + milliseconds > lastTime)
    throw new SandboxError("invalid_argument", "The clock ends with the year 9999.");
  commitChange(sandbox, () => {
    sandbox.state.clockAheadMs += milliseconds;
  });
};
