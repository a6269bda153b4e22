/** Checks an audit file: whether its lines hold together, and which changes have no known end. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Secret } from "../common/secret.ts";
import { hashedText, hashWith, type Line } from "./log.ts";

export type Finding = { line: number; problem: string };

export type Report = {
  lines: number;
  changes: number;
  chains: number;
  /** The hash of the last line; where processes wrote at once, that of each one's last line, with commas. Empty for an empty file. */
  head: string;
  /** The hashes of all lines, for a head that was noted earlier. */
  heads: ReadonlySet<string>;
  findings: Finding[];
  /** Lines that were cut off while they were written: what they said was never acted upon, or its end is unknown. */
  torn: number[];
  /** Intents without an outcome. */
  open: Line[];
};

const isText = (one: unknown) => typeof one === "string";

const isLine = (value: unknown): value is Line => {
  if (typeof value !== "object" || value === null) return false;
  const { kind, id, at, tool, chain, seq, prev, hash, resource }: Partial<Line> = value;
  const texts = [kind, id, at, tool, chain, prev, hash, resource?.kind, resource?.name];
  return texts.every(isText) && typeof seq === "number";
};

const beginning = '{"kind":"';

/** A line, the rest of one whose end was never written, or something that no server has written. */
const read = (text: string): Line | "torn" | "foreign" => {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : "foreign";
  } catch {
    return beginning.startsWith(text.slice(0, beginning.length)) ? "torn" : "foreign";
  }
};

/** Reads the whole file, a line at a time. Rejects where it cannot be read. */
export const verifyAudit = async (path: string, secret: Secret | undefined): Promise<Report> => {
  const hash = hashWith(secret);
  const chains = new Map<string, { seq: number; hash: string }>();
  const open = new Map<string, Line>();
  const known = new Set<string>();
  const ends = new Set<string>();
  const report: Report = {
    lines: 0,
    changes: 0,
    chains: 0,
    head: "",
    heads: known,
    findings: [],
    torn: [],
    open: [],
  };
  let number = 0;

  const place = (line: Line): string | undefined => {
    const before = chains.get(line.chain);
    if (before === undefined) {
      report.chains += 1;
      if (line.seq !== 0) return "the lines before it are missing";
      // Two processes that begin an empty file at once both begin with nothing before them.
      return line.prev === "" || known.has(line.prev)
        ? undefined
        : "the line that was last before it is missing";
    }
    if (line.seq !== before.seq + 1) return `line ${before.seq + 1} of its chain is missing`;
    return line.prev === before.hash ? undefined : "the line before it was changed";
  };

  const settle = (line: Line): string | undefined => {
    if (line.kind === "intent") {
      report.changes += 1;
      open.set(line.id, line);
      return undefined;
    }
    if (line.kind !== "outcome") return undefined;
    return open.delete(line.id) ? undefined : "it has no intent before it";
  };

  for await (const text of createInterface({ input: createReadStream(path) })) {
    number += 1;
    if (text === "") continue;
    const line = read(text);
    if (line === "torn") {
      report.torn.push(number);
      continue;
    }
    if (line === "foreign") {
      report.findings.push({ line: number, problem: "no server has written it" });
      continue;
    }
    report.lines += 1;
    // What parses to the same can still read otherwise, such as a member that is there twice.
    const whole = JSON.stringify(line) === text && hash(hashedText(line)) === line.hash;
    const own = whole ? undefined : "it was changed";
    for (const problem of [own, place(line), settle(line)])
      if (problem !== undefined) report.findings.push({ line: number, problem });
    chains.set(line.chain, { seq: line.seq, hash: line.hash });
    known.add(line.hash);
    // A tail can be cut off every chain that no other one begins after.
    ends.delete(line.prev);
    ends.add(line.hash);
  }
  report.head = [...ends].join(",");
  report.open = [...open.values()];
  return report;
};
