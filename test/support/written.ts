/** The parts of pages that `npm run docs` writes, each between two comments with its name. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

/** Expects a page to have these parts, by their names. With UPDATE_DOCS it writes them first. */
export const expectWritten = (file: string, parts: Readonly<Record<string, string>>): void => {
  const page = readFileSync(file, "utf8");
  const wanted = Object.entries(parts).reduce((text, [name, part]) => {
    const written = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    expect(text).toMatch(written);
    return text.replace(written, (_all, from, to) => `${from}${part}\n${to}`);
  }, page);
  if (process.env.UPDATE_DOCS) writeFileSync(file, wanted);
  expect(readFileSync(file, "utf8")).toBe(wanted);
};
