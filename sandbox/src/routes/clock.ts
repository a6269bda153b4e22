/** Moves the clock of the sandbox, so that tests need not wait for what takes days. Time never goes back. */
import type { SandboxContext } from "../context.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { commitChange } from "../state/persist.ts";

/** Ten years of 365.25 days. */
const maxAdvanceMs = 315_576_000_000;

/** Atlas's times have four digits for the year. */
const lastTime = Date.parse("9999-12-31T23:59:59Z");

/** How far to move the clock, or the problem of the request. */
type ReadAdvance = { advanceMs: number } | { problem: string };

/** Reads the body of a request to move the clock. */
export const readAdvance = (body: Json | undefined, now: number): ReadAdvance => {
  if (!isObject(body)) return { problem: 'The body must be a JSON object with "advanceMs".' };
  const { advanceMs, ...rest } = body;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return { problem: `The body has the unknown member "${unknown}".` };
  const isWhole = typeof advanceMs === "number" && Number.isInteger(advanceMs);
  if (!isWhole || advanceMs < 0 || advanceMs > maxAdvanceMs) {
    const problem = `"advanceMs" must be a whole number from 0 to ${maxAdvanceMs} (10 years).`;
    return { problem };
  }
  if (now + advanceMs > lastTime) return { problem: "The clock ends with the year 9999." };
  return { advanceMs };
};

/** Moves the clock forward for everything: resources, tokens, rate limits and the header Date. */
export const advanceClock = (sandbox: SandboxContext, advanceMs: number): void =>
  commitChange(sandbox, () => {
    sandbox.state.clockAheadMs += advanceMs;
  });

/** The time of day in the sandbox. */
export const toClockView = ({ clock }: SandboxContext): JsonObject => ({
  now: new Date(clock()).toISOString(),
});
