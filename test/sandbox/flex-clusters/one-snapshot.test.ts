import { expect, test } from "vitest";
import { keysOf } from "../harness.ts";
import { day, startWith } from "./snapshots.ts";

test("one snapshot has the same id and members as in the list, now and a day later", async () => {
  const { read, path, pass } = await startWith(2 * day);
  const listed = (await read(path)).at("results.1");
  const { id } = listed as { id: string };
  expect(id).toMatch(/^[a-f0-9]{24}$/);
  for (const age of [0, day]) {
    pass(age);
    const one = await read(`${path}/${id}`);
    expect(one.status).toBe(200);
    expect(one.at()).toEqual(listed);
    expect(keysOf(one.at())).not.toContain("links");
  }
});

test("a snapshot that is not there, or no longer, is not found", async () => {
  const { read, path, pass } = await startWith(day);
  const id = (await read(path)).string("results.0.id");
  expect((await read(`${path}/${"a".repeat(24)}`)).status).toBe(404);
  pass(8 * day);
  expect((await read(`${path}/${id}`)).status).toBe(404);
});
