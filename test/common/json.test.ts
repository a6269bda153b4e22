import { expect, it } from "vitest";
import { isRecord, parseJson } from "../../src/common/json.ts";

it.each<[value: unknown, expected: boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [Object.create(null), true],
  [[], false],
  [null, false],
  [undefined, false],
  ["{}", false],
  [5, false],
])("whether %j is an object with members is %s", (value, expected) => {
  expect(isRecord(value)).toBe(expected);
});

it.each<[text: string, value: unknown]>([
  ["null", null],
  ["5", 5],
  ['{"a":[1]}', { a: [1] }],
])("%s is JSON", (text, value) => expect(parseJson(text)).toEqual({ value }));

it.each(["", "{", "undefined", "'a'", "\ufeff{}"])("%j is not JSON", (text) => {
  expect(parseJson(text)).toBeUndefined();
});
