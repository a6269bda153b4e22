/** The server on stdio, spoken to in raw JSON lines: for what a well-behaved client would never send or show. */
import { type Child, startBundle } from "./bundle.ts";
import { type ProgramOptions, startOnStreams } from "./in-process.ts";
import { isBundle } from "./program.ts";
import { until, within } from "./until.ts";

export const eras = ["2025", "2026"] as const;

export type Era = (typeof eras)[number];

export type Raw = {
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
  /** Ends the input and waits for the end of the server. */
  close(): Promise<void>;
};

type Pipes = Pick<Raw, "write" | "stdout" | "stderr" | "close"> & {
  /** Throws where the server has ended. */
  check(): void;
};

const info = { name: "raw", version: "1.0.0" };

const envelope = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": info,
};

const pipesOf = ({ child, stdout, stderr, exited }: Child): Pipes => ({
  write: (text) => void child.stdin.write(text),
  stdout,
  stderr,
  check: () => {
    if (child.exitCode !== null) throw new Error(`The process ended: ${stderr()}`);
  },
  close: async () => {
    child.stdin.end();
    await within(5000, exited, "the end of the process").catch((error: unknown) => {
      child.kill("SIGKILL");
      throw error;
    });
  },
});

const speak = (era: Era, pipes: Pipes): Raw => {
  const { write, stdout, stderr, close } = pipes;
  let last = 0;
  const lines = () =>
    stdout()
      .split("\n")
      .filter((line) => line !== "");

  const send = (method: string, params: Record<string, unknown> = {}): number => {
    last += 1;
    const all = era === "2026" ? { _meta: envelope, ...params } : params;
    write(`${JSON.stringify({ jsonrpc: "2.0", id: last, method, params: all })}\n`);
    return last;
  };
  const answer = (id: number, boundMs = 10_000) =>
    until(
      () => {
        pipes.check();
        const whole = stdout()
          .slice(0, stdout().lastIndexOf("\n") + 1)
          .split("\n");
        const line = whole.find((one) => one.includes(`"id":${id}`) && JSON.parse(one).id === id);
        return line === undefined ? undefined : JSON.parse(line);
      },
      `an answer to message ${id}`,
      boundMs,
    );
  const ask: Raw["ask"] = (method, params, boundMs) => answer(send(method, params), boundMs);

  return {
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
    stdout,
    lines,
    stderr,
    close,
  };
};

/** The server of this run of the suites. */
export const startRaw = (era: Era, options: ProgramOptions = {}): Raw =>
  speak(
    era,
    isBundle ? pipesOf(startBundle(options.args ?? [], options.env)) : startOnStreams(options),
  );

export type RawProcess = Raw & Child;

/** The bundle, whichever run this is. */
export const startRawBundle = (
  era: Era,
  { args = [], env, cwd }: { env?: Record<string, string>; args?: string[]; cwd?: string } = {},
): RawProcess => {
  const child = startBundle(args, env, cwd);
  return { ...child, ...speak(era, pipesOf(child)) };
};
