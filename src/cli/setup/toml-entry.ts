/** Adds a table to TOML as text, at its end, so that everything else stays as it is. */
import { parse, stringify, TomlError } from "smol-toml";
import { SetupError } from "./error.ts";
import { type Added, isSame, type Replaceable } from "./json-entry.ts";

type Table = Record<string, unknown>;

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const read = (text: string): Table => {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first = ""] = error.message.split("\n");
    const says = first.replace("Invalid TOML document: ", "");
    throw new SetupError(`is not valid TOML (line ${error.line}, column ${error.column}: ${says})`);
  }
};

/** A text, if it says what is expected. Some texts cannot be changed as text. */
const checked = (text: string, expected: Table, otherwise: string): string => {
  try {
    if (isSame(parse(text), expected)) return text;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
  }
  throw new SetupError(otherwise);
};

const eolOf = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");

/** The text with the table at its end. */
const append = (text: string, lines: readonly string[]): string => {
  const eol = eolOf(text);
  const gap = text.trim() === "" ? "" : `${text.endsWith("\n") ? "" : eol}${eol}`;
  return `${text}${gap}${lines.join(eol)}${eol}`;
};

/** The text with the table in the place of the one that is there, and of the tables in it. */
const replace = (text: string, key: string, name: string, lines: readonly string[]): string => {
  const eol = eolOf(text);
  const header = new RegExp(`^\\s*\\[\\s*${key}\\s*\\.\\s*(["']?)${name}\\1\\s*[.\\]]`);
  const kept: string[] = [];
  let [isOwn, isIn] = [false, false];
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*\[/.test(line)) isOwn = header.test(line);
    if (isOwn && !isIn) kept.push(...lines);
    isIn ||= isOwn;
    // What stands before the next table may be about that one.
    const isKept = line.trim() === "" ? kept.at(-1) !== "" : line.trimStart().startsWith("#");
    if (!isOwn || isKept) kept.push(line);
  }
  return kept.join(eol);
};

/** As `addEntry` does for JSON. */
export const addTable = (
  text: string,
  key: string,
  name: string,
  entry: Table,
  isReplaceable?: Replaceable,
): Added => {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const body = text.slice(mark.length);
  const before = read(body);
  const servers = before[key] ?? {};
  if (!isTable(servers)) throw new SetupError(`has a "${key}" that is not a table`);
  const lines = stringify({ [key]: { [name]: entry } })
    .trimEnd()
    .split("\n");
  const expected = { ...before, [key]: { ...servers, [name]: entry } };
  if (!Object.hasOwn(servers, name)) {
    const otherwise = "has its servers in braces, to which no table can be added";
    const after = checked(append(body, lines), expected, otherwise);
    return { kind: "added", text: mark + after, lines };
  }
  const existing = servers[name];
  if (isSame(existing, entry)) return { kind: "there" };
  if (!isReplaceable?.(existing)) return { kind: "other", existing };
  const otherwise = `has ${name} in a form that cannot be replaced; remove it and run this again`;
  const after = checked(replace(body, key, name, lines), expected, otherwise);
  return { kind: "replaced", text: mark + after, lines: [], existing };
};
