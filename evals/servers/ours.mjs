// The built program over stdio, with a sandbox in this process that it takes for live Atlas.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { UsageError } from "../options.mjs";
import { connectClient } from "./client.mjs";

const program = fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url));
const library = new URL("../../dist/index.cjs", import.meta.url).href;

/**
 * The whole environment of the server for a task: nothing of this machine's, so that no credential, address or proxy of it
 * can reach live Atlas. `folder` is the task's own.
 */
export const environmentFor = (task, sandbox, folder) => {
  const policy = join(folder, "policy.json");
  if (task.policy !== undefined) writeFileSync(policy, JSON.stringify(task.policy));
  return {
    HOME: folder,
    ATLAS_MCP_LOG_LEVEL: "silent",
    ATLAS_MCP_CREDENTIALS_DIR: join(folder, "credentials"),
    ...(task.policy === undefined ? {} : { ATLAS_MCP_POLICY: policy }),
    ...task.settings,
    ...sandbox.env,
  };
};

const missing = "Run `npm run build` first: the server is not built.";

/** The server of this project. */
export const openOurs = async () => {
  if (!existsSync(program)) throw new UsageError(missing);
  const { createSandbox } = await import(library);
  return {
    name: "ours",
    createSandbox,
    sandboxOptions: {},
    connect: (task, { sandbox, folder, host }) => {
      const { PATH = "" } = process.env;
      const env = { PATH, ...environmentFor(task, sandbox, folder) };
      const args = [program];
      return connectClient(
        new StdioClientTransport({
          command: process.execPath,
          args,
          env,
          stderr: "ignore",
          cwd: folder,
        }),
        host,
      );
    },
  };
};
