import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import mutation from "./mutation/vitest.config.ts";
import slow from "./slow/vitest.config.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The paths that a pattern with braces stands for. */
const expand = (pattern: string): string[] => {
  const [, before = "", choices, after = ""] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(pattern) ?? [];
  if (choices === undefined) return [pattern];
  return choices.split(",").flatMap((choice) => expand(`${before}${choice}${after}`));
};

// A pattern that matches nothing leaves its tests out without a word.
const paths = [slow, mutation].flatMap(({ test }) => test?.include ?? []).flatMap(expand);

it.each(paths)("%s is there, so that its suite runs it", (path) => {
  const [whole = ""] = path.split("*");
  expect(existsSync(`${root}${whole}`)).toBe(true);
});
