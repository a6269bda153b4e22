/** The file of a host, which others write too. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readHostFile, retryChanged, writeHostFile } from "../../../src/cli/setup/file.ts";
import { runBundle } from "../../support/bundle.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-file-"));
  path = join(folder, "mcp.json");
  writeFileSync(path, "before");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("keeps what another program writes at the last moment", async () => {
  const writing = writeHostFile(readHostFile(path), "ours", 0o600);
  writeFileSync(path, "theirs");
  await expect(writing).rejects.toThrow("is being changed by another program");
  expect(readFileSync(path, "utf8")).toBe("theirs");
  expect(readdirSync(folder)).toEqual(["mcp.json"]);
});

it("keeps a file that another program makes at the last moment", async () => {
  rmSync(path);
  const writing = writeHostFile(readHostFile(path), "ours", 0o600);
  writeFileSync(path, "theirs");
  await expect(writing).rejects.toThrow("is being changed");
  expect(readFileSync(path, "utf8")).toBe("theirs");
});

it("is read again where it was changed, and given up where that does not end", async () => {
  let reads = 0;
  const append = (changes: number) =>
    retryChanged(async () => {
      const file = readHostFile(path);
      const writing = writeHostFile(file, `${file.text} ours`, 0o600);
      reads += 1;
      if (reads <= changes) writeFileSync(path, `theirs ${reads}`);
      await writing;
    });
  await append(2);
  expect(readFileSync(path, "utf8")).toBe("theirs 2 ours");
  await expect(append(Number.POSITIVE_INFINITY)).rejects.toThrow("is being changed");
  expect(reads).toBe(8);
});

it("waits for another that writes, and not for one that was killed", async () => {
  const lock = `${path}.atlas-provision-lock`;
  writeFileSync(lock, "");
  let done = false;
  const writing = writeHostFile(readHostFile(path), "ours", 0o600).then(() => {
    done = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(done).toBe(false);
  rmSync(lock);
  await writing;
  expect(readFileSync(path, "utf8")).toBe("ours");
  writeFileSync(lock, "");
  utimesSync(lock, 0, 0);
  await writeHostFile(readHostFile(path), "again", 0o600);
  expect(readdirSync(folder)).toEqual(["mcp.json"]);
});

it("gets the entries of several that are set up at once", async () => {
  writeFileSync(path, "{}");
  const names = ["a", "b", "c", "d"];
  const all = await Promise.all(
    names.map((name) => runBundle(["setup", "cursor", "--file", path, "--name", name])),
  );
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(Object.keys(JSON.parse(readFileSync(path, "utf8")).mcpServers).sort()).toEqual(names);
  expect(readdirSync(folder)).toEqual(["mcp.json"]);
});
