/** Checks an audit file: whether its lines are intact, and which changes have no outcome. */
import type { Secret } from "../common/secret.ts";
import { readLine } from "./line.ts";
import { linesOf } from "./lines.ts";
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
  /** How many outcomes are of changes whose intent is in an earlier file. */
  begunBefore: number;
  /** Why nothing is known, where every line was written with another secret than the one given and nothing else is wrong. */
  wrongKey: WrongKey | undefined;
};

/** Whose hashes the lines have instead: of another secret (or changed), of some secret where none is given, or of none. */
export type WrongKey = "another" | "some" | "none";

const misfit: Record<WrongKey, string> = {
  another: "it was written with another ATLAS_MCP_SECRET, or changed by somebody without it",
  some: "it was written with an ATLAS_MCP_SECRET, or changed by somebody without it",
  none: "it was written without ATLAS_MCP_SECRET, as anyone can",
};

const changed = "the line was changed";

/** The lines of a chain that have not the hash they should have, though they are as the server writes them. */
type Misfits = { lines: number; findings: Finding[]; unkeyed: number };

const wrongKeyOf = (all: readonly Misfits[], isKeyed: boolean): WrongKey => {
  if (!isKeyed) return "some";
  return all.every(({ findings, unkeyed }) => unkeyed === findings.length) ? "none" : "another";
};

/**
 * A changed line is one among others that fit. Where no line of a chain fits, and it has more than one, the secret is
 * another; a single line is only judged so where the whole file is like it.
 */
const judgeMisfits = (all: readonly Misfits[], isKeyed: boolean): WrongKey | undefined => {
  const whole = (one: Misfits) => one.findings.length === one.lines;
  const isFile = all.length > 0 && all.every(whole);
  for (const one of all.filter((each) => whole(each) && (isFile || each.lines > 1)))
    for (const finding of one.findings) finding.problem = misfit[wrongKeyOf([one], isKeyed)];
  return isFile ? wrongKeyOf(all, isKeyed) : undefined;
};

/** Reads the whole file, line by line. Rejects if it cannot be read. */
export const verifyAudit = async (path: string, secret: Secret | undefined): Promise<Report> => {
  const hash = hashWith(secret);
  const unkeyedHash = hashWith(undefined);
  const misfits = new Map<string, Misfits>();
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
    begunBefore: 0,
    wrongKey: undefined,
  };
  let number = 0;

  const checkText = (line: Line, text: string): string | undefined => {
    const ofChain = misfits.get(line.chain) ?? { lines: 0, findings: [], unkeyed: 0 };
    misfits.set(line.chain, ofChain);
    ofChain.lines += 1;
    // The text is compared too, because different texts can parse to the same value, as with a repeated member.
    if (JSON.stringify(line) !== text) return changed;
    const hashed = hashedText(line);
    if (hash(hashed) === line.hash) return undefined;
    const finding = { line: number, problem: changed };
    report.findings.push(finding);
    ofChain.findings.push(finding);
    if (secret !== undefined && unkeyedHash(hashed) === line.hash) ofChain.unkeyed += 1;
    return undefined;
  };

  const checkPlace = (line: Line): string | undefined => {
    if (line.seen?.some((one) => !known.has(one)))
      return "a line of another process that it had seen is missing";
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
    if (open.delete(line.id)) return undefined;
    if (line.begun === undefined || chains.has(line.begun))
      return "the outcome has no intent before it";
    report.begunBefore += 1;
    return undefined;
  };

  for await (const text of linesOf(path)) {
    number += 1;
    if (text === "") continue;
    const line = text === undefined ? "foreign" : readLine(text);
    if (line === "torn") {
      report.torn.push(number);
      continue;
    }
    if (line === "foreign") {
      report.findings.push({ line: number, problem: "this is not a line of the audit log" });
      continue;
    }
    report.lines += 1;
    for (const problem of [checkText(line, text ?? ""), checkPlace(line), checkChange(line)])
      if (problem !== undefined) report.findings.push({ line: number, problem });
    chains.set(line.chain, { seq: line.seq, hash: line.hash });
    known.add(line.hash);
    // A line that no other line follows is an end of the file.
    for (const one of [line.prev, ...(line.seen ?? [])]) ends.delete(one);
    ends.add(line.hash);
  }
  report.head = [...ends].join(",");
  report.open = [...open.values()];
  const judged = [...misfits.values()];
  const wrongKey = judgeMisfits(judged, secret !== undefined);
  const isOnlyKey =
    judged.reduce((sum, { findings }) => sum + findings.length, 0) === report.findings.length;
  if (isOnlyKey) report.wrongKey = wrongKey;
  return report;
};
