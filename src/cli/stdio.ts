/** `atlas-provision-mcp`: reads the configuration and serves MCP over stdio. */
import { type Flags, readConfig } from "../config/config.ts";
import { createContainer } from "../container.ts";
import { runStdio } from "../mcp/transports/stdio.ts";
import { logLife } from "./log.ts";
import { stayYoung } from "./memory.ts";

export const serveStdio = async (flags: Flags): Promise<number> => {
  stayYoung();
  const config = readConfig(process.env, flags);
  const container = await createContainer(config);
  const life = logLife(container.log, { transport: "stdio", backend: config.backend });
  await life.ended({ why: await runStdio(container) });
  return 0;
};
