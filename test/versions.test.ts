/** package.json decides the version, and `npm version` (scripts/version.mjs) writes it everywhere else. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const next = "9.8.7";

/** What is released or copied from, as far as it may name the version; documents tell of several. */
const released = [
  ".claude-plugin",
  ".github",
  "CHANGELOG.md",
  "Dockerfile",
  "compose.yaml",
  "examples",
  "mcpb",
  "package-lock.json",
  "package.json",
  "plugin",
  "sandbox/package.json",
  "scripts",
  "server.json",
];

/** Every version of this project in a text, as `"version": "1.2.3"` of one of its files, or behind its name. */
const versionsIn = (name: string, text: string): string[] => {
  const named = [
    ...text.matchAll(/atlas-provision-mcp(?:\/sandbox": "|[:@])(\d+\.\d+\.\d+)/g),
    ...(name.endsWith("package-lock.json")
      ? text.matchAll(/"name": "@?atlas-provision-mcp(?:\/sandbox)?",\s*"version": "([^"]+)"/g)
      : text.matchAll(/^\s*"version": "(\d[^"]*)"/gm)),
  ];
  return named.map(([, version = ""]) => version);
};

const textsBelow = (folder: string): [name: string, text: string][] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|jsonc|ya?ml|mjs|md)$|Dockerfile/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]);

const wanted = (version: string) => (texts: [string, string][]) => {
  const found = texts.flatMap(([name, text]) =>
    versionsIn(name, text).map((one) => `${one} ${name}`),
  );
  expect(found.length).toBeGreaterThan(8);
  expect(found.filter((one) => !one.startsWith(`${version} `))).toEqual([]);
};

const json = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "version-"));
  const filter = (path: string) => !path.includes("node_modules") && !path.endsWith("/built");
  for (const name of released)
    cpSync(join(root, name), join(copy, name), { recursive: true, filter });
});
afterAll(() => rmSync(copy, { recursive: true }));

describe("the version", () => {
  it("is the same wherever it stands", () => {
    wanted(json(root, "package.json").version)(textsBelow(copy));
  });

  it("is written there by the script of `npm version`, which gives the changelog its heading", () => {
    const { version } = json(copy, "package.json");
    const text = readFileSync(join(copy, "package.json"), "utf8");
    const changelog = join(copy, "CHANGELOG.md");
    writeFileSync(join(copy, "package.json"), text.replace(`"${version}"`, `"${next}"`));
    const before = readFileSync(changelog, "utf8").replace(/^## Unreleased$/m, "## Later");
    writeFileSync(changelog, before.replace(/^## /m, "## Unreleased\n\n- New.\n\n## "));
    execFileSync(process.execPath, [join(root, "scripts/version.mjs"), copy]);
    wanted(next)(textsBelow(copy));
    expect(readFileSync(changelog, "utf8")).toMatch(/^## 9\.8\.7 \(\d{4}-\d\d-\d\d\)\n\n- New\.$/m);
  });

  it("has a section in the changelog, newest first", () => {
    const headings = [...readFileSync(join(root, "CHANGELOG.md"), "utf8").matchAll(/^## (.*)$/gm)];
    const [first, second] = headings.map(([, heading]) => heading);
    const { version } = json(root, "package.json");
    const own = first === "Unreleased" ? second : first;
    expect(own).toMatch(new RegExp(`^${version} \\(\\d{4}-\\d\\d-\\d\\d\\)$`));
  });
});
