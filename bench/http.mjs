// An MCP server over HTTP as a child, called with bare requests of 2026-07-28.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Agent, request } from "undici";
import { throughput } from "./figures.mjs";

const path = (name) => new URL(name, import.meta.url).pathname;

/** Starts a script that prints its address. */
export const startHttp = async (args, env = {}) => {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { url } = JSON.parse(line);
  const dispatcher = new Agent({ connections: 64 });
  let id = 0;
  return {
    call: async (name, args) => {
      id += 1;
      const meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
      };
      const answer = await request(url, {
        method: "POST",
        dispatcher,
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": name,
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id,
          method: "tools/call",
          params: { name, arguments: args, _meta: meta },
        }),
      });
      const text = await answer.body.text();
      const data = text.startsWith("{") ? text : (/^data: (\{.*\})$/m.exec(text)?.[1] ?? "");
      const { result, error } = JSON.parse(data);
      if (error) throw new Error(JSON.stringify(error));
      return result;
    },
    rss: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1024,
    close: async () => {
      await dispatcher.close();
      child.kill();
      await once(child, "exit");
    },
  };
};

export const cli = path("../dist/cli.cjs");

/** 64 callers who read over HTTP, beside as many who echo: calls a second, 99th percentile, and memory at the half and the end. */
export const readers = async (ms, atlas) => {
  const [ours, trivial] = await Promise.all([
    startHttp([cli, "http", "--port", "0"], atlas.env),
    startHttp([path("trivial.mjs")]),
  ]);
  const echo = () => trivial.call("echo", { text: "x" });
  const read = () => ours.call("list_projects", { itemsPerPage: 1 });
  await Promise.all([throughput(64, 300, echo), throughput(64, 300, read)]);
  const bare = await throughput(64, ms / 2, echo);
  const first = await throughput(64, ms / 2, read);
  const half = ours.rss();
  const second = await throughput(64, ms / 2, read);
  const end = ours.rss();
  await Promise.all([ours.close(), trivial.close()]);
  return {
    perSecond: (first.perSecond + second.perSecond) / 2,
    p99: second.p99,
    half,
    end,
    bare,
  };
};
