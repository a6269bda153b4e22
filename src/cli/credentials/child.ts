/** Runs another program in this one's place, as far as a process can: its signals, its input and output, its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { errnoOf } from "../../common/errno.ts";
import { visible } from "../../common/visible.ts";
import { sayProblem } from "../problem.ts";

const isWindows = process.platform === "win32";

/** A terminal sends these to all processes in its foreground. A second one would be taken for impatience. */
const ofTerminals: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

const passedOn: readonly NodeJS.Signals[] = isWindows
  ? ["SIGINT", "SIGBREAK", "SIGHUP"]
  : [...ofTerminals, "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];

/** Whether the other program has this signal already: on Windows the console sends each to both. */
const hasIt = (signal: NodeJS.Signals): boolean =>
  isWindows || (ofTerminals.includes(signal) && [0, 1, 2].some((one) => isatty(one)));

/** What a shell exits with for a program that cannot be started. */
const exitCodeOf = (code: string | undefined): number => (code === "ENOENT" ? 127 : 126);

const whyNot = (command: string, code: string | undefined): string => {
  const name = visible(command).slice(0, 200);
  const windows = isWindows
    ? "; a .cmd or .bat, such as npm and npx, is started with cmd /c before it"
    : "";
  if (code === "ENOENT") return `${name} was not found${windows}`;
  if (code === "EACCES") return `${name} cannot be run: it is not executable, or a folder`;
  return `${name} cannot be run (${code})${windows}`;
};

/** The signals that end a process without an image of its memory on disk, which would have the password. */
const plainEnds: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"];

/** Ends this process as the other one has ended. A shell looks at the signal: Ctrl-C ends its loop. */
const endBy = (signal: NodeJS.Signals): number => {
  if (plainEnds.includes(signal)) process.kill(process.pid, signal);
  // The first process of a container is not ended by a signal.
  return 128 + constants.signals[signal];
};

type End = { code: number | null; signal: NodeJS.Signals | null } | { error: unknown };

/** Sends a signal to the other program, unless it has ended, or belongs to another user by now, as with sudo. */
const send = (child: ChildProcess | undefined, signal: NodeJS.Signals): void => {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(child.pid, signal);
  } catch {
    // Not by `child.kill`, which would take this for the end of the program.
  }
};

/** Has every signal that is passed on handled, instead of ending this process, until the returned function is called. */
const onSignals = (handle: (signal: NodeJS.Signals) => void): (() => void) => {
  for (const signal of passedOn) process.on(signal, handle);
  return () => {
    for (const signal of passedOn) process.off(signal, handle);
  };
};

/** Runs a program without a shell, and resolves to the exit code when it has ended. */
export const runChild = async (
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> => {
  let child: ChildProcess | undefined;
  // Before it is started: a signal between the two would end this process alone.
  const stop = onSignals((signal) => {
    if (!hasIt(signal)) send(child, signal);
  });
  const end = await new Promise<End>((resolve) => {
    child = spawn(command, args, { env, stdio: "inherit", shell: false });
    child.once("error", (error) => resolve({ error }));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  }).catch((error: unknown): End => ({ error }));
  stop();
  if ("error" in end) {
    const code = errnoOf(end.error);
    sayProblem(whyNot(command, code));
    return exitCodeOf(code);
  }
  return end.signal === null ? (end.code ?? 1) : endBy(end.signal);
};
