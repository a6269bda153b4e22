import { describe, expect, it } from "vitest";
import { sideBySide } from "../../src/common/side-by-side.ts";

describe("work side by side", () => {
  it("has its results in the order of the items, whatever ends first", async () => {
    const waits = [30, 1, 15, 0];
    const work = (ms: number) => new Promise<number>((done) => setTimeout(done, ms, ms));
    expect(await sideBySide(waits, 3, work)).toEqual(waits);
  });

  it("never runs more than so many at a time, and as many where there are", async () => {
    let running = 0;
    const seen: number[] = [];
    await sideBySide(Array.from({ length: 20 }), 4, async () => {
      running += 1;
      seen.push(running);
      await new Promise((done) => setTimeout(done, 2));
      running -= 1;
    });
    expect(Math.max(...seen)).toBe(4);
    expect(seen).toHaveLength(20);
  });

  it("of nothing is nothing", async () => {
    expect(await sideBySide([], 8, () => Promise.reject(new Error("never")))).toEqual([]);
  });
});
