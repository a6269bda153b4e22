/** The built program, and the environment of a child that runs it. */
import { fileURLToPath } from "node:url";

export const bundle = fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url));

/** A way to find node, nothing of this machine's Atlas settings, and no questions unless a test wants them. */
export const childEnv = (env: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: process.env.HOME ?? "",
  ATLAS_MCP_CONFIRM: "never",
  ...env,
});
