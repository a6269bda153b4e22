/** MCP over stdio: stdout carries the protocol and nothing else; the process ends when its client goes or asks it to. */
import { Console } from "node:console";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Assembly } from "../assemble.ts";
import { createServerFactory } from "../server.ts";

// What an end may take: to settle a request that has left and to give the token back.
const closeMs = 3000;

/** Serves until stdin ends, SIGTERM or SIGINT; then closes and resolves. */
export const runStdio = (assembly: Assembly): Promise<void> =>
  new Promise((resolve) => {
    // Whatever a library prints goes to stderr.
    globalThis.console = new Console(process.stderr, process.stderr);
    if (process.stdin.isTTY)
      console.error(
        "An MCP server: it waits here for an MCP client's messages. --help shows what else there is; Ctrl-D ends it.",
      );
    let ending = false;
    const end = () => {
      if (ending) return;
      ending = true;
      const late = setTimeout(resolve, closeMs);
      void handle
        .close()
        .catch(() => {})
        .then(() => assembly.close())
        .finally(() => {
          clearTimeout(late);
          resolve();
        });
    };
    // A client that went away: writing to it fails, which is an end like any other.
    process.stdout.on("error", end);
    const transport = new StdioServerTransport(process.stdin, process.stdout);
    const handle = serveStdio(createServerFactory(assembly.runner), {
      transport,
      onerror: () => {},
    });
    for (const event of ["end", "close", "error"] as const) process.stdin.once(event, end);
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  });
