import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { credentialsFolderCheck } from "../../../src/cli/doctor/files.ts";
import { readConfig } from "../../../src/config/config.ts";

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "doctor-folder-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
};

const check = async (path: string, ms?: number) => {
  const settings = readConfig({ ATLAS_MCP_CREDENTIALS_DIR: path }, {});
  const [found] = await credentialsFolderCheck(settings, false, ms);
  return found;
};

describe("the folder for passwords", () => {
  it("is well if it can be written to, or made", async () => {
    const path = folder();
    expect(await check(path)).toMatchObject({ result: "ok", says: path });
    const deep = join(path, "a", "b");
    expect(await check(deep)).toMatchObject({ result: "ok", says: `${deep} (does not exist yet)` });
  });

  it("is a finding if its file system does not answer in time", async () => {
    const path = folder();
    expect(await check(path, 0)).toMatchObject({
      result: "failed",
      says: `${path} did not answer within 0 ms`,
      fix: expect.stringContaining("ATLAS_MCP_CREDENTIALS_DIR"),
    });
  });

  it("is a finding if others can write to it", async () => {
    const path = folder();
    chmodSync(path, 0o777);
    expect(await check(path)).toMatchObject({
      result: "failed",
      says: expect.stringContaining("can be written to by others"),
    });
  });

  it("is a finding if it cannot be made", async () => {
    const path = join(folder(), "file");
    writeFileSync(path, "");
    const within = join(path, "new");
    expect(await check(within)).toMatchObject({
      result: "failed",
      says: expect.stringContaining(within),
    });
  });
});
