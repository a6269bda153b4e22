/** The built program, and the environment of a child that runs it. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const bundle = fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url));

/** Passwords go there and not into the home of whoever runs the tests. */
const credentialsDir = join(tmpdir(), `atlas-provision-test-${process.pid}`, "credentials");

/** A way to find node, nothing of this machine's Atlas settings, and no questions unless a test wants them. */
export const childEnv = (env: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: process.env.HOME ?? "",
  ATLAS_MCP_CONFIRM: "never",
  ATLAS_MCP_CREDENTIALS_DIR: credentialsDir,
  ...env,
});
