/** Runs a command. */
import { version } from "../common/version.ts";
import { ConfigError } from "../config/config.ts";
import { parseArguments } from "./arguments.ts";
import { growSlowly } from "./memory.ts";
import { problemOf, sayProblem } from "./problem.ts";
import { writeStdout } from "./stdout.ts";

/** `help` and `version` as words, as the flags that they mean. `--help COMMAND` is the same as `help COMMAND`. */
const asFlags = (args: readonly string[]): readonly string[] => {
  const [first = "", ...rest] = args;
  if (/^(help|--help|-h)$/.test(first))
    return [...rest.filter((word) => word !== "help"), "--help"];
  return first === "version" ? ["--version", ...rest] : args;
};

const runCommand = async (args: readonly string[]): Promise<number> => {
  const { name, command, flags, words, rest } = await parseArguments(asFlags(args));
  if (flags.help) {
    const { helpFor } = await import("./help.ts");
    await writeStdout(`${helpFor(name)}\n`);
    return 0;
  }
  if (flags.version) {
    await writeStdout(`${version}\n`);
    return 0;
  }
  return command.run(flags, words, rest);
};

/** Whoever asks the doctor or a sweep for JSON gets JSON, also where it cannot begin. */
const mistakeInJson = async (
  [first, ...rest]: readonly string[],
  says: string,
): Promise<string | undefined> => {
  if (!rest.some((word) => /^--json(=true)?$/i.test(word))) return undefined;
  if (first === "doctor") return (await import("./doctor/report.ts")).textOfMistake(says);
  if (first === "sweep") return (await import("./sweep/report.ts")).textOfMistake(says, rest);
  return undefined;
};

const runToEnd = async (args: readonly string[]): Promise<number> => {
  try {
    return await runCommand(args);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const inJson = await mistakeInJson(args, error.message);
    if (inJson === undefined) throw error;
    await writeStdout(inJson);
    return 2;
  }
};

/** Runs the program and exits: 2 for a wrong usage or configuration, 1 for a bug or a failed command. */
export const main = async (args: readonly string[]): Promise<void> => {
  growSlowly();
  try {
    process.exit(await runToEnd(args));
  } catch (error) {
    const { text, code } = problemOf(error, error instanceof ConfigError);
    sayProblem(text);
    process.exit(code);
  }
};
