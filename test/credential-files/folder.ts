/** A home of its own for credential files; it goes with the running test. */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { onTestFinished } from "vitest";
import { createPasswordFiles } from "../../src/credential-files/files.ts";
import { groupId } from "../support/atlas.ts";

export const srv = "mongodb+srv://c-0.abcdefg.mongodb.invalid";

export const openHome = async () => {
  const home = await mkdtemp(join(tmpdir(), "credentials-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const folder = join(home, "data", "credentials");
  return { home, folder, files: createPasswordFiles(folder), user: { groupId, username: "app" } };
};

export const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

export const envOf = async (path: string) => parseEnv(await readFile(path, "utf8"));
