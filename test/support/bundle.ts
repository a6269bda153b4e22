/** The built program as a process of its own, and its environment. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { recordRun } from "./output-record.ts";
import { until, within } from "./until.ts";

export const bundle = fileURLToPath(new URL("../../dist/cli.cjs", import.meta.url));

/** Passwords go there and not into the home of whoever runs the tests. */
const credentialsDir = join(tmpdir(), `atlas-provision-test-${process.pid}`, "credentials");

/** A way to find node, nothing of this machine's Atlas settings, and no questions unless a test wants them. */
export const programEnv = (env: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: process.env.HOME ?? "",
  ATLAS_MCP_CONFIRM: "never",
  ATLAS_MCP_CREDENTIALS_DIR: credentialsDir,
  ...env,
});

type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Ran = { code: number | null; stdout: string; stderr: string };

export type Child = {
  child: ChildProcessWithoutNullStreams;
  pid: number;
  stdout(): string;
  stderr(): string;
  exited: Promise<Exit>;
};

const startCommand = (
  command: string,
  args: string[],
  env: Record<string, string>,
  cwd?: string,
): Child => {
  const child = spawn(command, args, { env, ...(cwd === undefined ? {} : { cwd }) });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  // A test that sends to a process that has gone is about the process, not about the pipe.
  child.stdin.on("error", () => {});
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (args.includes(bundle)) recordRun(args, env, said);
      resolve({ code, signal });
    });
  });
  return {
    child,
    pid: child.pid ?? 0,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    exited,
  };
};

/** Starts the bundle. */
export const startBundle = (
  args: string[],
  env: Record<string, string> = {},
  cwd?: string,
): Child => startCommand(process.execPath, [bundle, ...args], programEnv(env), cwd);

const toEnd = async (started: Child, what: string, boundMs = 10_000): Promise<Ran> => {
  started.child.stdin.end();
  const { code } = await within(boundMs, started.exited, `the end of ${what}`).catch(
    (error: unknown) => {
      started.child.kill("SIGKILL");
      throw error;
    },
  );
  return { code, stdout: started.stdout(), stderr: started.stderr() };
};

/** Runs any command to its end, without input. */
export const runCommand = (
  command: string,
  args: string[],
  env: Record<string, string>,
  boundMs?: number,
  cwd?: string,
): Promise<Ran> => toEnd(startCommand(command, args, env, cwd), args.join(" "), boundMs);

/** Runs the bundle to its end, without input. */
export const runBundle = (args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  toEnd(startBundle(args, env), args.join(" "));

export type Served = Child & {
  /** The one line that the program printed, parsed. */
  line: Record<string, string>;
  /** Sends the signal and gives the exit code. */
  end(signal: NodeJS.Signals, boundMs?: number): Promise<number | null>;
};

/** Starts a command of the bundle that serves until it is told to end, and waits for the line that it prints. */
export const serveBundle = async (
  args: string[],
  env: Record<string, string> = {},
): Promise<Served> => {
  const started = startBundle(args, env);
  const { child, stdout, stderr, exited } = started;
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(`The process ended: ${stderr()}`);
      return stdout().includes("\n");
    },
    "a line on stdout",
    10_000,
  );
  return {
    ...started,
    line: JSON.parse(stdout().slice(0, stdout().indexOf("\n"))),
    end: async (signal, boundMs = 5000) => {
      child.kill(signal);
      return (await within(boundMs, exited, `the end after ${signal}`)).code;
    },
  };
};
