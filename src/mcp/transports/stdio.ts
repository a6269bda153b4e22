/** MCP over stdio: stdout carries the protocol and nothing else; the process ends when its client goes or asks it to. */
import { Console } from "node:console";
import { setTimeout as delay } from "node:timers/promises";
import type { Container } from "../../container.ts";
import { operator } from "../../policy/caller.ts";
import { createServerFactory } from "../server.ts";
import { serveConnection } from "./connection.ts";
import { createLineTransport, mostBytes } from "./stdio-lines.ts";

// How long calls that are under way may take to be answered once the end is asked for.
const drainMs = 1500;

// What an end may take in all: the calls, and giving the token back.
const closeMs = 2700;

/** Serves until stdin ends, SIGTERM or SIGINT; answers what is under way, then closes and resolves to why it ended. */
export const runStdio = (container: Container): Promise<string> =>
  new Promise((resolve) => {
    // Whatever a library prints goes to stderr.
    globalThis.console = new Console(process.stderr, process.stderr);
    if (process.stdin.isTTY)
      console.error(
        "An MCP server: it waits here for an MCP client's messages. --help shows what else there is; Ctrl-D ends it.",
      );
    const { log, runner } = container;
    const server = createServerFactory(runner, container);
    const transport = createLineTransport({
      input: process.stdin,
      output: process.stdout,
      onTooLong: () => log.warn?.({ mostBytes }, "skipped a message that is too long"),
    });
    const connecting = serveConnection(
      transport,
      () => server(operator, "public"),
      () => {},
      (why) => log.warn?.({ why }, "ignored a message that is not valid"),
    );

    // What has been read becomes calls within a few turns of the loop, and answers go out in as many.
    const drain = async () => {
      await delay(20);
      await Promise.race([runner.drained(), delay(drainMs)]);
      await delay(20);
    };

    let ending = false;
    const end = async (why: string, drains = true) => {
      if (ending) return;
      ending = true;
      setTimeout(() => resolve(why), closeMs);
      if (drains) await drain();
      await connecting.then((connection) => connection.close()).catch(() => {});
      await container.close();
      resolve(why);
    };
    // A client that went away: nobody is left to be answered.
    process.stdout.on("error", () => void end("the output was closed", false));
    process.stdin.once("end", () => void end("the input ended"));
    process.stdin.once("close", () => void end("the input was closed"));
    process.stdin.once("error", ({ message }) => void end(`the input failed: ${message}`));
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.on(signal, () => void end(signal));
  });
