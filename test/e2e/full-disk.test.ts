import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { bundle, programEnv } from "../support/bundle.ts";
import { hasProc } from "./processes.ts";

const folderFor = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "full-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** Runs the program. With this limit every write to a file fails, as on a full disk, but files can be made. */
const runWithoutRoom = (...args: string[]) =>
  spawnSync("sh", ["-c", `ulimit -f 0 && exec "$0" "$@"`, process.execPath, bundle, ...args], {
    env: programEnv(),
    encoding: "utf8",
  });

it.runIf(hasProc)("the token command leaves nothing behind where no file can be written", () => {
  const folder = folderFor();
  expect(runWithoutRoom("token", "alice", "--add", join(folder, "t.json"))).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringMatching(/t\.json cannot be written in .* \(EFBIG\)/),
  });
  expect(readdirSync(folder)).toEqual([]);
});

it.runIf(hasProc)(
  "the setup command leaves a host's file as it is where none can be written",
  () => {
    const folder = folderFor();
    const file = join(folder, "mcp.json");
    writeFileSync(file, '{"mcpServers": {}}');
    expect(runWithoutRoom("setup", "cursor", "--file", file)).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringMatching(/mcp\.json cannot be written \(EFBIG\); nothing is written/),
    });
    expect(readFileSync(file, "utf8")).toBe('{"mcpServers": {}}');
    expect(readdirSync(folder)).toEqual(["mcp.json"]);
  },
);
