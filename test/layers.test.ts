import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** From left to right; a file imports only from its own layer or those before. */
const layers = [
  [
    "trace.ts",
    "deadline.ts",
    "secret.ts",
    "system-error.ts",
    "version.ts",
    "write.ts",
    "offer.ts",
    "log.ts",
    "redact.ts",
    "lean",
    "failure.ts",
    "error-table.ts",
  ],
  ["errors.ts"],
  ["credentials"],
  ["atlas"],
  ["config"],
  ["guard/rules.ts", "guard/principal.ts"],
  ["operations"],
  ["tools"],
  ["guard"],
  ["scope.ts", "standing.ts"],
  ["envelope.ts"],
  ["runner.ts"],
  ["ask.ts", "prompt.ts"],
  ["server.ts"],
  ["assemble.ts"],
  ["metrics.ts"],
  ["transports"],
  ["doctor"],
  ["commands"],
  ["main.ts", "index.ts"],
  ["cli.ts"],
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
    expect(users.sort()).toEqual(["assemble.ts", "commands/sandbox.ts", "index.ts"]);
  });

  it("keeps every file within 250 lines, the table of errors apart", () => {
    const long = files
      .filter((file) => file !== "error-table.ts")
      .filter((file) => readFileSync(join(src, file), "utf8").split("\n").length > 251);
    expect(long).toEqual([]);
  });
});
