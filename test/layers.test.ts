import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const src = root("src");
const sandbox = root("sandbox/src");

/** From left to right; a file imports only from its own layer or those before. */
const layers = [
  ["common"],
  ["store"],
  ["credential-files", "connection"],
  ["atlas"],
  ["config"],
  ["operations"],
  ["tools"],
  ["policy"],
  ["consent"],
  ["audit"],
  ["calls"],
  ["container.ts", "endpoints.ts", "embedded-sandbox.ts", "shared-store.ts"],
  ["mcp"],
  ["cli"],
  ["library"],
  ["index.ts"],
];

const rankOf = (file: string): number =>
  layers.findIndex((names) => names.some((name) => file === name || file.startsWith(`${name}/`)));

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

const files = filesIn(src);

/** The modules that a file names: those beside it by their path below the folder, others by their name. */
const importsOf = (folder: string, file: string): string[] =>
  [...readFileSync(join(folder, file), "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    ([, path = ""]) =>
      path.startsWith(".") ? relative(folder, join(folder, dirname(file), path)) : path,
  );

describe("the layers of src", () => {
  it.each(files)("%s has its place and imports nothing to its right", (file) => {
    expect(rankOf(file)).toBeGreaterThanOrEqual(0);
    const wrong = importsOf(src, file).filter((path) => rankOf(path) > rankOf(file));
    expect(wrong).toEqual([]);
  });

  it("leaves the sandbox to those who start it, and its inside to itself", () => {
    const users = (isUsed: (path: string) => boolean) =>
      files.filter((file) => importsOf(src, file).some(isUsed)).sort();
    const name = "@atlas-provision-mcp/sandbox";
    expect(users((path) => path === name)).toEqual([
      "cli/sandbox.ts",
      "embedded-sandbox.ts",
      "index.ts",
    ]);
    const isInside = (path: string) => path.startsWith(`${name}/`) || path.startsWith("../sandbox");
    expect(users(isInside)).toEqual([]);
  });

  it("keeps every file within 250 lines, the table of errors and what is generated apart", () => {
    const long = files
      .filter((file) => file !== "atlas/codes.ts" && file !== "library/tool-types.ts")
      .filter((file) => readFileSync(join(src, file), "utf8").split("\n").length > 251);
    expect(long).toEqual([]);
  });
});

describe("the sandbox", () => {
  const own = filesIn(sandbox);
  const { dependencies } = JSON.parse(readFileSync(root("sandbox/package.json"), "utf8"));
  const isDependency = (path: string) =>
    Object.keys(dependencies).some((name) => path === name || path.startsWith(`${name}/`));

  it.each(own)("%s imports only the sandbox's own files and dependencies", (file) => {
    const wrong = importsOf(sandbox, file).filter(
      (path) => !path.startsWith("node:") && !own.includes(path) && !isDependency(path),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps every file within 250 lines", () => {
    const long = own.filter(
      (file) => readFileSync(join(sandbox, file), "utf8").split("\n").length > 251,
    );
    expect(long).toEqual([]);
  });

  it("has its dependencies in the versions of the program", () => {
    const { devDependencies } = JSON.parse(readFileSync(root("package.json"), "utf8"));
    expect(devDependencies).toMatchObject(dependencies);
  });
});
