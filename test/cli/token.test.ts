import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modern, post, serveHttp } from "../support/http.ts";
import { recordSecret } from "../support/output-record.ts";
import { run } from "../support/program.ts";
import { bearer } from "../support/token-file.ts";
import { until } from "../support/until.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "token-"));
  file = join(folder, "tokens.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const entries = () => JSON.parse(readFileSync(file, "utf8")).tokens;
const names = () => entries().map(({ name }: { name: string }) => name);
const mode = (path: string) => statSync(path).mode & 0o777;

const add = async (name: string, ...more: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(["token", name, "--add", file, ...more]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { token, added } = JSON.parse(stdout);
  recordSecret(token);
  expect(added).toBe(name);
  return token;
};

describe("token --add", () => {
  it("makes a file that only its owner can read, with a hash and not the token", async () => {
    const token = await add("alice");
    expect(mode(file)).toBe(0o600);
    expect(entries()).toEqual([{ name: "alice", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(readFileSync(file, "utf8")).not.toContain(token);
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
  });

  it("keeps the entries that are there, with their rules, and the mode of the file", async () => {
    const first = { name: "ci", sha256: "a".repeat(64), organizations: ["b".repeat(24)] };
    writeFileSync(file, JSON.stringify({ tokens: [first] }));
    chmodSync(file, 0o640);
    await add("alice", "--read-only", "--no-delete", "--expires-at", "2030-01-31T00:00:00Z");
    const rights = { readOnly: true, noDelete: true, expiresAt: "2030-01-31T00:00:00Z" };
    expect(entries()).toEqual([first, expect.objectContaining({ name: "alice", ...rights })]);
    expect(mode(file)).toBe(0o640);
  });

  it("loses no entry of several at once", async () => {
    const all = Array.from({ length: 12 }, (_, index) => `user${index}`);
    await Promise.all(all.map((name) => add(name)));
    expect(names().sort()).toEqual([...all].sort());
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
  });

  it("leaves a link in place and replaces what it leads to", async () => {
    const target = join(folder, "target.json");
    writeFileSync(target, '{"tokens": []}');
    symlinkSync(target, file);
    await add("alice");
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(target, "utf8")).tokens).toHaveLength(1);
  });

  it.each<[string, string, string[], RegExp]>([
    [
      "a name that is taken",
      '{"tokens": [{"name": "a", "sha256": "HASH"}]}',
      [],
      /entry 1 has the same/,
    ],
    [
      "a time that is none",
      '{"tokens": []}',
      ["--expires-at", "soon"],
      /expiresAt.* must be a time/,
    ],
    ["another file", '{"servers": {}}', [], /is not a token file/],
    ["text", "hello", [], /not JSON: line 1/],
  ])("refuses %s and changes nothing", async (_what, text, more, says) => {
    const before = text.replace("HASH", "a".repeat(64));
    writeFileSync(file, before);
    const { code, stdout, stderr } = await run(["token", "a", "--add", file, ...more]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(says);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(readdirSync(folder)).toEqual(["tokens.json"]);
  });

  it("says that a link leads to nothing, and leaves it", async () => {
    const target = join(folder, "missing.json");
    symlinkSync(target, file);
    const { code, stderr } = await run(["token", "a", "--add", file]);
    expect(code).toBe(2);
    expect(stderr).toContain("leads to a file that is not there");
    expect(readlinkSync(file)).toBe(target);
  });

  it("says why where the folder does not exist", async () => {
    const { code, stderr } = await run(["token", "a", "--add", join(folder, "no", "tokens.json")]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/--add: .*ENOENT/) });
  });

  it("says so where the change of another command does not end", async () => {
    writeFileSync(`${file}.lock`, "1\n");
    const { code, stdout, stderr } = await run(["token", "a", "--add", file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/changed by another command; if none is running, remove .*\.lock/);
  }, 15_000);
});

describe("token --list", () => {
  it("shows names and rights, and no hash", async () => {
    const token = await add("alice", "--read-only");
    await add("bob");
    const { code, stdout } = await run(["token", "--list", file]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect({ code, lines }).toEqual({
      code: 0,
      lines: [{ name: "alice", readOnly: true }, { name: "bob" }],
    });
    expect(stdout).not.toContain(token);
  });

  it("says that there is no file", async () => {
    const { code, stderr } = await run(["token", "--list", file]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("does not exist"),
    });
  });
});

describe("token --revoke", () => {
  it("removes the entry of the name alone", async () => {
    await add("alice");
    await add("bob");
    const { code, stdout } = await run(["token", "alice", "--revoke", file]);
    expect({ code, says: JSON.parse(stdout) }).toEqual({ code: 0, says: { revoked: "alice" } });
    expect(names()).toEqual(["bob"]);
  });

  it("says that nobody has the name", async () => {
    await add("alice");
    const { code, stderr } = await run(["token", "bob", "--revoke", file]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("no entry has the name bob"),
    });
    expect(names()).toEqual(["alice"]);
  });
});

it("reaches a running server, both ways", async () => {
  await add("alice");
  const server = await serveHttp(["--tokens", file]);
  const statusFor = async (token: string) =>
    (await post(server.url, modern("tools/list"), bearer(token))).status;
  try {
    const token = await add("bob");
    await until(async () => (await statusFor(token)) === 200, "the new token", 5000);
    await run(["token", "bob", "--revoke", file]);
    await until(async () => (await statusFor(token)) === 401, "the end of the token", 5000);
  } finally {
    await server.end("SIGTERM");
  }
});
