import { expect, it } from "vitest";
import { atlasTime } from "../../src/operations/atlas-time.ts";

const here = Date.parse("2026-11-27T12:00:00Z");

const timeOf = (date: number | undefined) =>
  atlasTime({ atlas: { date: () => date }, clock: { now: () => here } });

it.each([0, 299_000, -300_000, 300_000])("is Atlas's where the clocks are %d ms apart", (apart) => {
  expect(timeOf(here + apart)).toBe(here + apart);
});

it.each([-301_000, 301_000, 31_536_000_000])("is not known where they are %d ms apart", (apart) => {
  const there = `${new Date(here + apart).toISOString().slice(0, 19)}Z`;
  expect(timeOf(here + apart)).toMatchObject({
    code: "unavailable",
    message: `The clocks are more than five minutes apart: Atlas says ${there}, and this machine says 2026-11-27T12:00:00Z. Nothing was deleted by that.`,
  });
});

it("is not known where Atlas has sent no date", () => {
  expect(timeOf(undefined)).toMatchObject({
    message: expect.stringMatching(/no date, and this machine says 2026-11-27T12:00:00Z/),
  });
});
