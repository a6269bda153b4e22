/** Adds members to JSON that people and hosts write: comments, indentation and everything else stay as they are. */
import { isDeepStrictEqual } from "node:util";
import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type SyntaxKind,
} from "jsonc-parser";
import { parseJsonText, placeOf } from "../../policy/json-text.ts";
import { SetupError } from "./error.ts";

/** What became of a text: the lines are those that were added, without those of an entry that was replaced. */
export type Added =
  | { kind: "added"; text: string; lines: readonly string[] }
  | { kind: "replaced"; text: string; lines: readonly string[]; existing: unknown }
  | { kind: "there" }
  | { kind: "other"; existing: unknown };

/** Whether an entry of the same name may be replaced. */
export type Replaceable = (existing: unknown) => boolean;

// The values of jsonc-parser's SyntaxKind, a const enum that does not exist at run time.
const comma: SyntaxKind = 5;
const lineBreak: SyntaxKind = 14;
const space: SyntaxKind = 15;

/** A byte order mark, and the text after it. */
const splitMark = (text: string): [mark: string, plain: string] =>
  text.startsWith("\uFEFF") ? ["\uFEFF", text.slice(1)] : ["", text];

type Parsed = { body: string; tree: Node };

const parse = (body: string): Parsed => {
  const parsed = parseJsonText(body, { allowTrailingComma: true });
  if ("says" in parsed) {
    const { line, column } = placeOf(body, parsed.offset);
    throw new SetupError(`is not valid JSON (line ${line}, column ${column}: ${parsed.says})`);
  }
  if (parsed.tree.type !== "object") throw new SetupError("is not a JSON object");
  return { body, tree: parsed.tree };
};

/** Whether two values say the same. Parsers make objects of different prototypes. */
export const isSame = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(structuredClone(one), structuredClone(other));

/** The indentation of the line that an offset is in. */
const indentAt = (body: string, offset: number): string =>
  /^[ \t]*/.exec(body.slice(body.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";

const unitOf = (body: string): string => /^[ \t]+(?=")/m.exec(body)?.[0] ?? "  ";

/** A value as people write it: short lists stand on one line. */
const layOut = (value: unknown, unit: string): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const items = Object.entries(value).map(([name, one]) => {
    const text = layOut(one, unit);
    return isList ? text : `${JSON.stringify(name)}: ${text}`;
  });
  const line = `[${items.join(", ")}]`;
  if (isList && line.length <= 80 && !line.includes("\n")) return line;
  const inner = items.map((item) => unit + item.replaceAll("\n", `\n${unit}`)).join(",\n");
  return isList ? `[\n${inner}\n]` : `{\n${inner}\n}`;
};

const eolOf = (body: string): string => (body.includes("\r\n") ? "\r\n" : "\n");

/** The end of what stands in a list before its bracket, comments too, and whether that has a comma after its last item. */
const endOfItems = (body: string, { offset, length, children = [] }: Node) => {
  const last = children.at(-1);
  const from = last === undefined ? offset + 1 : last.offset + last.length;
  const scanner = createScanner(body);
  scanner.setPosition(from);
  let [end, hasComma] = [from, false];
  for (
    let token = scanner.scan();
    scanner.getTokenOffset() < offset + length - 1;
    token = scanner.scan()
  ) {
    if (token === comma) hasComma = true;
    if (token !== lineBreak && token !== space)
      end = scanner.getTokenOffset() + scanner.getTokenLength();
  }
  return { itemsEnd: from, end, needsComma: last !== undefined && !hasComma };
};

/** Adds an item to an object or an array as its last one; `before` is its name and the colon. */
const append = (body: string, list: Node, before: string, value: unknown) => {
  const [eol, unit] = [eolOf(body), unitOf(body)];
  const closing = list.offset + list.length - 1;
  const [first] = list.children ?? [];
  const outer = indentAt(body, list.offset);
  const isOnOwnLine = first !== undefined && body.slice(list.offset, first.offset).includes("\n");
  const inner = isOnOwnLine ? indentAt(body, first.offset) : outer + unit;
  const lines = `${before}${layOut(value, unit)}`.split("\n").map((line) => `${inner}${line}`);
  const { itemsEnd, end, needsComma } = endOfItems(body, list);
  const rest = body.slice(end, closing).includes("\n")
    ? body.slice(end)
    : `${eol}${outer}${body.slice(closing)}`;
  const kept = `${body.slice(0, itemsEnd)}${needsComma ? "," : ""}${body.slice(itemsEnd, end)}`;
  return { text: `${kept}${eol}${lines.join(eol)}${rest}`, lines };
};

/** A member of an object, which must not be there twice: readers differ in which of the two they take. */
const memberOf = (object: Node, name: string): Node | undefined => {
  const members = (object.children ?? []).filter(({ children }) => children?.[0]?.value === name);
  if (members.length > 1) throw new SetupError(`has "${name}" twice`);
  return members[0]?.children?.[1];
};

/** Puts a value in the place of another one. */
const replace = (body: string, { offset, length }: Node, value: unknown): string => {
  const lines = layOut(value, unitOf(body)).split("\n");
  const laidOut = lines.join(`${eolOf(body)}${indentAt(body, offset)}`);
  return `${body.slice(0, offset)}${laidOut}${body.slice(offset + length)}`;
};

/**
 * Adds an entry below a member of a text. One of its name stays unless `isReplaceable`. The text may be empty. Throws
 * `SetupError`, whose message goes on after the path of the file.
 */
export const addEntry = (
  text: string,
  key: string,
  name: string,
  entry: unknown,
  isReplaceable?: Replaceable,
): Added => {
  const [mark, plain] = splitMark(text);
  const { body, tree } = parse(plain.trim() === "" ? `{}${plain || "\n"}` : plain);
  const servers = memberOf(tree, key);
  if (servers === undefined) {
    const added = append(body, tree, `"${key}": `, { [name]: entry });
    return { kind: "added", text: mark + added.text, lines: added.lines };
  }
  if (servers.type !== "object") throw new SetupError(`has a "${key}" that is not an object`);
  const node = memberOf(servers, name);
  if (node !== undefined) {
    const existing: unknown = getNodeValue(node);
    if (isSame(existing, entry)) return { kind: "there" };
    if (!isReplaceable?.(existing)) return { kind: "other", existing };
    return { kind: "replaced", text: mark + replace(body, node, entry), lines: [], existing };
  }
  const added = append(body, servers, `${JSON.stringify(name)}: `, entry);
  return { kind: "added", text: mark + added.text, lines: added.lines };
};

type Input = Readonly<Record<string, unknown>>;

/** Adds what a host asks its user for. One with the same id stays as it is. Throws `SetupError`. */
export const addInputs = (text: string, inputs: readonly Input[]): Added => {
  if (inputs.length === 0) return { kind: "there" };
  const [mark, plain] = splitMark(text);
  const { body, tree } = parse(plain);
  const list = memberOf(tree, "inputs");
  if (list === undefined) {
    const { text: after, lines } = append(body, tree, '"inputs": ', inputs);
    return { kind: "added", text: mark + after, lines };
  }
  if (list.type !== "array") throw new SetupError('has "inputs" that are not a list');
  const ids = list.children?.map((node) => findNodeAtLocation(node, ["id"])?.value);
  const [first, ...rest] = inputs.filter(({ id }) => !ids?.includes(id));
  if (first === undefined) return { kind: "there" };
  const { text: after, lines } = append(body, list, "", first);
  const more = addInputs(mark + after, rest);
  return more.kind === "added"
    ? { ...more, lines: [...lines, ...more.lines] }
    : { kind: "added", text: mark + after, lines };
};
