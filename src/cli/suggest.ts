/** What was probably meant by arguments that no command knows. */
import { nearest } from "../common/spelling.ts";
import { visible } from "../common/visible.ts";
import { ConfigError } from "../config/config.ts";
import { type NamedSetting, settings } from "../config/settings.ts";
import { commands, common, stdio } from "./commands.ts";

/** A word of the command line for a message: one short line, and no value, which may be a secret. */
const shown = (word: string): string => {
  const [name = "", ...value] = word.split("=");
  const cut = name.length > 60 ? `${name.slice(0, 60)}...` : name;
  return `${visible(cut)}${value.length > 0 ? "=..." : ""}`;
};

/** A name without what people leave out or write differently. */
const plain = (name: string): string => name.replace(/[^a-z0-9]/gi, "").toLowerCase();

const pageOf = (command: string): string => (command === "" ? "--help" : `${command} --help`);

const unknown = (what: string, word: string, hint: string): ConfigError =>
  new ConfigError(`Unknown ${what} '${shown(word)}'; ${hint}`);

const topCommands = Object.keys(commands).filter((name) => !name.includes(" "));

/** What other programs call the command that serves. */
const serving = /^(stdio|serve|server|start|mcp)$/i;

/** The command of two words that has this one as its second. */
const longerCommand = (word: string): string | undefined =>
  Object.keys(commands).find((name) => !topCommands.includes(name) && name.endsWith(` ${word}`));

export const unknownCommand = (word: string): ConfigError => {
  if (serving.test(word))
    return unknown(
      "command",
      word,
      "without a command the program serves MCP over stdio, and 'http' serves it over HTTP",
    );
  const [first = "", more] = word.trim().split(/\s+/);
  if (more !== undefined && topCommands.includes(first))
    return unknown("command", word, `write it as several arguments, of which '${first}' is one`);
  const meant = longerCommand(word) ?? nearest(word, ["help", "version", ...topCommands]);
  return unknown("command", word, meant === undefined ? "see --help" : `did you mean '${meant}'?`);
};

type Names = readonly (readonly [flag: string, spelling: string])[];

/** The names of a setting: in the code, as variables. */
const spellingsOf = ({ name, env }: NamedSetting): string[] => [name, ...env];

/** The flags of a command by all the names that people know them by. */
const namesIn = (command: string): Names => {
  const flags = { ...(commands[command] ?? stdio).flags, ...common };
  const others = settings.flatMap((setting) =>
    setting.flag !== undefined && Object.hasOwn(flags, setting.flag)
      ? spellingsOf(setting).map((one) => [setting.flag ?? "", one] as const)
      : [],
  );
  return [
    ...Object.keys(flags).map((name) => [name, name] as const),
    ...others,
    ["help", "h"],
    ["version", "v"],
  ];
};

/** The flag that differs at most in hyphens and case, or that begins so and is the only one. */
const sameName = (name: string, names: Names): string | undefined => {
  const wanted = plain(name);
  const same = names.find(([, one]) => plain(one) === wanted);
  if (same !== undefined || wanted.length < 3) return same?.[0];
  const begun = new Set(
    names.map(([flag]) => flag).filter((flag) => plain(flag).startsWith(wanted)),
  );
  return begun.size === 1 ? [...begun][0] : undefined;
};

const nearName = (name: string, names: Names): string | undefined => {
  const spellings = names.map(([, one]) => plain(one));
  const meant = nearest(plain(name), spellings);
  return meant === undefined ? undefined : names[spellings.indexOf(meant)]?.[0];
};

/** A switch that was turned off with `no-`. */
const switchedOff = (name: string, command: string, names: Names): string | undefined => {
  if (!/^no-?/i.test(name)) return undefined;
  const flag = sameName(name.replace(/^no-?/i, ""), names);
  const isSwitch =
    flag !== undefined && (commands[command] ?? stdio).flags[flag]?.type === "boolean";
  return isSwitch ? `${flag}=false` : undefined;
};

/** The commands that have this flag: those within the given one, if there are any. */
const ownersOf = (flag: string, command: string): string[] => {
  const owners = Object.keys(commands).filter((name) =>
    Object.hasOwn(commands[name]?.flags ?? {}, flag),
  );
  const within = owners.filter((name) => name.startsWith(`${command} `));
  return within.length > 0 ? within : owners.filter((name) => topCommands.includes(name));
};

/** A setting that only variables set, so that no list of processes shows it. */
const variableFor = (name: string): string | undefined =>
  settings.find(
    (setting) =>
      setting.flag === undefined && spellingsOf(setting).some((one) => plain(one) === plain(name)),
  )?.env[0];

const hintFor = (name: string, command: string): string => {
  const own = namesIn(command);
  const [first = "", more] = name.split(/\s+/);
  if (more !== undefined && sameName(first, own) !== undefined)
    return "write the flag and its value as two arguments";
  const meant = sameName(name, own) ?? switchedOff(name, command, own);
  if (meant !== undefined) return `did you mean '--${meant}'?`;
  const variable = variableFor(name);
  if (variable !== undefined && !command.endsWith("sandbox"))
    return `set the variable ${variable}, since flags are shown to all users of a machine`;
  const owners = ownersOf(name, command);
  if (owners.length > 0) {
    const [last, ...rest] = owners.toReversed();
    const list = rest.length === 0 ? last : `${rest.toReversed().join(", ")} and ${last}`;
    return `it belongs to ${list} (see ${pageOf(owners[0] ?? "")})`;
  }
  const near = nearName(name, own);
  if (near !== undefined) return `did you mean '--${near}'?`;
  const owner = topCommands.find((one) => nearName(name, namesIn(one)) !== undefined);
  const other = owner === undefined ? undefined : nearName(name, namesIn(owner));
  if (other !== undefined) return `did you mean '--${other}', which belongs to ${owner}?`;
  const meantCommand = command === "" ? nearest(name, topCommands) : undefined;
  if (meantCommand !== undefined) return `did you mean the command '${meantCommand}'?`;
  return `see ${pageOf(command)}`;
};

/** `as` is the flag as it was written, `name` without dashes; `command` is empty for stdio. */
export const unknownFlag = (as: string, name: string, command: string): ConfigError =>
  unknown("flag", as.split(/\s/)[0] ?? "", hintFor(name, command));

/** A word where none is taken. `after` is the flag before it, which takes no value. */
export const unexpectedWord = (
  word: string,
  after: string | undefined,
  command: string,
): ConfigError => {
  const say = (hint: string) => new ConfigError(`Unexpected argument '${shown(word)}'; ${hint}`);
  if (after !== undefined && /^(true|false|yes|no|on|off|[01])$/i.test(word))
    return say(`write ${after}=${/^(true|yes|on|1)$/i.test(word) ? "true" : "false"}`);
  if (commands[command]?.starts)
    return say(`what ${command} starts comes after --: ${commands[command]?.usage}`);
  if (command === "" && topCommands.includes(word))
    return say(`the command comes first: ${word}, then its flags`);
  if (Object.hasOwn(commands, `${word} ${command}`))
    return say(`did you mean '${word} ${command}'?`);
  const seconds = Object.keys(commands).flatMap((name) =>
    name.startsWith(`${command} `) ? [name.slice(command.length + 1)] : [],
  );
  const second = nearest(word, seconds);
  if (second !== undefined)
    return unknown("command", `${command} ${word}`, `did you mean '${command} ${second}'?`);
  if (command === "audit") return say(`use: ${commands.audit?.usage}`);
  const flag = sameName(word, namesIn(command)) ?? nearName(word, namesIn(command));
  return say(flag === undefined ? `see ${pageOf(command)}` : `did you mean '--${flag}'?`);
};
