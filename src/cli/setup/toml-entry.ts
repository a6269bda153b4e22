/** Adds a table to TOML as text, at its end, so that everything else stays as it is. */
import { parse, stringify, TomlError } from "smol-toml";
import { SetupError } from "./error.ts";
import { type Added, isSame } from "./json-entry.ts";

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

/** The text with the table, if it then says what it said before, and the table. Some texts cannot be added to. */
const appended = (text: string, lines: readonly string[], expected: Table): string => {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text.trim() === "" ? "" : `${text.endsWith("\n") ? "" : eol}${eol}`;
  const all = `${text}${gap}${lines.join(eol)}${eol}`;
  try {
    if (isSame(parse(all), expected)) return all;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
  }
  throw new SetupError("has its servers in braces, to which no table can be added");
};

/** As `addEntry` does for JSON. */
export const addTable = (text: string, key: string, name: string, entry: Table): Added => {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const body = text.slice(mark.length);
  const before = read(body);
  const servers = before[key] ?? {};
  if (!isTable(servers)) throw new SetupError(`has a "${key}" that is not a table`);
  const existing = servers[name];
  if (existing !== undefined)
    return isSame(existing, entry) ? { kind: "there" } : { kind: "other", existing };
  const lines = stringify({ [key]: { [name]: entry } })
    .trimEnd()
    .split("\n");
  const expected = { ...before, [key]: { ...servers, [name]: entry } };
  return { kind: "added", text: mark + appended(body, lines, expected), lines };
};
