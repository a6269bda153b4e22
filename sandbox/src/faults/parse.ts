/** The faults that can be scripted, and their syntax. */
import type { OperationFault, OperationFaultName } from "../api/operation.ts";
import { takesProblem } from "../errors/api-error.ts";

/**
 * A scripted fault: what it changes in the operation, and how it distorts the response. Parts joined by `+` apply to the
 * same request, as in `stale_reads:2+commit_then_reset`.
 */
export type Fault = {
  name: string;
  operationFaults: readonly OperationFault[];
  distortion?: Distortion;
};

/** A distorted response: after the operation if it `commits`, otherwise instead of it. */
type Distortion = { commits: boolean; effect: Effect };

/** How a response is distorted. */
export type Effect =
  | { kind: "reset" | "hang" | "truncate" | "html_503" | "empty_401" }
  | { kind: "error"; status: number; errorCode: string; problem?: string }
  | { kind: "rate_limit"; seconds: number; header: boolean }
  | { kind: "delay"; milliseconds: number };

type Part = { operationFault: OperationFault } | { distortion: Distortion };
type FaultForm = {
  syntax: string;
  pattern: RegExp;
  read(first: string, second: string, third: string): Part | undefined;
};

const connectionEffects = ["reset", "hang", "truncate"] as const;

/** As in the recorded 429. */
const defaultRetryAfterSeconds = 55;

const form = (syntax: string, read: FaultForm["read"]): FaultForm => {
  const pattern = syntax
    .replace("<status>", "([45][0-9]{2})")
    .replace("<errorCode>", "([A-Z0-9_]*)")
    .replace("<problem>", "([^+]+)")
    .replace(/<(ms|n|seconds)>/, "([0-9]{1,7})");
  return { syntax, pattern: new RegExp(`^${pattern}$`), read };
};

const beforeCommit = (effect: Effect): Part => ({ distortion: { commits: false, effect } });

const afterCommit = (effect: Effect): Part => ({ distortion: { commits: true, effect } });

const errorEffect = (status: string, errorCode: string): Effect => ({
  kind: "error",
  status: Number(status),
  errorCode,
});

/** Only for codes whose text has a place for the problem. */
const problemEffect = (
  commits: boolean,
  status: string,
  errorCode: string,
  problem: string,
): Part | undefined => {
  if (!takesProblem(errorCode)) return undefined;
  const effect: Effect = { kind: "error", status: Number(status), errorCode, problem };
  return { distortion: { commits, effect } };
};

const rateLimit = (seconds: number, header: boolean): Part =>
  beforeCommit({ kind: "rate_limit", seconds, header });

const operationFault = (name: OperationFaultName, count = 1): Part => ({
  operationFault: { name, count },
});

const faultForms: readonly FaultForm[] = [
  ...connectionEffects.map((kind) => form(kind, () => beforeCommit({ kind }))),
  form("html_503", () => beforeCommit({ kind: "html_503" })),
  form("empty_401", () => beforeCommit({ kind: "empty_401" })),
  form("error:<status>:<errorCode>", (status, code) => beforeCommit(errorEffect(status, code))),
  form("error:<status>:<errorCode>:<problem>", (status, code, problem) =>
    problemEffect(false, status, code, problem),
  ),
  form("rate_limit", () => rateLimit(defaultRetryAfterSeconds, true)),
  form("rate_limit:<seconds>", (seconds) => rateLimit(Number(seconds), true)),
  form("rate_limit_no_header", () => rateLimit(defaultRetryAfterSeconds, false)),
  // The operation runs and its response goes out as it is, both of them late.
  form("delay:<ms>", (ms) => afterCommit({ kind: "delay", milliseconds: Number(ms) })),
  ...connectionEffects.map((kind) => form(`commit_then_${kind}`, () => afterCommit({ kind }))),
  form("commit_then_500", () => afterCommit(errorEffect("500", "UNEXPECTED_ERROR"))),
  form("commit_then_error:<status>:<errorCode>", (status, code) =>
    afterCommit(errorEffect(status, code)),
  ),
  form("commit_then_error:<status>:<errorCode>:<problem>", (status, code, problem) =>
    problemEffect(true, status, code, problem),
  ),
  form("stale_reads:<n>", (reads) => operationFault("stale_reads", Number(reads))),
  form("stuck_creating", () => operationFault("stuck_creating")),
  form("ignored_delete", () => operationFault("ignored_delete")),
  form("racy", () => operationFault("racy", Number.POSITIVE_INFINITY)),
  form("racy:<ms>", (ms) => operationFault("racy", Number(ms))),
];

/** The faults that can be scripted, in the syntax of a script. */
export const knownFaults: readonly string[] = faultForms.map(({ syntax }) => syntax);

const parsePart = (text: string): Part | undefined => {
  for (const { pattern, read } of faultForms) {
    const match = pattern.exec(text);
    if (match !== null) return read(match[1] ?? "", match[2] ?? "", match[3] ?? "");
  }
  return undefined;
};

/** Reads a fault in the syntax of a script; undefined if there is no such fault. */
export const parseFault = (name: string): Fault | undefined => {
  const operationFaults: OperationFault[] = [];
  const distortions: Distortion[] = [];
  for (const text of name.split("+")) {
    const part = parsePart(text);
    if (part === undefined) return undefined;
    if ("operationFault" in part) operationFaults.push(part.operationFault);
    else distortions.push(part.distortion);
  }
  const [distortion, ...others] = distortions;
  if (others.length > 0) return undefined;
  return { name, operationFaults, ...(distortion === undefined ? {} : { distortion }) };
};
