import { expect, it } from "vitest";
import { settleWithin, startDeadline } from "../../src/common/deadline.ts";
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
