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
  const says = problem.message;
  if (shares && problem.reason === "in_use")
    return [{ check, result: "ok", says: `${says}; this server would share it` }];
  const fix = "Name another file with --state, or mend this one.";
  return [{ check, result: "failed", says, fix }];
};

/** Uses a copy of the state file, because a sandbox writes its file when it starts. No copy is left. */
export const withStateCopy = async <T>(
  file: NamedFile | undefined,
  use: (copy: NamedFile | undefined) => Promise<T>,
): Promise<T> => {
  if (file === undefined || !existsSync(file.path)) return use(undefined);
  const folder = mkdtempSync(join(tmpdir(), "atlas-doctor-"));
  const path = join(folder, "state.json");
  try {
    copyFileSync(file.path, path);
    return await use({ path, from: file.from });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
