/** How an error that ends the program is told on stderr, and with which exit code. */
import { errnoOf, messageOf } from "../common/errno.ts";
import { version } from "../common/version.ts";

export const program = "atlas-provision-mcp";

/** Node gives errors of the operating system the name of the call that failed. */
export const isOfTheSystem = (error: unknown): boolean =>
  error instanceof Error && ("syscall" in error || errnoOf(error) === "ERR_SYSTEM_ERROR");

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, " ");

/** One sentence if a person can mend it. A bug is told to be one, with the stack for whoever does. */
export const problemOf = (error: unknown, isUsage: boolean): { text: string; code: number } => {
  if (isUsage) return { text: oneLine(messageOf(error)), code: 2 };
  if (isOfTheSystem(error))
    return { text: `the system does not allow it: ${oneLine(messageOf(error))}`, code: 1 };
  const stack = error instanceof Error ? error.stack : undefined;
  const says = `this is a bug in version ${version}; please report it with the lines below`;
  return { text: `${says}\n${stack ?? messageOf(error)}`, code: 1 };
};

export const sayProblem = (text: string): void => {
  process.stderr.write(`${program}: ${text}\n`);
};
