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
  const { name, command, flags, words } = await parseArguments(asFlags(args));
  if (flags.help) {
    const { helpFor } = await import("./help.ts");
    await writeStdout(`${helpFor(name)}\n`);
    return 0;
  }
  if (flags.version) {
    await writeStdout(`${version}\n`);
    return 0;
  }
  return command.run(flags, words);
};

/** Whoever asks the doctor for JSON gets JSON, also where the doctor cannot begin. */
const asksDoctorForJson = ([first, ...rest]: readonly string[]): boolean =>
  first === "doctor" && rest.some((word) => /^--json(=true)?$/i.test(word));

const runToEnd = async (args: readonly string[]): Promise<number> => {
  try {
    return await runCommand(args);
  } catch (error) {
    if (!(error instanceof ConfigError) || !asksDoctorForJson(args)) throw error;
    const { textOfMistake } = await import("./doctor/report.ts");
    await writeStdout(textOfMistake(error.message));
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
