import type { Change, ChangeName } from "../api/operation.ts";

/**
 * A scripted misfortune: what it changes in the operation, and how it spoils the answer. Parts joined
 * by `+` befall one request together, as in `stale_reads:2+commit_then_reset`.
 */
export type Fault = { name: string; changes: readonly Change[]; strike?: Strike };

/** A spoilt answer: given instead of acting, or after it. */
type Strike = { acts: boolean; effect: Effect };

/** How an answer is spoilt. */
export type Effect =
  | { kind: "reset" | "hang" | "truncate" | "html_503" | "empty_401" }
  | { kind: "error"; status: number; errorCode: string }
  | { kind: "rate_limit"; seconds: number; header: boolean }
  | { kind: "delay"; milliseconds: number };

const change = (name: ChangeName, count = 1): Part => ({ change: { name, count } });

type Part = { change: Change } | { strike: Strike };
type Form = { shown: string; pattern: RegExp; read(first: string, second: string): Part };

const WIRE = ["reset", "hang", "truncate"] as const;

// The wait that the recorded 429 asks for.
const RATE_LIMIT_SECONDS = 55;

const form = (shown: string, read: Form["read"]): Form => {
  const pattern = shown
    .replace("<status>", "([45][0-9]{2})")
    .replace("<errorCode>", "([A-Z0-9_]*)")
    .replace(/<(ms|n|seconds)>/, "([0-9]{1,7})");
  return { shown, pattern: new RegExp(`^${pattern}$`), read };
};

const instead = (effect: Effect): Part => ({ strike: { acts: false, effect } });

const after = (effect: Effect): Part => ({ strike: { acts: true, effect } });

const error = (status: string, errorCode: string): Effect => ({
  kind: "error",
  status: Number(status),
  errorCode,
});

const rateLimit = (seconds: number, header: boolean): Part =>
  instead({ kind: "rate_limit", seconds, header });

const FORMS: readonly Form[] = [
  ...WIRE.map((kind) => form(kind, () => instead({ kind }))),
  form("html_503", () => instead({ kind: "html_503" })),
  form("empty_401", () => instead({ kind: "empty_401" })),
  form("error:<status>:<errorCode>", (status, code) => instead(error(status, code))),
  form("rate_limit", () => rateLimit(RATE_LIMIT_SECONDS, true)),
  form("rate_limit:<seconds>", (seconds) => rateLimit(Number(seconds), true)),
  form("rate_limit_no_header", () => rateLimit(RATE_LIMIT_SECONDS, false)),
  form("delay:<ms>", (ms) => after({ kind: "delay", milliseconds: Number(ms) })),
  ...WIRE.map((kind) => form(`commit_then_${kind}`, () => after({ kind }))),
  form("commit_then_500", () => after(error("500", "UNEXPECTED_ERROR"))),
  form("commit_then_error:<status>:<errorCode>", (status, code) => after(error(status, code))),
  form("stale_reads:<n>", (reads) => change("stale_reads", Number(reads))),
  form("stuck_creating", () => change("stuck_creating")),
  form("ignored_delete", () => change("ignored_delete")),
  form("racy", () => change("racy")),
];

/** The faults that can be scripted, as a caller writes them. */
export const KNOWN_FAULTS: readonly string[] = FORMS.map(({ shown }) => shown);

const parsePart = (text: string): Part | undefined => {
  for (const { pattern, read } of FORMS) {
    const match = pattern.exec(text);
    if (match !== null) return read(match[1] ?? "", match[2] ?? "");
  }
  return undefined;
};

/** Reads a fault as it is written in a script; undefined where it is none. */
export const parseFault = (name: string): Fault | undefined => {
  const changes: Change[] = [];
  const strikes: Strike[] = [];
  for (const text of name.split("+")) {
    const part = parsePart(text);
    if (part === undefined) return undefined;
    if ("change" in part) changes.push(part.change);
    else strikes.push(part.strike);
  }
  const [strike, ...others] = strikes;
  if (others.length > 0) return undefined;
  return { name, changes, ...(strike === undefined ? {} : { strike }) };
};
