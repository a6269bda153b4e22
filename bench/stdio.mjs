// One MCP server as a child, spoken to in JSON lines: nothing of a client library in what is measured.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** Starts a server; `call` resolves to a result, `rss` is in MB, `startedAt` in milliseconds of `performance.now()`. */
export const startServer = (command, args, env = {}) => {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting = new Map();
  let last = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      return;
    }
    const done = waiting.get(message.id);
    if (done === undefined || message.method !== undefined) return;
    waiting.delete(message.id);
    if (message.error) done.fail(new Error(JSON.stringify(message.error)));
    else done.succeed(message.result);
  });
  child.on("exit", () => {
    for (const { fail } of waiting.values()) fail(new Error("the server has ended"));
  });

  const send = (message) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const request = (method, params) =>
    new Promise((succeed, fail) => {
      last += 1;
      waiting.set(last, { succeed, fail });
      send({ id: last, method, params });
    });

  return {
    startedAt,
    request,
    initialize: async () => {
      await request("initialize", {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "bench", version: "1" },
      });
      send({ method: "notifications/initialized" });
    },
    call: (name, args) => request("tools/call", { name, arguments: args }),
    rss: () => {
      const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      return Number(kb) / 1024;
    },
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once("exit", resolve);
        child.stdin.end();
        setTimeout(() => child.kill("SIGKILL"), 5000).unref();
      }),
  };
};
