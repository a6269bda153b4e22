import { execFileSync, spawn } from "node:child_process";
import { symlinkSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Kind, readNamedFile } from "../../src/config/named-file.ts";
import { readPolicy } from "../../src/policy/file.ts";
import { file, lineOf, read } from "../support/config.ts";

const lineFor = (path: string, kind: Kind = {}): string => {
  try {
    readNamedFile({ path, from: "--x" }, kind);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  throw new Error("it was read");
};

const pipe = (): string => {
  const path = join(dirname(file("")), "pipe");
  execFileSync("mkfifo", [path]);
  return path;
};

const link = (): string => {
  const path = join(dirname(file("")), "link");
  symlinkSync(path, path);
  return path;
};

const large = (): string => {
  const path = file("");
  truncateSync(path, 10 * 1024 * 1024 + 1);
  return path;
};

const wrong: [what: string, path: () => string, says: string][] = [
  ["a folder", () => dirname(file("")), "is a folder, not a file"],
  ["a device", () => "/dev/zero", "is a device, not a file"],
  ["a pipe", pipe, "is a pipe, not a file"],
  ["nothing", () => `${file("")}x`, "does not exist (ENOENT)"],
  [
    "something below a file",
    () => `${file("")}/x`,
    "does not exist, because a part of its path is a file (ENOTDIR)",
  ],
  ["a link to itself", link, "is a link that leads to itself (ELOOP)"],
  ["10 MiB and a byte", large, "is larger than 10 MiB"],
];

describe("a file that is named", () => {
  it.each(wrong)("and is %s is refused in words", (_what, path, says) => {
    const given = path();
    expect(lineFor(given)).toBe(`--x: ${given} ${says}`);
    expect(() => readPolicy(given, "--policy")).toThrow(`--policy: ${given} ${says}`);
  });

  it.each(wrong.filter(([what]) => what !== "a pipe"))(
    "for a secret and is %s is refused without its path",
    (_what, path, says) => {
      expect(lineOf({ ATLAS_MCP_SECRET_FILE: path() })).toBe(
        `ATLAS_MCP_SECRET_FILE: the file ${says}`,
      );
    },
  );

  it("is read without a byte order mark", () => {
    expect(readNamedFile({ path: file("\ufeffa\ufeffb\n"), from: "--x" })).toBe("a\ufeffb\n");
  });

  it("is read to its end, with letters at every place", () => {
    const text = "\u20ac".repeat(100_000);
    expect(readNamedFile({ path: file(text), from: "--x" })).toBe(text);
  });

  it("has a path that cannot break the line", () => {
    expect(lineFor("/nowhere/a\nb\u202e")).toBe(
      "--x: /nowhere/a\\u{a}b\\u{202e} does not exist (ENOENT)",
    );
  });

  it("for a secret may be a pipe", () => {
    const path = pipe();
    const text = "0123456789abcdef";
    const writer = spawn("sh", ["-c", 'printf %s "$1" > "$2"', "sh", text, path]);
    expect(read({ ATLAS_MCP_SECRET_FILE: path }).secret?.reveal()).toBe(text);
    writer.unref();
  });
});
