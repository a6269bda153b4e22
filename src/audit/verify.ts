/** Checks an audit file: whether its lines are intact, and which changes have no outcome. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Secret } from "../common/secret.ts";
import { readLine } from "./line.ts";
import { hashedText, hashWith, type Line } from "./log.ts";

export type Finding = { line: number; problem: string };

export type Report = {
  lines: number;
  changes: number;
  chains: number;
  /** The hash of the last line. If several processes wrote at once, the hashes of their last lines, separated by commas. */
  head: string;
  /** The hashes of all lines, to compare with a head that was noted earlier. */
  heads: ReadonlySet<string>;
  findings: Finding[];
  /** Lines that were cut off while they were written. Their change was not sent, or its outcome is unknown. */
  torn: number[];
  /** Intents without an outcome. */
  open: Line[];
};

/** Reads the whole file, line by line. Rejects if it cannot be read. */
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

  const checkPlace = (line: Line): string | undefined => {
    const before = chains.get(line.chain);
    if (before === undefined) {
      report.chains += 1;
      if (line.seq !== 0) return "the lines before it are missing";
      // Two processes that open an empty file at once both begin without a line before theirs.
      return line.prev === "" || known.has(line.prev)
        ? undefined
        : "the line that its chain begins after is missing";
    }
    if (line.seq !== before.seq + 1) return `line ${before.seq + 1} of its chain is missing`;
    return line.prev === before.hash ? undefined : "the line before it was changed";
  };

  const checkChange = (line: Line): string | undefined => {
    if (line.kind === "intent") {
      report.changes += 1;
      open.set(line.id, line);
      return undefined;
    }
    if (line.kind !== "outcome") return undefined;
    return open.delete(line.id) ? undefined : "the outcome has no intent before it";
  };

  for await (const text of createInterface({ input: createReadStream(path) })) {
    number += 1;
    if (text === "") continue;
    const line = readLine(text);
    if (line === "torn") {
      report.torn.push(number);
      continue;
    }
    if (line === "foreign") {
      report.findings.push({ line: number, problem: "this is not a line of the audit log" });
      continue;
    }
    report.lines += 1;
    // The text is compared too, because different texts can parse to the same value, as with a repeated member.
    const isIntact = JSON.stringify(line) === text && hash(hashedText(line)) === line.hash;
    const changed = isIntact ? undefined : "the line was changed";
    for (const problem of [changed, checkPlace(line), checkChange(line)])
      if (problem !== undefined) report.findings.push({ line: number, problem });
    chains.set(line.chain, { seq: line.seq, hash: line.hash });
    known.add(line.hash);
    // A line that no other line follows is an end of the file.
    ends.delete(line.prev);
    ends.add(line.hash);
  }
  report.head = [...ends].join(",");
  report.open = [...open.values()];
  return report;
};
