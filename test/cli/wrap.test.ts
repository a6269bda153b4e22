import { describe, expect, it, onTestFinished, vi } from "vitest";
import { hang, rows, terminalWidth } from "../../src/cli/wrap.ts";
import { runCommandLine } from "../support/in-process.ts";

describe("a text after its prefix", () => {
  it("stays one line where there is no width, or room for all of it", () => {
    const long = "word ".repeat(50).trim();
    expect(hang("name  ", long, undefined)).toBe(`name  ${long}`);
    expect(hang("name  ", "one two", 13)).toBe("name  one two");
  });

  it("wraps between words and hangs below its beginning", () => {
    expect(hang("name  ", "one two three four five six seven", 32)).toBe(
      "name  one two three four five\n      six seven",
    );
  });

  it("keeps a word that is too long whole", () => {
    const path = "/a/very/long/path/that/no/line/has/room/for";
    expect(hang("file  ", `in ${path} now`, 32)).toBe(`file  in\n      ${path}\n      now`);
  });

  it("begins below a prefix that leaves no room", () => {
    expect(hang(`${"p".repeat(30)}  `, "one two three", 36)).toBe(
      `${"p".repeat(30)}\n    one two three`,
    );
  });
});

it("rows have their texts in one column", () => {
  expect(
    rows(
      [
        ["a", "one"],
        ["bcd", "two"],
      ],
      80,
    ),
  ).toEqual(["  a    one", "  bcd  two"]);
});

/** Runs a command as in a terminal of this width. */
const inTerminal = async (columns: number, args: string[]): Promise<string[]> => {
  const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
  onTestFinished(() => void Object.assign(process.stdout, before));
  Object.assign(process.stdout, { isTTY: true, columns });
  expect(terminalWidth()).toBe(columns);
  return (await runCommandLine(args)).stdout.split("\n");
};

describe("in a terminal", () => {
  it.each([60, 80, 100])("of %i columns no line of tools is longer", async (columns) => {
    const lines = await inTerminal(columns, ["tools"]);
    expect(lines.filter(({ length }) => length > columns)).toEqual([]);
  });

  it("the lines of the doctor hang below their texts", async () => {
    const lines = await inTerminal(80, ["doctor"]);
    const first = lines.findIndex((line) => line.startsWith("ok       tools"));
    expect(lines[first]?.length).toBeLessThanOrEqual(80);
    expect(lines[first + 1]).toMatch(/^ {26}\S/);
    expect(lines.filter((line) => line.length > 80 && line.trim().includes("  "))).toEqual([]);
  });

  it("and nowhere else: a pipe gets whole lines", async () => {
    vi.spyOn(process.stdout, "isTTY", "get").mockReturnValue(false);
    const { stdout } = await runCommandLine(["doctor"]);
    expect(stdout).toMatch(/^ok {7}tools .*get_account, .*delete_project.*$/m);
  });
});
