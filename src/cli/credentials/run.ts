/** `atlas-provision-mcp run`: starts a program with the credentials of a database user in its environment. */
import { writeSync } from "node:fs";
import { ConfigError, type Flags } from "../../config/config.ts";
import { program } from "../problem.ts";
import { runChild } from "./child.ts";
import { type Credentials, variablesOf, withoutUri } from "./credentials.ts";
import { orSayWhy, readCredentials, readOptions } from "./options.ts";

const usage = "run --project ID --user NAME -- COMMAND [ARGS]";

/** The program and its arguments. Throws `ConfigError`. */
const commandIn = (
  rest: readonly string[] | undefined,
  flags: Flags,
): readonly [string, ...string[]] => {
  if (rest === undefined && Object.keys(flags).length === 0)
    throw new ConfigError(
      `run starts an application: ${usage}. To serve MCP over stdio, start the program without a command`,
    );
  if (rest === undefined)
    throw new ConfigError(`-- and the command to start are missing: ${usage}`);
  const [command = "", ...args] = rest;
  if (command === "") throw new ConfigError(`the command to start is missing after --: ${usage}`);
  return [command, ...args];
};

/** Says something on stderr. Not through `process.stderr`: a pipe that it has used fails when it is full, for the other program too. */
const say = (note: string): void => {
  try {
    writeSync(2, `${program}: ${note}\n`);
  } catch {
    // Nobody reads it.
  }
};

const notesOn = ({ notes, uri }: Credentials): readonly string[] => {
  if (uri !== undefined) return notes;
  const kept =
    process.env.MONGODB_URI === undefined ? "" : ", and the MONGODB_URI that is set already";
  const gets = `The program gets MONGODB_USERNAME and MONGODB_PASSWORD${kept}.`;
  return [...notes, `${withoutUri} ${gets}`];
};

const start = async (flags: Flags, [command, ...args]: readonly [string, ...string[]]) => {
  const credentials = await readCredentials(await readOptions(flags));
  for (const note of notesOn(credentials)) say(note);
  return runChild(command, args, { ...process.env, ...variablesOf(credentials) });
};

/** The exit code is that of the program. Rejects with `ConfigError` if a flag is wrong. */
export const runRun = async (flags: Flags, rest: readonly string[] | undefined): Promise<number> =>
  orSayWhy(start(flags, commandIn(rest, flags)));
