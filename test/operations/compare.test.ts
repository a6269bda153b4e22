import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type Comparison,
  date,
  differencesBy,
  object,
  set,
  value,
} from "../../src/operations/compare.ts";

type Entry = { key: string; value?: string };
type Body = { name: string; size: { gigabytes: number }; list?: Entry[]; until?: string };
type Existing = { name: string; gigabytes?: number; list?: object[]; until?: string };

const comparison: Comparison<Body, Existing, "name"> = {
  size: object<{ gigabytes: number }, Existing>({
    gigabytes: value((existing) => existing.gigabytes),
  }),
  list: set({ key: true, value: true }, (existing) => existing.list),
  until: date((existing) => existing.until),
};

describe("the type of a comparison", () => {
  it("wants every field of the body but those that identify the resource", () => {
    expectTypeOf<keyof Comparison<Body, Existing, "name">>().toEqualTypeOf<
      "size" | "list" | "until"
    >();
    // @ts-expect-error `until` is not compared
    const incomplete: Comparison<Body, Existing, "name"> = {
      size: comparison.size,
      list: comparison.list,
    };
    expect(incomplete).toBeDefined();
  });

  it("wants every field of an object within the body", () => {
    // @ts-expect-error `gigabytes` is not compared
    expect(object<{ gigabytes: number }, Existing>({})).toBeTypeOf("function");
  });

  it("wants every member of the entries of a list", () => {
    const list: Comparison<Pick<Body, "list">, Existing> = {
      // @ts-expect-error `value` is not compared
      list: set({ key: true }, (existing) => existing.list),
    };
    expect(list).toBeDefined();
  });
});

describe("a comparison", () => {
  it("names each field that differs by its path", () => {
    const body = { name: "a", size: { gigabytes: 5 }, list: [{ key: "k" }], until: "2026-01-01" };
    expect(differencesBy(comparison, body, { name: "b", gigabytes: 6, list: [] })).toEqual([
      { field: "size.gigabytes", yours: 5, existing: 6 },
      { field: "list", yours: [{ key: "k" }], existing: [] },
      { field: "until", yours: "2026-01-01", existing: null },
    ]);
  });

  it("takes lists without order, and an absent member of an entry as empty", () => {
    const yours = [{ key: "a", value: "" }, { key: "b" }];
    const theirs = [{ key: "b" }, { key: "a", more: 1 }];
    expect(comparison.list("list", yours, { name: "a", list: theirs })).toEqual([]);
  });
});
