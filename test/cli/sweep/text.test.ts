import { describe, expect, it } from "vitest";
import { jsonOf, type Report } from "../../../src/cli/sweep/report.ts";
import { textOf } from "../../../src/cli/sweep/text.ts";

const one = (at: number) => ({
  kind: "project" as const,
  id: `${at}`,
  groupId: `${at}`,
  name: `p-${at}`,
  sweepAfter: `2026-12-01T00:00:${String(at).padStart(2, "0")}Z`,
});

const report: Report = {
  now: "2026-11-27T12:00:00Z",
  apply: true,
  backend: "atlas",
  deleted: [],
  wouldDelete: [],
  left: [],
  later: [],
  exitCode: 0,
};

describe("the text of a sweep", () => {
  it("has the next ten that are due later, and how many more there are", () => {
    const later = Array.from({ length: 12 }, (_, at) => one(at));
    const lines = textOf({ ...report, later }, 80).split("\n");
    expect(lines.slice(9, 12)).toEqual([
      "later         2026-12-01T00:00:09Z  project  p-9",
      "and 2 resources later",
      "",
    ]);
    expect(lines[12]).toBe(
      "2026-11-27T12:00:00Z: 0 deleted, 0 left, 12 later (next 2026-12-01T00:00:00Z).",
    );
  });

  it("names a project that could not be read by its id", () => {
    const unread = { kind: "project" as const, id: "1", groupId: "1", name: "", over: false };
    const left = [{ ...unread, code: "not_readable" as const, reason: "It cannot be read: no." }];
    expect(textOf({ ...report, left, exitCode: 3 }, 80)).toMatch(
      /^left +- +project +1\n {14}It cannot be read: no\.\n\n.*: 0 deleted, 1 left, none later\.\nSomething/,
    );
  });

  it("does not count what was gone as deleted", () => {
    const deleted = [{ ...one(1), outcome: "absent" as const }];
    expect(textOf({ ...report, deleted }, 80)).toContain(": 0 deleted, 1 was gone, 0 left, none");
    const all = [
      ...deleted,
      { ...one(2), outcome: "deleted" as const },
      { ...one(3), outcome: "absent" as const },
    ];
    expect(textOf({ ...report, deleted: all }, 80)).toContain(": 1 deleted, 2 were gone, 0 left,");
  });

  it("says why it failed, below what is known", () => {
    const error = { code: "unavailable", message: "Atlas does not answer." };
    const deleted = [{ ...one(1), outcome: "absent" as const }];
    expect(textOf({ ...report, deleted, error, exitCode: 1 }, 80)).toBe(
      "was gone      2026-12-01T00:00:01Z  project  p-1\n\nAtlas does not answer.\n",
    );
  });

  it("shows hidden characters of names as their numbers, in JSON too", () => {
    const wouldDelete = [{ ...one(1), name: "p\u{200b}\u{1b}[2J" }];
    const listed = { ...report, apply: false, wouldDelete, exitCode: 3 };
    expect(textOf(listed, 80)).toContain("p\\u{200b}\\u{1b}[2J\n");
    expect(textOf(listed, 80)).toContain("Nothing was deleted; --apply deletes.");
    expect(JSON.parse(jsonOf(listed)).wouldDelete[0].name).toBe("p\\u{200b}\\u{1b}[2J");
  });
});
