/** The bundle as a child process spoken to in raw JSON lines: for what a well-behaved client would never send or show. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { bundle, childEnv } from "./clients.ts";
import { until, within } from "./until.ts";
import { witness } from "./witness.ts";

export const eras = ["2025", "2026"] as const;

export type Era = (typeof eras)[number];

type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Raw = {
  child: ChildProcessWithoutNullStreams;
  pid: number;
  /** Writes text as it stands. */
  write(text: string | Buffer): void;
  /** Sends a message without waiting for an answer; returns its id. */
  send(method: string, params?: Record<string, unknown>): number;
  /** Waits for the answer to a message. */
  answer(id: number, boundMs?: number): Promise<any>;
  /** Sends a request and waits for its whole answer, `result` or `error`. */
  ask(method: string, params?: Record<string, unknown>, boundMs?: number): Promise<any>;
  call(name: string, args: unknown, boundMs?: number): Promise<any>;
  /** Says hello as the era wants it. */
  hello(): Promise<any>;
  /** Everything on stdout so far, and its lines. */
  stdout(): string;
  lines(): string[];
  stderr(): string;
  exited: Promise<Exit>;
  /** Ends stdin and gives the way the process ended; kills it where it does not. */
  close(boundMs?: number): Promise<Exit>;
};

const info = { name: "raw", version: "1.0.0" };

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": info,
};

export const startRaw = (
  era: Era,
  options: { env?: Record<string, string>; args?: string[]; cwd?: string } = {},
): Raw => {
  const [args, env] = [options.args ?? [], childEnv(options.env)];
  const child = spawn(process.execPath, [bundle, ...args], {
    env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  witness(child, args, env);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // A test that sends to a process that has gone is about the process, not about the pipe.
  child.stdin.on("error", () => {});
  const exited = new Promise<Exit>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  );
  let last = 0;
  const lines = () => stdout.split("\n").filter((line) => line !== "");

  const write = (text: string | Buffer) => void child.stdin.write(text);
  const send = (method: string, params: Record<string, unknown> = {}): number => {
    last += 1;
    const all = era === "2026" ? { _meta: envelope, ...params } : params;
    write(`${JSON.stringify({ jsonrpc: "2.0", id: last, method, params: all })}\n`);
    return last;
  };
  const answer = (id: number, boundMs = 10_000) =>
    until(
      () => {
        if (child.exitCode !== null) throw new Error(`The process ended: ${stderr}`);
        const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1).split("\n");
        const line = whole.find((one) => one.includes(`"id":${id}`) && JSON.parse(one).id === id);
        return line === undefined ? undefined : JSON.parse(line);
      },
      `an answer to message ${id}`,
      boundMs,
    );
  const ask: Raw["ask"] = (method, params, boundMs) => answer(send(method, params), boundMs);

  return {
    child,
    pid: child.pid ?? 0,
    write,
    send,
    answer,
    ask,
    call: (name, args, boundMs) => ask("tools/call", { name, arguments: args }, boundMs),
    hello: async () => {
      if (era === "2026") return ask("server/discover");
      const greeting = await ask("initialize", {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: info,
      });
      write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
      return greeting;
    },
    stdout: () => stdout,
    lines,
    stderr: () => stderr,
    exited,
    close: async (boundMs = 5000) => {
      child.stdin.end();
      return within(boundMs, exited, "the end of the process").catch((error: unknown) => {
        child.kill("SIGKILL");
        throw error;
      });
    },
  };
};
