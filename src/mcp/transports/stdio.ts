/** MCP over stdio: stdout carries the protocol and nothing else; the process ends when its client goes or asks it to. */
import { Console } from "node:console";
import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Container } from "../../container.ts";
import { operator } from "../../policy/caller.ts";
import { createServerFactory } from "../server.ts";

// How long calls that are under way may take to be answered once the end is asked for.
const drainMs = 1500;

// What an end may take in all: the calls, and giving the token back.
const closeMs = 2700;

/** Serves until stdin ends, SIGTERM or SIGINT; answers what is under way, then closes and resolves. */
export const runStdio = (container: Container): Promise<void> =>
  new Promise((resolve) => {
    // Whatever a library prints goes to stderr.
    globalThis.console = new Console(process.stderr, process.stderr);
    if (process.stdin.isTTY)
      console.error(
        "An MCP server: it waits here for an MCP client's messages. --help shows what else there is; Ctrl-D ends it.",
      );
    // The SDK drops calls at the end of its input, so the end is kept from it until they are answered.
    const input = process.stdin.pipe(new PassThrough(), { end: false });
    const transport = new StdioServerTransport(input, process.stdout);
    const server = createServerFactory(container.runner, container);
    const handle = serveStdio(() => server(operator, "public"), {
      transport,
      onerror: () => {},
    });

    // What has been read becomes calls within a few turns of the loop, and answers go out in as many.
    const drain = async () => {
      await delay(20);
      await Promise.race([container.runner.drained(), delay(drainMs)]);
      await delay(20);
    };

    let ending = false;
    const end = async (drains: boolean) => {
      if (ending) return;
      ending = true;
      setTimeout(resolve, closeMs);
      if (drains) await drain();
      await handle.close().catch(() => {});
      await container.close();
      resolve();
    };
    // A client that went away: nobody is left to be answered.
    process.stdout.on("error", () => void end(false));
    for (const event of ["end", "close", "error"] as const)
      process.stdin.once(event, () => void end(true));
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.on(signal, () => void end(true));
  });
