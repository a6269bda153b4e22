import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, runBundle, serveBundle, startBundle } from "../support/bundle.ts";
import { until, within } from "../support/until.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-process-"));
  writeFileSync(join(folder, "audit.jsonl"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

const secret = { ATLAS_MCP_SECRET: "0123456789abcdef" };

const toEnd = async ({ exited, stderr }: Child) => {
  const { code } = await within(8000, exited, "the end of the program");
  return { code, stderr: stderr() };
};

describe("a reader that goes before it has read, as `head` does,", () => {
  it.concurrent.each([
    ["--help"],
    ["help", "http"],
    ["--version"],
    ["tools"],
    ["tools", "--json"],
    ["doctor"],
    ["doctor", "--json", "--org", "x"],
    ["sweep"],
    ["sweep", "--json"],
    ["token", "alice"],
    ["audit", "verify", "AUDIT"],
    ["http", "--port", "0"],
    ["sandbox", "--port", "0"],
  ])("ends %s %s quietly, with 0", async (...args) => {
    const words = args.map((word) => (word === "AUDIT" ? join(folder, "audit.jsonl") : word));
    const started = startBundle(words, secret);
    started.child.stdout.destroy();
    expect(await toEnd(started)).toEqual({
      code: 0,
      stderr: args[0] === "token" ? expect.not.stringContaining("    at ") : "",
    });
  });
});

describe("a program that has a bug", () => {
  const withHook = async (hook: string, args: string[]) => {
    const path = join(folder, `${performance.now()}.cjs`);
    writeFileSync(path, hook);
    return startBundle(args, { NODE_OPTIONS: `--require=${path}`, ...secret });
  };

  it("says so before the stack, also where nobody waits for what fails", async () => {
    const hook = `if (process.argv[1]?.endsWith("cli.cjs"))
      setTimeout(() => { throw new TypeError("broken"); }, 300);`;
    const { code, stderr } = await toEnd(await withHook(hook, ["http", "--port", "0"]));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^atlas-provision-mcp: this is a bug in version \S+; [^\n]+\nTypeError: broken\n {4}at /,
    );
  });

  it("is not told of a user without a home", async () => {
    const hook = `require("node:os").homedir = () => {
      throw Object.assign(new Error("A system error occurred: uv_os_homedir returned ENOENT"), {
        code: "ERR_SYSTEM_ERROR" });
    };`;
    const started = await withHook(hook, ["tools"]);
    const { stderr } = await toEnd(started);
    expect(stderr).not.toMatch(/bug| {4}at /);
  });
});

describe("the log of a server", () => {
  const info = { ATLAS_MCP_LOG_LEVEL: "info", ...secret };
  const linesOf = (stderr: string) =>
    stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  it.concurrent.each([
    ["http", { transport: "http", backend: "sandbox" }],
    ["sandbox", { command: "sandbox" }],
  ])("says when %s begins and ends, and where it listens", async (command, fields) => {
    const server = await serveBundle([command, "--port", "0"], info);
    expect(await server.end("SIGTERM")).toBe(0);
    const about = { level: 30, ...fields, url: server.line.url, version: expect.any(String) };
    expect(linesOf(server.stderr())).toMatchObject([
      { ...about, msg: "started" },
      { ...about, msg: "ended" },
    ]);
  });

  it.concurrent("says when the server over stdio begins and ends", async () => {
    const { code, stdout, stderr } = await runBundle([], info);
    expect([code, stdout]).toEqual([0, ""]);
    const about = { level: 30, transport: "stdio", backend: "sandbox" };
    expect(linesOf(stderr)).toMatchObject([
      { ...about, msg: "started" },
      { ...about, msg: "ended" },
    ]);
  });

  it.concurrent("warns in a line like all others that the secret is not set", async () => {
    const server = await serveBundle(["http", "--port", "0"]);
    await until(() => server.stderr().includes("\n"), "a line of the log", 5000);
    expect(await server.end("SIGTERM")).toBe(0);
    expect(linesOf(server.stderr())).toMatchObject([
      { level: 40, msg: expect.stringMatching(/^ATLAS_MCP_SECRET is not set/) },
    ]);
  });
});

describe("a file that cannot be written to", () => {
  it("is told in one line, with 1", async () => {
    // The system refuses to write to this device.
    const command = `"${process.execPath}" "$0" tools > /dev/full`;
    const { execFile } = await import("node:child_process");
    const { bundle, programEnv } = await import("../support/bundle.ts");
    const ended = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile("sh", ["-c", command, bundle], { env: programEnv() }, (error, _out, stderr) =>
        resolve({ code: error?.code, stderr }),
      );
    });
    expect(ended).toEqual({
      code: 1,
      stderr: "atlas-provision-mcp: the output cannot be written (ENOSPC)\n",
    });
  });
});
