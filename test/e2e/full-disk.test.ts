import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { bundle, programEnv } from "../support/bundle.ts";
import { hasProc } from "./processes.ts";

it.runIf(hasProc)("the token command leaves nothing behind where no file can be written", () => {
  const folder = mkdtempSync(join(tmpdir(), "full-disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // With this limit every write to a file fails, as on a full disk, but files can be made.
  const command = `ulimit -f 0 && exec "$0" "$@"`;
  const program = [process.execPath, bundle, "token", "alice", "--add", join(folder, "t.json")];
  const ran = spawnSync("sh", ["-c", command, ...program], {
    env: programEnv(),
    encoding: "utf8",
  });
  expect(ran).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringMatching(/t\.json cannot be written in .* \(EFBIG\)/),
  });
  expect(readdirSync(folder)).toEqual([]);
});
