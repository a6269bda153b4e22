// The environment of the server that an example starts.
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Atlas itself is never on this machine.
const onThisMachine = /^https?:\/\/(localhost|127\.|\[::1\])/;

/** Whether the server works on a sandbox: its own, or one at an address of this machine. */
const isOnSandbox = (env, flags) => {
  if (flags.includes("--ephemeral") || env.ATLAS_MCP_EPHEMERAL) return false;
  if (flags.includes("sandbox") || onThisMachine.test(env.MONGODB_ATLAS_BASE_URL ?? ""))
    return true;
  return !Object.keys(env).some((name) => /^(MONGODB_ATLAS|MDB_MCP)_/.test(name) && env[name]);
};

/**
 * The variables of this process. The passwords of a sandbox go to a temporary folder, which the server creates with the
 * first of them, so that nothing of an example stays in anybody's home; real ones go where the server always puts them.
 */
export const serverEnv = (flags = []) => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined),
  );
  if (env.ATLAS_MCP_CREDENTIALS_DIR || !isOnSandbox(env, flags)) return env;
  const folder = join(tmpdir(), `atlas-provision-mcp-${randomUUID()}`);
  return { ...env, ATLAS_MCP_CREDENTIALS_DIR: folder };
};
