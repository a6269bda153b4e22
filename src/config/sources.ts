/** Finds the text of each setting: in a flag, in a variable, or in the file that a variable names. */
import { ConfigError } from "./error.ts";
import { homePath } from "./home.ts";
import { readNamedFile } from "./named-file.ts";
import {
  isEmptyField,
  isPathOfExample,
  isQuoted,
  placeholderIn,
  unfilled,
} from "./placeholders.ts";
import { type NamedSetting, type SettingName, settings } from "./settings.ts";

export type Flags = Partial<Record<string, string | boolean>>;

/** The text of a setting, and the variable or flag that it came from. */
export type Source = { value: string; from: string };

export type Sources = ReadonlyMap<string, Source>;

/** Why a text counts as not set; undefined if it does not. Hosts pass the empty fields of their forms. */
const whyUnset = (text: string): string | undefined => {
  const trimmed = text.trim();
  if (trimmed === "") return "empty";
  return isEmptyField(trimmed) ? `only ${trimmed}, an empty field of the host` : undefined;
};

/** Whether a variable counts as not set. */
export const isUnset = (text: string | undefined): boolean =>
  text === undefined || whyUnset(text) !== undefined;

const refusePlaceholder = (text: string, from: string, isPath: boolean): void => {
  const placeholder = placeholderIn(text.trim(), isPath);
  if (placeholder !== undefined) throw new ConfigError(unfilled(from, placeholder));
};

/** Refuses what was copied from an example or a shell as it stands there. */
const refuseCopied = (text: string, from: string, { path, verbatim }: Kind): void => {
  const trimmed = text.trim();
  if (verbatim !== true && isQuoted(trimmed))
    throw new ConfigError(`${from} is in quotes; remove them`);
  if (path === true && isPathOfExample(trimmed))
    throw new ConfigError(`${from} is the path of an example, /path/to/...; write your own`);
};

type Kind = { path?: boolean; verbatim?: boolean };

/** What a variable or a flag says; undefined if it counts as not set, which `notes` then tells. */
export const given = (
  text: string | boolean | undefined,
  from: string,
  { path, verbatim }: Kind,
  notes: string[],
): Source | undefined => {
  if (text === undefined) return undefined;
  const value = String(text);
  const unset = whyUnset(value);
  if (unset !== undefined) {
    notes.push(`${from} is set but ${unset}: it counts as not set`);
    return undefined;
  }
  refusePlaceholder(value, from, path === true);
  refuseCopied(value, from, { path: path === true, verbatim: verbatim === true });
  return { value: verbatim ? value : value.trim(), from };
};

type Candidate = { source: Source | undefined; isFile?: true };

/** All that is given for a setting: the flag wins, then the first variable. */
const candidatesFor = (
  setting: NamedSetting,
  env: NodeJS.ProcessEnv,
  flags: Flags,
  notes: string[],
): Candidate[] => [
  ...(setting.flag === undefined
    ? []
    : [{ source: given(flags[setting.flag], `--${setting.flag}`, setting, notes) }]),
  ...setting.env.flatMap((name): Candidate[] => {
    const own: Candidate = { source: given(env[name], name, setting, notes) };
    if (!setting.file) return [own];
    const variable = `${name}_FILE`;
    return [own, { source: given(env[variable], variable, { path: true }, notes), isFile: true }];
  }),
];

const fromFile = (path: string, from: string, { verbatim }: Kind): Source => {
  const text = readNamedFile({ path, from }, { pipe: true, secret: true });
  refusePlaceholder(text, `${from}: the file`, false);
  refuseCopied(text, `${from}: the text in the file`, { verbatim: verbatim === true });
  return { value: verbatim ? text : text.trim(), from };
};

/** Where a setting comes from. Throws `ConfigError` for a placeholder, also in what does not count. */
export const sourceOf = (
  setting: NamedSetting,
  env: NodeJS.ProcessEnv,
  flags: Flags = {},
  notes: string[] = [],
): Source | undefined => {
  const candidates = candidatesFor(setting, env, flags, notes);
  const { source, isFile } = candidates.find((one) => one.source !== undefined) ?? {};
  if (source === undefined) return undefined;
  const { value, from } = source;
  if (isFile) return fromFile(homePath(value, from, env), from, setting);
  return setting.path ? { value: homePath(value, from, env), from } : source;
};

/** Where all settings come from, with notes on what counts as not set. */
export const readSources = (
  env: NodeJS.ProcessEnv,
  flags: Flags,
): { sources: Sources; notes: readonly string[] } => {
  const notes: string[] = [];
  const sources = new Map<SettingName, Source>();
  for (const setting of settings) {
    const source = sourceOf(setting, env, flags, notes);
    if (source !== undefined) sources.set(setting.name, source);
  }
  return { sources, notes };
};
