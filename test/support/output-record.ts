/**
 * Writes down what the tests hear from the program and which secrets they use, for the look through all of it after the
 * whole suite (test/witness.setup.ts). Writes nothing where no folder is named.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { passwordsIn } from "./passwords-in.ts";

/** The environment variable with the folder of what was heard and what was used. */
export const witnessFolder = "ATLAS_PROVISION_TEST_WITNESS";

const folder = process.env[witnessFolder];

const note = (kind: "heard" | "secrets", text: string) => {
  if (folder !== undefined && text !== "")
    appendFileSync(join(folder, `${process.pid}.${kind}`), `${text}\n`);
};

/** Something that the program said: output, log, audit, result. */
export const heard = (text: string) => note("heard", text);

/** A credential, password or token that nothing may say. */
export const used = (secret: string) => note("secrets", secret);

const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** What a process of this environment has left behind: its audit, and the passwords in its files. */
export const leftBehind = ({ ATLAS_MCP_AUDIT, ATLAS_MCP_CREDENTIALS_DIR }: NodeJS.ProcessEnv) => {
  if (folder === undefined) return;
  if (ATLAS_MCP_AUDIT) heard(textOf(ATLAS_MCP_AUDIT));
  if (ATLAS_MCP_CREDENTIALS_DIR)
    for (const one of passwordsIn(ATLAS_MCP_CREDENTIALS_DIR)) used(one);
};

/** Two commands hand out secrets on stdout, which is their work: the sandbox in its ready line, and token. */
const handsOut = (args: string[], stdout: string): string => {
  if (args.includes("token")) return "";
  return args.includes("sandbox") ? stdout.slice(stdout.indexOf("\n") + 1) : stdout;
};

type Child = {
  stdout: Readable;
  stderr: Readable;
  once(event: "close", listener: () => void): unknown;
};

/** Hears a child process to its end. */
export const witness = (child: Child, args: string[], env: NodeJS.ProcessEnv) => {
  if (folder === undefined) return;
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer | string) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer | string) => {
    stderr += chunk.toString();
  });
  child.once("close", () => {
    heard(handsOut(args, stdout));
    heard(stderr);
    leftBehind(env);
  });
};
