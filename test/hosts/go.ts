/** Builds the Go programs of this folder. The modules come from Go's proxy, and the first build takes a minute or two. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Builds the program in a folder into a file. */
export const buildGo = async (cwd: string, program: string, flags: string[] = []) => {
  // Go writes its version control stamp by asking git, which may refuse in a container.
  const args = ["build", "-buildvcs=false", ...flags, "-o", program, "."];
  await promisify(execFile)("go", args, { cwd }).catch((error) => {
    const missing = error.code === "ENOENT" ? "Go is missing, 1.25 or later. " : "";
    throw new Error(`${missing}${error.stderr ?? ""}`, { cause: error });
  });
};
