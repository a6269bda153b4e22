import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** From left to right; a file imports only from its own layer or those before. */
const layers = [
  ["common"],
  ["database-passwords"],
  ["atlas"],
  ["config"],
  ["operations"],
  ["tools"],
  ["policy"],
  ["consent"],
  ["audit"],
  ["calls"],
  ["container.ts"],
  ["mcp"],
  ["cli", "index.ts"],
];

const rankOf = (file: string): number =>
  layers.findIndex((names) => names.some((name) => file === name || file.startsWith(`${name}/`)));

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

const importsOf = (file: string): string[] =>
  [...readFileSync(join(src, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
    .map(([, path]) => relative(src, join(src, dirname(file), path ?? "")))
    .filter((path) => !path.startsWith(".."));

describe("the layers of src", () => {
  it.each(files.filter((file) => !file.startsWith("sandbox/")))(
    "%s has its place and imports nothing to its right",
    (file) => {
      expect(rankOf(file)).toBeGreaterThanOrEqual(0);
      const wrong = importsOf(file).filter(
        (path) => !path.startsWith("sandbox/") && rankOf(path) > rankOf(file),
      );
      expect(wrong).toEqual([]);
    },
  );

  it.each(files.filter((file) => file.startsWith("sandbox/")))(
    "%s imports nothing from outside the sandbox",
    (file) => {
      expect(importsOf(file).filter((path) => !path.startsWith("sandbox/"))).toEqual([]);
    },
  );

  it("leaves the sandbox to those who start it", () => {
    const users = files.filter(
      (file) =>
        !file.startsWith("sandbox/") && importsOf(file).some((path) => path.startsWith("sandbox/")),
    );
    expect(users.sort()).toEqual(["cli/sandbox.ts", "container.ts", "index.ts"]);
  });

  it("keeps every file within 250 lines, the table of errors apart", () => {
    const long = files
      .filter((file) => file !== "atlas/codes.ts")
      .filter((file) => readFileSync(join(src, file), "utf8").split("\n").length > 251);
    expect(long).toEqual([]);
  });
});
