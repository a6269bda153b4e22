import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { linesOf } from "../../src/audit/lines.ts";

const longest = "x".repeat(1024 * 1024);

const read = async (text: string, most?: number): Promise<(string | undefined)[]> => {
  const folder = mkdtempSync(join(tmpdir(), "lines-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "file"), text);
  const lines: (string | undefined)[] = [];
  for await (const line of linesOf(join(folder, "file"), most)) lines.push(line);
  return lines;
};

describe("the lines of a file", () => {
  it.each([
    ["", []],
    ["a", ["a"]],
    ["a\n", ["a"]],
    ["a\nb", ["a", "b"]],
    ["a\r\n\r\nb\r\n", ["a", "", "b"]],
    ["a\u2028b\rc\n", ["a\u2028b\rc"]],
  ])("of %j are %j", async (text, lines) => expect(await read(text)).toEqual(lines));

  it("are whole where a letter of several bytes lies across two reads", async () => {
    const text = `x${"\u00e9".repeat(100_000)}`;
    expect(await read(text)).toEqual([text]);
  });

  it("are missing where they are longer than the limit, and those around them are not", async () => {
    expect(await read(`a\n${longest}\nx${longest}\nb\n${longest}xy`, longest.length)).toEqual([
      "a",
      longest,
      undefined,
      "b",
      undefined,
    ]);
  });
});
