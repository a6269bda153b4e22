/** `atlas-provision-mcp env`: writes the credentials of a database user into a file for an application. */
import { quoteForShell } from "../../common/shell.ts";
import { visible } from "../../common/visible.ts";
import type { Flags } from "../../config/config.ts";
import { path } from "../flags.ts";
import { sayProblem } from "../problem.ts";
import { writeStdout } from "../stdout.ts";
import { type Credentials, withoutUri } from "./credentials.ts";
import { checkFile, realPathOf, type Written, writeFile } from "./file.ts";
import { checkIgnored } from "./git.ts";
import { orSayWhy, readCredentials, readOptions } from "./options.ts";
import { namesIn } from "./text.ts";

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

const kinds: Record<Written["kind"], string> = {
  new: "",
  added: " (what was missing is added)",
  complete: " (nothing was missing)",
};

const successOf = (out: string, { kind, text }: Written): string => {
  const names = namesIn(text);
  const use = `node --env-file=${quoteForShell(out)}`;
  const verb = names.length === 1 ? "is" : "are";
  return `${listOf(names)} ${verb} in ${visible(out)}${kinds[kind]}: ${visible(use)}\n`;
};

const notesOn = (out: string, { notes }: Credentials, { text, keepsUri }: Written): string[] => [
  ...notes,
  ...(namesIn(text).includes("MONGODB_URI")
    ? []
    : [`${withoutUri} Then repeat this command: it adds the line.`]),
  ...(keepsUri
    ? [`The MONGODB_URI in ${visible(out)} is another one than the user's, and stays as it is.`]
    : []),
];

const write = async (flags: Flags): Promise<number> => {
  const options = await readOptions(flags);
  const out = path(flags, "out") ?? ".env";
  const file = await realPathOf(out);
  // Before anything is fetched: a server records each fetch.
  await checkFile(file);
  const gitFolder = await checkIgnored(file);
  const credentials = await readCredentials(options);
  const written = await writeFile(file, credentials, gitFolder);
  await writeStdout(successOf(out, written));
  for (const note of notesOn(out, credentials, written)) sayProblem(note);
  return 0;
};

/** Exit code 0 if the file has the credentials, 1 if not. Rejects with `ConfigError` if a flag is wrong. */
export const runEnv = (flags: Flags): Promise<number> => orSayWhy(write(flags));
