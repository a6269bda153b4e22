/** Recognizes the lines of an audit file. */
import { parseJson } from "../common/json.ts";
import type { Line } from "./log.ts";

const isText = (one: unknown) => typeof one === "string";

const isLine = (value: unknown): value is Line => {
  if (typeof value !== "object" || value === null) return false;
  const { kind, id, at, tool, chain, seq, prev, hash, resource, seen }: Partial<Line> = value;
  const texts = [kind, id, at, tool, chain, prev, hash, resource?.kind, resource?.name];
  const others: unknown = seen ?? [];
  const isSeen = Array.isArray(others) && others.every(isText);
  return isSeen && texts.every(isText) && typeof seq === "number";
};

// Lines began with the id before they began with the kind.
const beginnings = [
  ...["intent", "outcome", "denied", "declined", "fetched"].map(
    (kind) => `{"kind":"${kind}","id":"`,
  ),
  '{"id":"',
];

/** A line, the beginning of one that was cut off (`torn`), or text that this server did not write (`foreign`). */
export const readLine = (text: string): Line | "torn" | "foreign" => {
  const json = parseJson(text);
  if (json !== undefined) return isLine(json.value) ? json.value : "foreign";
  // After a loss of power, some file systems have zeros where the rest was to be.
  const written = text.replace(/\0+$/, "");
  const isTorn =
    text.startsWith("\0") || beginnings.some((one) => one.startsWith(written.slice(0, one.length)));
  return isTorn ? "torn" : "foreign";
};
