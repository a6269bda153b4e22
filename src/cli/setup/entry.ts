/** What a host's file says about this server. */
import { ConfigError } from "../../config/config.ts";
import { type SettingName, settingOf } from "../../config/settings.ts";
import { credentialNames, type Host } from "./hosts.ts";
import { type Added, addEntry, addInputs, type Replaceable } from "./json-entry.ts";

/** The entry, and what the host asks its user for because of it. */
type Entry = { entry: Record<string, unknown>; inputs: NonNullable<Host["inputs"]> };

/** The files with secrets that the entry names, by the variables that name them. */
type Files = Readonly<Record<string, string>>;

const accounts: readonly (readonly [SettingName, SettingName])[] = [
  ["clientId", "clientSecret"],
  ["publicKey", "privateKey"],
];

const fileVariables = (name: SettingName, files: Files): string[] =>
  settingOf(name)
    .env.map((variable) => `${variable}_FILE`)
    .filter((variable) => Object.hasOwn(files, variable));

const hasFile = (name: SettingName, files: Files): boolean => fileVariables(name, files).length > 0;

/** Whether the files are those of a whole account. */
export const hasAccount = (files: Files): boolean =>
  accounts.some((pair) => pair.every((name) => hasFile(name, files)));

/** The variables of credentials that the host's server still needs: with the files of an account, none. */
const neededFrom = (files: Files): readonly string[] => {
  if (hasAccount(files)) return [];
  const withFile = accounts.flat().filter((name) => hasFile(name, files));
  const given = withFile.flatMap((name) => settingOf(name).env);
  return credentialNames.filter((name) => !given.includes(name));
};

/** Of the accounts of which only one half has a file, the variable of that file, and that of the other half. */
const halves = (files: Files): [file: string, missing: string][] =>
  hasAccount(files)
    ? []
    : accounts.flatMap((pair) => {
        const [set] = pair.flatMap((name) => fileVariables(name, files));
        const missing = pair.find((name) => !hasFile(name, files));
        return set === undefined || missing === undefined ? [] : [[set, settingOf(missing).env[0]]];
      });

/** The variables without which the server does not start, because the other half of the account has a file. */
export const missingHalves = (files: Files): string[] =>
  halves(files).map(([, missing]) => missing);

/** Refuses the file of half an account where the host has no way to give the other half. Throws `ConfigError`. */
export const checkHalves = ({ title, shape, inherits }: Host, files: Files): void => {
  for (const [set, missing] of halves(files)) {
    if (inherits || shape.passed || shape.references?.[missing]) continue;
    throw new ConfigError(
      `${set} is set, but ${missing}_FILE is not: both are needed, because ${title} passes no ${missing} on`,
    );
  }
};

/** The entry of a host. It names the files with secrets, and refers to the user's own credentials for what has no file. */
export const entryOf = (
  { shape, inputs = [] }: Host,
  [command, ...args]: readonly string[],
  files: Files,
): Entry => {
  const needed = neededFrom(files);
  const references = Object.entries(shape.references ?? {}).filter(([name]) =>
    needed.includes(name),
  );
  const variables = { ...Object.fromEntries(references), ...files };
  const referred = references.map(([, to]) => to);
  return {
    entry: {
      ...shape.first,
      ...(shape.joined ? { command: [command, ...args] } : { command, args }),
      ...shape.last,
      ...(shape.passed === undefined || needed.length === 0 ? {} : { [shape.passed]: needed }),
      ...(Object.keys(variables).length === 0 ? {} : { [shape.env]: variables }),
    },
    inputs: inputs.filter(({ id }) => referred.includes(`\${input:${id}}`)),
  };
};

/**
 * Adds an entry to the text of a host's file, which may be empty. One of its name is replaced if `isReplaceable`. Rejects
 * with `SetupError`.
 */
export const addTo = async (
  { format, key }: Host,
  before: string,
  name: string,
  { entry, inputs }: Entry,
  isReplaceable?: Replaceable,
): Promise<Added> => {
  if (format === "toml")
    return (await import("./toml-entry.ts")).addTable(before, key, name, entry, isReplaceable);
  const added = addEntry(before, key, name, entry, isReplaceable);
  if (added.kind === "other") return added;
  const [text, lines] = added.kind === "there" ? [before, []] : [added.text, added.lines];
  const asked = addInputs(text, inputs);
  if (asked.kind !== "added") return added;
  const both = { text: asked.text, lines: [...lines, ...asked.lines] };
  return added.kind === "replaced" ? { ...added, ...both } : { kind: "added", ...both };
};
