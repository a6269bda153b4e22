/** The Python SDK as a client like those of test/support/clients.ts, by way of client.py. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundle, programEnv } from "../../support/bundle.ts";
import type { Answering, Driver, Progress, ToolResult } from "../../support/clients.ts";
import { recordOutput } from "../../support/output-record.ts";
import { pythonEnv, pythonWith, type Release } from "./environment.ts";

/** A release of the SDK and what it is told to speak. */
export type Speaker = { release: Release; mode: "legacy" | "auto" };

type Options = {
  /** A server to start, or one that runs already. */
  server: { env: Record<string, string> } | { url: string; token: string };
  answers?: Answering | undefined;
};

type Arguments = Record<string, unknown>;

export type PythonClient = Pick<Driver, "listTools" | "instructions" | "stderr" | "close"> & {
  protocol: string;
  /** The process of the client, whose child the server is. */
  pid: number;
  call(
    name: string,
    args?: unknown,
    options?: { onprogress?: (progress: Progress) => void; timeout?: number },
  ): Promise<ToolResult>;
  /** Closes the session, not the process, and gives the seconds that it took. */
  leave(): Promise<number>;
};

const serverOf = (server: Options["server"]) =>
  "url" in server
    ? { url: server.url, headers: { Authorization: `Bearer ${server.token}` } }
    : { stdio: { command: process.execPath, args: [bundle], env: programEnv(server.env) } };

export const connectPython = async (
  { release, mode }: Speaker,
  { server, answers }: Options,
): Promise<PythonClient> => {
  const program = fileURLToPath(new URL("client.py", import.meta.url));
  const child = spawn(await pythonWith(release), [program], { env: pythonEnv() });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const tell = (message: object) => void child.stdin.write(`${JSON.stringify(message)}\n`);

  const waiting = new Map<string, { resolve(value: any): void; reject(error: Error): void }>();
  const expectMessage = (key: string) =>
    new Promise<any>((resolve, reject) => waiting.set(key, { resolve, reject }));
  const arrived = (key: string) => {
    const one = waiting.get(key);
    waiting.delete(key);
    return one;
  };
  let onprogress: ((progress: Progress) => void) | undefined;

  const hear = async (line: string) => {
    recordOutput(line);
    const message = JSON.parse(line);
    if (message.progress) onprogress?.(message.progress);
    else if (message.connected) arrived("connected")?.resolve(message.connected);
    else if (message.closed !== undefined) arrived("closed")?.resolve(message.closed);
    else if (message.question !== undefined)
      tell({ answer: message.question, action: await answers?.(message.message) });
    else if (message.error) arrived(message.id)?.reject(new Error(message.error));
    else if (message.failed)
      for (const key of [...waiting.keys()]) arrived(key)?.reject(new Error(message.failed));
    else arrived(message.id)?.resolve(message.value);
  };
  createInterface({ input: child.stdout }).on("line", (line) => void hear(line));
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`Python ended: ${stderr}`));
  });

  let count = 0;
  const ask = (what: string, how: Arguments): Promise<any> => {
    count += 1;
    const id = String(count);
    tell({ id, do: what, with: how });
    return expectMessage(id);
  };

  tell({ mode, asks: answers !== undefined, ...serverOf(server) });
  const connected = await expectMessage("connected");
  return {
    protocol: connected.protocol,
    pid: child.pid ?? 0,
    instructions: () => connected.instructions,
    listTools: () => ask("list_tools", {}),
    call: async (name, args = {}, { onprogress: told, timeout } = {}) => {
      onprogress = told;
      const result = await ask("call_tool", { name, arguments: args, timeout: timeout ?? null });
      return {
        structured: result.structuredContent,
        text: result.content?.[0]?.text ?? "",
        isError: result.isError === true,
      };
    },
    leave: () => {
      tell({ do: "close" });
      return expectMessage("closed");
    },
    stderr: () => stderr,
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
};
