/** Parses the arguments of a command. Every problem is a `ConfigError` with one sentence. */
import { ConfigError, type Flags } from "../config/config.ts";
import type { Command, Flag } from "./command.ts";
import { commands, common, stdio } from "./commands.ts";

/** A flag as it was written, and its value. `name` has no dashes. */
type Written = { kind: "flag"; name: string; as: string; value: string | undefined };
type Word = { kind: "word"; text: string; after: Written | undefined };

/** A flag has the same type in every command, so flags can be read before the command is known. */
const types = new Map(
  [stdio, ...Object.values(commands), { flags: common }].flatMap(({ flags }) =>
    Object.entries(flags).map(([name, { type }]) => [name, type] as const),
  ),
);

/** Loaded only for a command line that is wrong. */
const suggest = () => import("./suggest.ts");

const shorts: Readonly<Record<string, string>> = { "-h": "help", "-v": "version" };

// A number may be below nothing. Anything else with a dash is more likely the next flag.
const isValue = (word: string | undefined): boolean =>
  word !== undefined && (!word.startsWith("-") || /^-(\d.*)?$/.test(word));

const readFlag = (word: string): Written => {
  const [as = "", ...rest] = word.split("=");
  const value = rest.length === 0 ? undefined : rest.join("=");
  return { kind: "flag", name: shorts[as] ?? as.replace(/^--?/, ""), as, value };
};

/** Whether a flag is one of ours, as it is written: `-port` is not. */
const isKnown = ({ name, as }: Written): boolean => as === `--${name}` || as in shorts;

/** The flags and words before `--`, and what stands after it. */
type Split = { read: (Written | Word)[]; rest: readonly string[] | undefined };

const split = (args: readonly string[]): Split => {
  const read: (Written | Word)[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    const last = read.at(-1);
    const after = last?.kind === "flag" ? last : undefined;
    if (word === "--") return { read, rest: args.slice(at + 1) };
    if (!/^-./.test(word)) {
      read.push({ kind: "word", text: word, after });
      continue;
    }
    const flag = readFlag(word);
    const next = args[at + 1];
    const takesNext =
      isKnown(flag) && types.get(flag.name) === "string" && flag.value === undefined;
    if (takesNext && isValue(next)) {
      read.push({ ...flag, value: next });
      at += 1;
    } else read.push(flag);
  }
  return { read, rest: undefined };
};

const readValue = ({ as, value }: Written, { type, bare }: Flag): string | boolean => {
  if (type === "boolean") {
    if (value === undefined) return true;
    if (/^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
    throw new ConfigError(`${as} must be true or false, or stand without a value`);
  }
  const text = value ?? bare;
  if (text === undefined)
    throw new ConfigError(
      `${as} needs a value; one that begins with a dash is written ${as}=VALUE`,
    );
  return text;
};

/** The command that the arguments name, and what is left of them. */
const commandIn = (args: readonly string[]): { name: string; rest: readonly string[] } => {
  const [first] = args;
  if (first === undefined || first.startsWith("-")) return { name: "", rest: args };
  return { name: first, rest: args.slice(1) };
};

const find = (name: string): Command | undefined =>
  name === "" ? stdio : Object.hasOwn(commands, name) ? commands[name] : undefined;

/** Only of the command's own: every object has a `constructor`. */
const flagIn = (command: Command, name: string): Flag | undefined => {
  const all = { ...command.flags, ...common };
  return Object.hasOwn(all, name) ? all[name] : undefined;
};

type Named = { name: string; command: Command; words: readonly Word[] };

/** The command, whose name the first word may make longer: `doctor http`. */
const nameCommand = async (first: string, words: readonly Word[]): Promise<Named> => {
  const command = find(first);
  if (command === undefined) throw (await suggest()).unknownCommand(first);
  const longer = `${first} ${words[0]?.text}`;
  const within = first === "" ? undefined : find(longer);
  if (within === undefined) return { name: first, command, words };
  return { name: longer, command: within, words: words.slice(1) };
};

const flagsFor = async ({ name, command }: Named, written: readonly Written[]): Promise<Flags> => {
  const flags: Flags = {};
  for (const one of written) {
    const flag = isKnown(one) ? flagIn(command, one.name) : undefined;
    if (flag === undefined) throw (await suggest()).unknownFlag(one.as, one.name, name);
    const value = readValue(one, flag);
    const before = flags[one.name];
    if (before !== undefined && before !== value)
      throw new ConfigError(`${one.as} is given twice, with different values; give it once`);
    flags[one.name] = value;
  }
  return flags;
};

/** `rest` is what stands after `--`, for a command that starts another program. */
export type Parsed = {
  name: string;
  command: Command;
  flags: Flags;
  words: string[];
  rest: readonly string[] | undefined;
};

/** The words: also those after `--`, unless they belong to another program. */
const wordsIn = (first: string, { read, rest = [] }: Split): Word[] => {
  const words = read.filter((one) => one.kind === "word");
  if (find(first)?.starts) return words;
  return [...words, ...rest.map((text) => ({ kind: "word", text, after: undefined }) as const)];
};

/** Parses the command line. Rejects with what was probably meant. */
export const parseArguments = async (args: readonly string[]): Promise<Parsed> => {
  const { name: first, rest: after } = commandIn(args);
  const parts = split(after);
  const named = await nameCommand(first, wordsIn(first, parts));
  const { name, command, words } = named;
  const flags = await flagsFor(
    named,
    parts.read.filter((one) => one.kind === "flag"),
  );
  const asksForHelp = command.words === 0 && words[0]?.text === "help";
  if (asksForHelp) flags.help = true;
  const [extra] = words.slice(asksForHelp ? 1 : command.words);
  if (extra !== undefined)
    throw (await suggest()).unexpectedWord(extra.text, extra.after?.as, name);
  return { name, command, flags, words: words.map(({ text }) => text), rest: parts.rest };
};
