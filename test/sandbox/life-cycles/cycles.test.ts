import { expect, test } from "vitest";
import { cycles } from "./cycles.ts";
import { play, type Step } from "./play.ts";

test.each(cycles)("%s", async (_name, steps) => {
  expect(await play(steps)).toEqual([]);
});

test("what a client does not get is told, and the rest is played", async () => {
  const look = { method: "GET", path: "/groups/{groupId}/nothing", accept: "2023-01-01" };
  const steps: Step[] = [
    { ...look, path: "/orgs", expect: "404|GROUP_NOT_FOUND" },
    { ...look, expect: "2xx" },
    { ...look, expect: "RESOURCE_NOT_FOUND" },
  ];
  expect(await play(steps)).toEqual([
    expect.stringMatching(/^GET \/orgs: 404\|GROUP_NOT_FOUND, not 200 /),
    expect.stringMatching(/^GET \/groups\/\/nothing: 2xx, not 404 /),
  ]);
});
