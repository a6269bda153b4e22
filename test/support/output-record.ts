/**
 * Records what the program says to the tests and which secrets they use. test/output-record.setup.ts searches all of it
 * after the whole run. Records nothing where no folder is named.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ephemeralSecretsIn, passwordsIn } from "./passwords-in.ts";

/** The environment variable with the folder of the record. */
export const recordFolder = "ATLAS_PROVISION_TEST_RECORD";

const folder = process.env[recordFolder];

const note = (kind: "output" | "secrets", text: string) => {
  if (folder !== undefined && text !== "")
    appendFileSync(join(folder, `${process.pid}.${kind}`), `${text}\n`);
};

/** Something that the program said: output, log, audit, result. */
export const recordOutput = (text: string) => note("output", text);

/** A credential, password or token that nothing may say. */
export const recordSecret = (secret: string) => note("secrets", secret);

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** What a program with this environment leaves behind: its audit, and the passwords in its files. */
const recordFiles = ({ ATLAS_MCP_AUDIT, ATLAS_MCP_CREDENTIALS_DIR }: NodeJS.ProcessEnv) => {
  if (folder === undefined) return;
  if (ATLAS_MCP_AUDIT) recordOutput(textOf(ATLAS_MCP_AUDIT));
  if (ATLAS_MCP_CREDENTIALS_DIR)
    for (const one of [
      ...passwordsIn(ATLAS_MCP_CREDENTIALS_DIR),
      ...ephemeralSecretsIn(ATLAS_MCP_CREDENTIALS_DIR).map(([secret]) => secret),
    ])
      recordSecret(one);
};

/** Two commands print secrets on purpose: the sandbox in its first line, and token. */
const withoutIntended = (args: readonly string[], stdout: string): string => {
  if (args.includes("token")) return "";
  return args.includes("sandbox") ? stdout.slice(stdout.indexOf("\n") + 1) : stdout;
};

/** All that one run of the program said and left behind. */
export const recordRun = (
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { stdout, stderr }: { stdout: string; stderr: string },
) => {
  recordOutput(withoutIntended(args, stdout));
  recordOutput(stderr);
  recordFiles(env);
};
