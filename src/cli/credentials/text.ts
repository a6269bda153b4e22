/** The text of an application's `.env` file: a comment that marks it as this command's, and the variables. */
import { parseEnv } from "node:util";
import { fail } from "../../common/failure.ts";
import { decoded } from "../../common/percent.ts";
import type { User } from "../../credential-files/paths.ts";
import { percent, usernameLine } from "../../credential-files/text.ts";
import { type Credentials, variablesOf } from "./credentials.ts";

const markOf = ({ groupId, username }: User): string =>
  `# Written by atlas-provision-mcp env for the database user ${percent(username)} of project ${groupId}.`;

const anyMark =
  /^# Written by atlas-provision-mcp env for the database user \S+ of project \S+\.\r?$/m;

const unwritable = /['\r\n\0]/;

/** The lines by the names of their variables. */
const linesOf = (credentials: Credentials): [name: string, line: string][] =>
  Object.entries(variablesOf(credentials)).map(([name, value]) => {
    if (name === "MONGODB_USERNAME") return [name, usernameLine(value)];
    if (!unwritable.test(value)) return [name, `${name}='${value}'`];
    return fail(
      "forbidden",
      `${name} has a quote or a line break, which not every program reads back from a file: use atlas-provision-mcp run instead.`,
    );
  });

/** Whether this command has written a text. */
export const isOurs = (text: string): boolean => anyMark.test(text);

/** The names of the variables in a text that are set. */
export const namesIn = (text: string): string[] => {
  const variables = parseEnv(text);
  return ["MONGODB_URI", "MONGODB_USERNAME", "MONGODB_PASSWORD"].filter((one) => variables[one]);
};

/** The text of a new file. */
export const newText = (credentials: Credentials): string =>
  [
    markOf(credentials),
    "# Anyone who has this file can log in as this user. The command adds what is missing, and changes nothing else.",
    ...linesOf(credentials).map(([, line]) => line),
    "",
  ].join("\n");

/** The password in a connection string; undefined if there is none. */
const passwordIn = (uri: string): string | undefined => {
  const [, encoded] = /^mongodb(?:\+srv)?:\/\/[^/@:]*:([^/@]*)@/.exec(uri) ?? [];
  return encoded === undefined ? undefined : (decoded(encoded) ?? encoded);
};

/** What an existing text lacks, and whether its connection string is another one; or why nothing is added to it. */
export type Addition = { added: string; keepsUri: boolean } | { refused: string };

const isAnother = (variables: NodeJS.Dict<string>, password: string): boolean => {
  const { MONGODB_PASSWORD = password, MONGODB_URI = "" } = variables;
  return MONGODB_PASSWORD !== password || (passwordIn(MONGODB_URI) ?? password) !== password;
};

/** What has to come before more lines: a person may have left the last one without its end. */
const start = (text: string): string => (text === "" || text.endsWith("\n") ? "" : "\n");

/** Whether Node reads all of these lines in a text. */
const isReadable = (text: string, lines: readonly [name: string, line: string][]): boolean => {
  const variables = parseEnv(text);
  return lines.every(
    ([name, line]) => line.startsWith("#") || variables[name] === parseEnv(line)[name],
  );
};

/** What is to be added to the text of a file that this command wrote. */
export const additionTo = (text: string, credentials: Credentials): Addition => {
  const mark = markOf(credentials);
  if (!text.split(/\r?\n/).includes(mark))
    return { refused: "is for another database user or project" };
  const variables = parseEnv(text);
  const { username, password, uri } = credentials;
  if (isAnother(variables, password.reveal()))
    return { refused: "has another password than the user has now, as after a rotation" };
  if ((variables.MONGODB_USERNAME ?? username) !== username)
    return { refused: "has another MONGODB_USERNAME than the user" };
  const missing = linesOf(credentials).filter(([name]) => variables[name] === undefined);
  const known = text.split(/\r?\n/);
  // The comment in place of a name that has a quote is not a variable.
  const lacking = missing.filter(([, line]) => !line.startsWith("#") || !known.includes(line));
  const added =
    lacking.length === 0 ? "" : `${start(text)}${lacking.map(([, line]) => `${line}\n`).join("")}`;
  if (!isReadable(text + added, lacking))
    return {
      refused: "has a line that hides what is added, such as one with a quote that does not end",
    };
  const keepsUri =
    variables.MONGODB_URI !== undefined &&
    uri !== undefined &&
    variables.MONGODB_URI !== uri.reveal();
  return { added, keepsUri };
};
