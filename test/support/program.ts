/** The bundle as a command line program: arguments in, exit code and output out. */
import { type ChildProcess, spawn } from "node:child_process";
import { bundle, childEnv } from "./bundle.ts";
import { until, within } from "./until.ts";
import { witness } from "./witness.ts";

export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs any command to its end; stdin is closed at once. */
export const runCommand = (
  command: string,
  args: string[],
  env: Record<string, string>,
  boundMs = 10_000,
): Promise<Ran> => {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  if (args.includes(bundle)) witness(child, args, env);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return within(boundMs, ended, `the end of ${args.join(" ")}`).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
};

/** Runs the bundle to its end. */
export const run = (args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  runCommand(process.execPath, [bundle, ...args], childEnv(env));

export type Served = {
  /** The one line that the program printed, parsed. */
  line: Record<string, string>;
  stdout(): string;
  stderr(): string;
  /** Sends the signal and gives the exit code. */
  end(signal: NodeJS.Signals, boundMs?: number): Promise<number | null>;
  child: ChildProcess;
};

/** Starts a command of the bundle that serves until it is told to end, and waits for the line that it prints. */
export const serve = async (args: string[], env: Record<string, string> = {}): Promise<Served> => {
  const all = childEnv(env);
  const child = spawn(process.execPath, [bundle, ...args], { env: all });
  witness(child, args, all);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`The process ended: ${stderr}`);
      return stdout.includes("\n");
    },
    "a line on stdout",
    10_000,
  );
  return {
    line: JSON.parse(stdout.slice(0, stdout.indexOf("\n"))),
    stdout: () => stdout,
    stderr: () => stderr,
    child,
    end: (signal, boundMs = 5000) => {
      child.kill(signal);
      return within(boundMs, exited, `the end after ${signal}`);
    },
  };
};
