import { appendFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAudit } from "../../src/audit/log.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { secret } from "../../src/common/secret.ts";
import { auditEntry as entry } from "../support/audit-entry.ts";
import { auditFile } from "../support/consent.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { run } from "../support/program.ts";

const key = secret("a key that nobody knows");

/** A server that writes changes to the file, one after the other. */
const writer = (path: string) => {
  const audit = createAudit(path, key, createFakeClock());
  onTestFinished(() => audit.close());
  return async (id: string, name = "shop") => {
    await audit.write(entry("intent", id, name));
    await audit.write(entry("outcome", id, name));
  };
};

const linesOf = (text: string) => text.trimEnd().split("\n");

const verify = (path: string, args: string[] = []) =>
  run(["audit", "verify", path, ...args], { ATLAS_MCP_SECRET: key.reveal() });

describe("a line that says one thing to people and another to programs", () => {
  it.each<[string, (line: string) => string]>([
    ["a member twice", (line) => line.replace('"kind":', '"kind":"declined","kind":')],
    ["a name twice", (line) => line.replace('"name":', '"name":"harmless","name":')],
    ["blanks between its members", (line) => line.replace(",", `, ${" ".repeat(200)}`)],
    ["letters written as escapes", (line) => line.replace("shop", "\\u0073hop")],
    ["blanks before it", (line) => ` ${line}`],
  ])("shows: %s", async (_what, forge) => {
    const file = auditFile();
    await writer(file.path)("1");
    const [first = "", ...rest] = linesOf(file.text());
    writeFileSync(file.path, `${[forge(first), ...rest].join("\n")}\n`);
    const { findings } = await verifyAudit(file.path, key);
    expect(findings).toContainEqual({ line: 1, problem: "the line was changed" });
  });
});

describe("names that break lines elsewhere", () => {
  it.each([
    "a\u2028b",
    "a\u2029b",
    "a\u0085b",
    "a\nb",
    "a\r\nb",
    'a"}\n{"b',
    "\ud800",
    "__proto__",
  ])("do not break the record: %j", async (name) => {
    const file = auditFile();
    await writer(file.path)("1", name);
    const report = await verifyAudit(file.path, key);
    expect(report).toMatchObject({ lines: 2, changes: 1, findings: [], torn: [], open: [] });
  });
});

describe("the head of a file that two processes write at once", () => {
  const both = async () => {
    const file = auditFile();
    const [one, other] = [writer(file.path), writer(file.path)];
    await one("1");
    await other("2");
    await one("3");
    await other("4");
    return file;
  };
  const headOf = ({ stdout }: { stdout: string }) => /^head: (\S+)$/m.exec(stdout)?.[1] ?? "";

  it("is one hash where each has seen the other, and is found again when both have gone on", async () => {
    const file = await both();
    const head = headOf(await verify(file.path));
    expect(head.split(",")).toHaveLength(1);
    await writer(file.path)("5");
    expect(await verify(file.path, ["--head", head])).toMatchObject({ code: 0 });
  });

  it("is one hash where one process came after the other", async () => {
    const file = auditFile();
    await writer(file.path)("1");
    await writer(file.path)("2");
    expect(headOf(await verify(file.path))).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is one hash for each of them where neither has seen the other", async () => {
    const file = auditFile();
    const [one, other] = [writer(file.path), writer(file.path)];
    await Promise.all([one("1"), other("2")]);
    await Promise.all([one("3"), other("4")]);
    const { stdout } = await verify(file.path);
    expect(stdout).toMatch(/ intact\. 8 lines, /);
    for (const hash of headOf({ stdout }).split(",")) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<
    [what: string, isGone: (line: { chain: string; seq: number }, chains: string[]) => boolean]
  >([
    ["all lines of the first", ({ chain }, [first]) => chain === first],
    ["all lines of the second", ({ chain }, [, second]) => chain === second],
    ["the last lines of the first", ({ chain, seq }, [first]) => chain === first && seq > 1],
  ])("tells when %s are gone, though the file ends as before", async (_what, isGone) => {
    const file = await both();
    await writer(file.path)("5");
    const lines = file.lines();
    const chains = [...new Set(lines.map(({ chain }) => chain))];
    const kept = linesOf(file.text()).filter((_, at) => !isGone(lines[at] as any, chains));
    writeFileSync(file.path, `${kept.join("\n")}\n`);
    const { findings } = await verifyAudit(file.path, key);
    expect(findings.length).toBeGreaterThan(0);
  });

  it.each(["", "x", ",", "0".repeat(64)])("that is none is not found: %j", async (head) => {
    const file = await both();
    expect((await verify(file.path, [`--head=${head}`])).code).not.toBe(0);
  });
});

describe("a file that is taken away from under the server", () => {
  it.each<[string, (path: string) => void]>([
    ["removed", (path) => rmSync(path)],
    ["moved elsewhere, as log rotation does", (path) => renameSync(path, `${path}.1`)],
  ])("is made anew when it was %s", async (_what, take) => {
    const file = auditFile();
    const write = writer(file.path);
    await write("1");
    take(file.path);
    await write("2");
    expect(file.lines().map(({ id }) => id)).toEqual(["2", "2"]);
    expect(await verifyAudit(file.path, key)).toMatchObject({ findings: [], chains: 1 });
  });

  it("shows where somebody else has appended to it", async () => {
    const file = auditFile();
    const write = writer(file.path);
    await write("1");
    appendFileSync(file.path, "{}\nnot a line");
    await write("2");
    const report = await verifyAudit(file.path, key);
    // Its own next line went into what was appended without an end.
    expect(report.findings.length + report.torn.length).toBeGreaterThan(0);
  });
});

describe("a file that somebody has made up", () => {
  const forged = (more: object) =>
    `${JSON.stringify({ kind: "intent", id: "1", tool: "x", at: "now", chain: "c", seq: 0, prev: "", hash: "h", ...more })}\n`;
  const resource = { kind: "project", name: "shop" };

  it.each<[string, string]>([
    ["without a resource", forged({})],
    ["with a resource that is none", forged({ resource: null })],
    ["with a resource of no kind", forged({ resource: { name: 1 } })],
    ["without a tool", forged({ resource, tool: undefined })],
    ["of null", "null\n"],
    ["of a list", "[]\n"],
    ["of nothing but opening brackets", `${"[".repeat(100_000)}\n`],
  ])("has a line %s: it is told, and ends in no crash", async (_what, text) => {
    const file = auditFile();
    writeFileSync(file.path, text);
    const { code, stdout, stderr } = await verify(file.path);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(stdout).toContain("line 1: this is not a line of the audit log");
  });

  it("sends no commands to the terminal of whoever verifies it", async () => {
    const file = auditFile();
    const hostile = "\u001b[2J\u009b31m\nfake: intact";
    writeFileSync(
      file.path,
      forged({
        resource: { kind: "project", name: hostile },
        id: hostile,
        tool: hostile,
        at: hostile,
        hash: hostile,
      }),
    );
    const { code, stdout } = await verify(file.path);
    expect(code).toBe(1);
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
    expect(stdout).not.toMatch(/^fake/m);
  });
});
