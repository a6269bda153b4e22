import { truncateSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createAudit } from "../../src/audit/log.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { secret } from "../../src/common/secret.ts";
import { auditEntry as entry } from "../support/audit-entry.ts";
import { auditFile, openAuditFile } from "../support/consent.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { run } from "../support/program.ts";

const clock = createFakeClock();
const key = secret("a key that nobody knows");

/** Writes so many changes by a process of its own. */
const write = async (path: string, changes: number, keyed = true, first = 0) => {
  const audit = createAudit(path, keyed ? key : undefined, clock);
  const ids = Array.from({ length: changes }, (_, index) => `${first + index}`);
  await Promise.all(
    ids.flatMap((id) => [audit.write(entry("intent", id)), audit.write(entry("outcome", id))]),
  );
  await audit.close();
};

let whole: string[];

beforeAll(async () => {
  const file = openAuditFile();
  await write(file.path, 4);
  await write(file.path, 3, true, 10);
  whole = file.text().trimEnd().split("\n");
  file.remove();
});

const verify = async (lines: string[], end = "\n", by = key) => {
  const { path } = auditFile();
  writeFileSync(path, lines.join("\n") + end);
  return verifyAudit(path, by);
};

describe("a record that nobody touched", () => {
  it("holds together, over several processes", async () => {
    const report = await verify(whole);
    expect(report).toMatchObject({
      lines: 14,
      changes: 7,
      chains: 2,
      findings: [],
      torn: [],
      open: [],
    });
    expect(report.head).toBe(JSON.parse(whole.at(-1) ?? "").hash);
  });

  it("of one process that begins where another's line was cut off still does", async () => {
    const file = auditFile();
    await write(file.path, 2);
    writeFileSync(file.path, '{"kind":"intent","id":"half', { flag: "a" });
    await write(file.path, 2, true, 5);
    const report = await verifyAudit(file.path, key);
    expect(report).toMatchObject({ lines: 8, chains: 2, findings: [], torn: [5] });
  });
});

it("has lines of what was fetched, which are no changes, also where one was cut off", async () => {
  const file = auditFile();
  const audit = createAudit(file.path, key, clock);
  await audit.write({ ...entry("intent", "f"), kind: "fetched", result: { status: "ok" } });
  await audit.close();
  const [line = ""] = file.text().split("\n");
  writeFileSync(file.path, line.slice(0, 30), { flag: "a" });
  expect(await verifyAudit(file.path, key)).toMatchObject({
    lines: 1,
    changes: 0,
    findings: [],
    torn: [2],
    open: [],
  });
});

const without = (index: number) => whole.filter((_, at) => at !== index);
const changed = (index: number, from: string, to: string) =>
  whole.map((line, at) => (at === index ? line.replace(from, to) : line));
const swapped = (one: number, other: number) =>
  whole.map((line, at) => whole[at === one ? other : at === other ? one : at] ?? line);

describe("tampering shows", () => {
  it.each<[string, () => string[]]>([
    ["a changed name", () => changed(2, "shop 1", "shop 9")],
    ["a changed time", () => changed(5, '"at":"2026', '"at":"2025')],
    ["a changed line at the end", () => changed(13, '"kind":"outcome"', '"kind":"denied"')],
    ["a member more", () => changed(3, '"kind"', '"x":1,"kind"')],
    ["a removed line", () => without(3)],
    ["a removed first line", () => without(0)],
    ["a removed first line of the second process", () => without(8)],
    ["all lines of the first process removed", () => whole.slice(8)],
    ["two lines swapped", () => swapped(2, 4)],
    ["a line twice", () => [...whole.slice(0, 4), ...whole.slice(3)]],
    [
      "a line cut in the middle of the file",
      () => whole.map((line, at) => (at === 4 ? line.slice(0, 40) : line)),
    ],
    [
      "a line of another file",
      () => [...whole.slice(0, 6), ...whole.slice(12, 13), ...whole.slice(6)],
    ],
  ])("%s", async (_what, lines) => {
    expect((await verify(lines())).findings).not.toEqual([]);
  });

  it("lines by somebody without the key", async () => {
    const forged = auditFile();
    await write(forged.path, 2, false);
    const report = await verify([...whole, ...forged.text().trimEnd().split("\n")]);
    expect(report.findings.length).toBeGreaterThan(0);
  });

  it("the wrong key, on every line", async () => {
    const { findings, wrongKey } = await verify(whole, "\n", secret("another key"));
    expect(findings).toHaveLength(14);
    expect(wrongKey).toBe("another");
    for (const { problem } of findings) expect(problem).toMatch(/another ATLAS_MCP_SECRET/);
  });

  it("the key of one process alone, as that of another key", async () => {
    const file = auditFile();
    await write(file.path, 2);
    const other = createAudit(file.path, secret("another key"), clock);
    for (const kind of ["intent", "outcome"] as const) await other.write(entry(kind, "x"));
    await other.close();
    const { findings, wrongKey } = await verifyAudit(file.path, key);
    expect(wrongKey).toBeUndefined();
    expect(findings).toEqual([5, 6].map((line) => ({ line, problem: findings[0]?.problem })));
    expect(findings[0]?.problem).toMatch(/another ATLAS_MCP_SECRET, or changed/);
  });

  it("a changed line beside the wrong key, for which nobody vouches", async () => {
    const lines = [...whole.slice(0, 6), ...whole.slice(7)];
    const { wrongKey } = await verify(lines, "\n", secret("another key"));
    expect(wrongKey).toBeUndefined();
  });

  it("not where the tail was cut off: only a head that was noted elsewhere tells", async () => {
    expect((await verify(whole.slice(0, 12))).findings).toEqual([]);
  });
});

describe("audit verify", () => {
  const check = async (lines: string[], args: string[] = []) => {
    const { path } = auditFile();
    writeFileSync(path, `${lines.join("\n")}\n`);
    return run(["audit", "verify", path, ...args], { ATLAS_MCP_SECRET: key.reveal() });
  };
  const head = () => JSON.parse(whole.at(-1) ?? "").hash;

  it("says that all holds, with the head, and exits 0", async () => {
    const { code, stdout } = await check(whole);
    expect(code).toBe(0);
    expect(stdout).toContain(": intact. 14 lines, 7 changes, 2 chains.");
    expect(stdout).toContain(`head: ${head()}`);
    expect(stdout).toContain("To find out later whether the end was cut off");
  });

  it("names the lines that do not hold, and exits 1", async () => {
    const { code, stdout } = await check(changed(2, "shop 1", "shop 9"));
    expect(code).toBe(1);
    expect(stdout).toMatch(/NOT INTACT[\s\S]*line 3: the line was changed/);
  });

  it.each<[what: string, by: boolean, secret: string, says: RegExp]>([
    [
      "with another key",
      true,
      "another key of 20 characters",
      /with another ATLAS_MCP_SECRET than/,
    ],
    ["with a key where none is set", true, "", /with an ATLAS_MCP_SECRET, and none is set/],
    [
      "without a key where one is set",
      false,
      "another key of 20 characters",
      /without ATLAS_MCP_SECRET, and one/,
    ],
  ])("does not accuse lines that were written %s", async (_what, keyed, value, says) => {
    const file = auditFile();
    await write(file.path, 1, keyed);
    const { code, stdout } = await run(["audit", "verify", file.path], { ATLAS_MCP_SECRET: value });
    expect(code).toBe(1);
    expect(stdout).toMatch(/: NOT CHECKED, because .*\. 2 lines, 1 change, 1 chain\.\n/);
    expect(stdout).toMatch(says);
    expect(stdout).not.toMatch(/changed|NOT INTACT/);
  });

  it("counts one of each without a plural", async () => {
    const file = auditFile();
    const audit = createAudit(file.path, key, clock);
    await audit.write(entry("intent", "1"));
    await audit.close();
    const { stdout } = await run(["audit", "verify", file.path], {
      ATLAS_MCP_SECRET: key.reveal(),
    });
    expect(stdout).toContain("intact. 1 line, 1 change, 1 chain.");
    expect(stdout).toContain(
      "1 without an outcome (it is in the file that followed, or the process ended first; check in Atlas)",
    );
  });

  it("says of a file of bytes that it is no audit file", async () => {
    const { path } = auditFile();
    writeFileSync(path, Buffer.from([0, 200, 10, 13, 255, 10, 7]));
    const { code, stdout, stderr } = await run(["audit", "verify", path]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain(`${path}: NOT an audit file`);
    expect(stdout).not.toMatch(/head:|intact/);
  });

  it.each([
    ["", "NOTHING TO CHECK: the file has no lines"],
    ["\n\n", "NOTHING TO CHECK: the file has no lines"],
    ['{"kind":"intent","id":"a', "NOTHING TO CHECK: no line is whole"],
  ])("does not call %j intact, which may be the wrong file", async (text, says) => {
    const { path } = auditFile();
    writeFileSync(path, text);
    const { code, stdout, stderr } = await run(["audit", "verify", path]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain(`${path}: ${says}`);
    expect(stdout).not.toMatch(/head:|intact|no key/);
  });

  it("says what lines without a key are worth, and only of those", async () => {
    const says = "The lines have no key, so whoever can write the file can rewrite it";
    for (const [keyed, isSaid] of [
      [false, true],
      [true, false],
    ] as const) {
      const file = auditFile();
      await write(file.path, 1, keyed);
      const { stdout } = await run(["audit", "verify", file.path]);
      expect(stdout.includes(says)).toBe(isSaid);
    }
  });

  it("tells of a line that is longer than any of the server's, and keeps nothing of it", async () => {
    const { path } = auditFile();
    writeFileSync(path, "");
    // Longer than a text can be in Node. The file has no blocks on the disk.
    truncateSync(path, 600 * 1024 * 1024);
    const { code, stdout, stderr } = await run(["audit", "verify", path]);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("line 1: this is not a line of the audit log");
  });

  it("finds a noted head, or tells that the tail is gone", async () => {
    expect((await check(whole, ["--head", head()])).code).toBe(0);
    const { code, stdout } = await check(whole.slice(0, 12), ["--head", head()]);
    expect([code, stdout]).toEqual([1, expect.stringContaining("is not in the file")]);
  });

  it.each([
    [["audit"], /use: audit verify FILE/],
    [["audit", "verify"], /use: audit verify FILE/],
    [["audit", "verify", "/"], /\/ is a folder, not a file/],
    [["audit", "verify", "/nowhere"], /\/nowhere does not exist \(ENOENT\)/],
  ])("with %j exits 2", async (args, says) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});
