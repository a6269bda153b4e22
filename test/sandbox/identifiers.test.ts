import { expect, test } from "vitest";
import { createIdentifiers } from "../../sandbox/src/identifiers.ts";

/** Numbers that repeat after a long while, the same in every run. */
const createRandom = (): (() => number) => {
  let value = 1;
  return () => {
    value = (value * 48_271) % 2_147_483_647;
    return value / 2_147_483_647;
  };
};

const second = Date.parse("2026-08-10T03:02:55Z");

test("an id begins with the second of its creation", () => {
  const { objectId } = createIdentifiers(createRandom());
  expect(objectId(second + 999)).toMatch(/^6a793f5f[a-f0-9]{16}$/);
});

test("ids of one second come from several machines, and not in the order of creation", () => {
  const { objectId } = createIdentifiers(createRandom());
  const ids = Array.from({ length: 50 }, () => objectId(second));
  expect(new Set(ids.map((id) => id.slice(8, 18))).size).toBe(4);
  expect(ids.toSorted()).not.toEqual(ids);
});

test("each machine counts for itself", () => {
  const { objectId } = createIdentifiers(createRandom());
  const counts = new Map<string, number>();
  for (let n = 0; n < 50; n += 1) {
    const id = objectId(second);
    const machine = id.slice(8, 18);
    const count = Number.parseInt(id.slice(18), 16);
    const before = counts.get(machine);
    if (before !== undefined) expect(count).toBe((before + 1) % 0x1000000);
    counts.set(machine, count);
  }
});

test.each([0, 0.25, 0.999])("ids are unique even if each random number is %d", (number) => {
  const { objectId } = createIdentifiers(() => number);
  const ids = Array.from({ length: 100 }, () => objectId(second));
  expect(new Set(ids).size).toBe(100);
});

test("ids are unique if the random numbers vary only after the start", () => {
  const random = createRandom();
  let isStarted = false;
  const { objectId } = createIdentifiers(() => (isStarted ? random() : 0.5));
  isStarted = true;
  const ids = Array.from({ length: 100 }, () => objectId(second));
  expect(new Set(ids).size).toBe(100);
});
