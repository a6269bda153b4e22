/** Checks the state file of a sandbox, and keeps the doctor from writing to it. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NamedFile } from "../../config/config.ts";
import { stateProblem } from "../sandbox.ts";
import type { Check } from "./check.ts";

/** `shares`: whether the command uses the sandbox of another process that has the file. */
export const stateCheck = async (path: string | undefined, shares: boolean): Promise<Check[]> => {
  if (path === undefined) return [];
  const check = "state";
  const problem = await stateProblem(path);
  if (problem === undefined) return [{ check, result: "ok", says: path }];
  const says = problem.problem;
  if (shares && problem.code === "state_file_in_use")
    return [{ check, result: "ok", says: `${says}; this server would share it` }];
  const fix = "Name another file with --state, or mend this one.";
  return [{ check, result: "failed", says, fix }];
};

/** A folder with a copy of the state file; undefined where none can be made, as on a file system that is read-only. */
const copyState = (path: string): { folder: string; path: string } | undefined => {
  try {
    const folder = mkdtempSync(join(tmpdir(), "atlas-doctor-"));
    const copy = join(folder, "state.json");
    copyFileSync(path, copy);
    return { folder, path: copy };
  } catch {
    return undefined;
  }
};

/**
 * Uses a copy of the state file, because a sandbox writes its file when it starts. No copy is left. Where there is no
 * file and no copy, the sandbox begins empty.
 */
export const withStateCopy = async <T>(
  file: NamedFile | undefined,
  use: (copy: NamedFile | undefined) => Promise<T>,
): Promise<T> => {
  const copy = file && existsSync(file.path) ? copyState(file.path) : undefined;
  if (file === undefined || copy === undefined) return use(undefined);
  try {
    return await use({ path: copy.path, from: file.from });
  } finally {
    rmSync(copy.folder, { recursive: true, force: true });
  }
};
