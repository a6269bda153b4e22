import { expect, it } from "vitest";
import { briefly, settleWithin, startDeadline } from "../../src/common/deadline.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const never = new AbortController().signal;

it("a share of a time that is over is over at once, so that nothing leaves any more", async () => {
  const clock = createFakeClock({ limitsFrom: 1 });
  const deadline = startDeadline(1000, never, clock);
  expect(deadline.fraction(0.6).aborted).toBe(false);
  clock.pass(1000);
  await new Promise(setImmediate);
  expect(deadline.writeSignal.aborted).toBe(true);
  expect(deadline.fraction(0.6).aborted).toBe(true);
});

it("a share ends before the whole does", async () => {
  const clock = createFakeClock({ limitsFrom: 1 });
  const deadline = startDeadline(1000, never, clock);
  const share = deadline.fraction(0.6);
  clock.pass(599);
  await new Promise(setImmediate);
  expect(share.aborted).toBe(false);
  clock.pass(1);
  await new Promise(setImmediate);
  expect([share.aborted, deadline.writeSignal.aborted]).toEqual([true, false]);
});

it.each([
  ["of a long time, the most", 45_000, 5000],
  ["of a short time, half", 3000, 1500],
])("what a call can do without has %s", async (_what, ms, most) => {
  const clock = createFakeClock({ limitsFrom: 1 });
  const deadline = startDeadline(ms, never, clock);
  const brief = briefly(deadline);
  clock.pass(most - 1);
  await new Promise(setImmediate);
  expect([brief.remaining(), brief.readSignal.aborted]).toEqual([1, false]);
  clock.pass(1);
  await new Promise(setImmediate);
  expect([brief.remaining(), brief.readSignal.aborted]).toEqual([0, true]);
  expect([deadline.remaining(), deadline.readSignal.aborted]).toEqual([ms - most, false]);
});

it("what a call can do without ends at once where no time is left, or the caller has gone", async () => {
  const clock = createFakeClock({ limitsFrom: 1 });
  const caller = new AbortController();
  const deadline = startDeadline(1000, caller.signal, clock);
  const brief = briefly(deadline);
  caller.abort();
  expect(brief.readSignal.aborted).toBe(true);
  clock.pass(1000);
  await new Promise(setImmediate);
  const late = briefly(deadline);
  expect([late.remaining(), late.readSignal.aborted]).toEqual([0, true]);
});

it("work that fails after its time is over ends nothing but itself", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const work = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("EIO")), 5));
  await expect(settleWithin(work, AbortSignal.abort(), () => new Error("late"))).rejects.toThrow(
    "late",
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
