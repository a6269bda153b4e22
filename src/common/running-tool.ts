/** The tool that runs. Requests to a sandbox carry its name, so that its console can show it (docs/sandbox.md#the-console). */
import { AsyncLocalStorage } from "node:async_hooks";

const running = new AsyncLocalStorage<string>();

/** Runs `work`, and whatever it starts, for a tool. */
export const forTool = <T>(name: string, work: () => T): T => running.run(name, work);

/** Whether this is the work of a tool, and so of a server, not of a command such as `doctor`. */
export const isForTool = (): boolean => running.getStore() !== undefined;

/** The header that names the tool: MCP's own for that. */
export const toolHeaders = (): Record<string, string> => {
  const name = running.getStore();
  return name === undefined ? {} : { "mcp-name": name };
};
