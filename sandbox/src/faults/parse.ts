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
  | { kind: "reset" | "hang" | "truncate" | "foreign" }
  | { kind: "delay"; milliseconds: number }
  | Replacement;

/** A response that does not depend on the real one. */
export type Replacement =
  | { kind: "error"; status: number; errorCode: string; problem?: string }
  | { kind: "rate_limit"; seconds: number; header: boolean }
  | { kind: "html" | "json_portal"; status: number }
  | { kind: "empty_401" };

type Part = { operationFault: OperationFault } | { distortion: Distortion };

/** Reads what the placeholders of a syntax stand for; undefined if the values do not go together. */
type Read<T> = (first: string, second: string, third: string) => T | undefined;
type FaultForm<Syntax extends string> = { syntax: Syntax; pattern: RegExp; read: Read<Part> };

/** As in the recorded 429. */
const defaultRetryAfterSeconds = 55;

const form = <Syntax extends string>(syntax: Syntax, read: Read<Part>): FaultForm<Syntax> => {
  const pattern = syntax
    .replace("<status>", "([2-5][0-9]{2})")
    .replace("<errorCode>", "([A-Z0-9_]*)")
    .replace("<problem>", "([^+]+)")
    .replace(/<(ms|n|seconds)>/, "([0-9]{1,7})");
  return { syntax, pattern: new RegExp(`^${pattern}$`), read };
};

const distortionForm = <Syntax extends string>(
  syntax: Syntax,
  commits: boolean,
  read: Read<Effect>,
): FaultForm<Syntax> =>
  form(syntax, (...values) => {
    const effect = read(...values);
    return effect === undefined ? undefined : { distortion: { commits, effect } };
  });

const before = <Syntax extends string>(syntax: Syntax, read: Read<Effect>): FaultForm<Syntax> =>
  distortionForm(syntax, false, read);

const after = <Syntax extends string>(syntax: Syntax, read: Read<Effect>): FaultForm<Syntax> =>
  distortionForm(syntax, true, read);

/** The same effect instead of the operation, and after it. */
const beforeAndAfter = <Syntax extends string>(
  syntax: Syntax,
  read: Read<Effect>,
): [FaultForm<Syntax>, FaultForm<`commit_then_${Syntax}`>] => [
  before(syntax, read),
  after(`commit_then_${syntax}`, read),
];

const readError: Read<Effect> = (status, errorCode) =>
  Number(status) < 400 ? undefined : { kind: "error", status: Number(status), errorCode };

/** Only for codes whose text has a place for the problem. */
const readErrorWithProblem: Read<Effect> = (status, errorCode, problem) => {
  if (Number(status) < 400 || !takesProblem(errorCode)) return undefined;
  return { kind: "error", status: Number(status), errorCode, problem };
};

const rateLimit = (seconds: number, header: boolean): Effect => ({
  kind: "rate_limit",
  seconds,
  header,
});

const operationFault = (name: OperationFaultName, count = 1): Part => ({
  operationFault: { name, count },
});

const faultForms = [
  ...beforeAndAfter("reset", () => ({ kind: "reset" })),
  ...beforeAndAfter("hang", () => ({ kind: "hang" })),
  ...beforeAndAfter("truncate", () => ({ kind: "truncate" })),
  ...beforeAndAfter("error:<status>:<errorCode>", readError),
  ...beforeAndAfter("error:<status>:<errorCode>:<problem>", readErrorWithProblem),
  ...beforeAndAfter("html:<status>", (status) => ({ kind: "html", status: Number(status) })),
  ...beforeAndAfter("json_portal", () => ({ kind: "json_portal", status: 200 })),
  ...beforeAndAfter("json_portal:<status>", (status) => ({
    kind: "json_portal",
    status: Number(status),
  })),
  ...beforeAndAfter("foreign", () => ({ kind: "foreign" })),
  before("html_503", () => ({ kind: "html", status: 503 })),
  before("empty_401", () => ({ kind: "empty_401" })),
  before("rate_limit", () => rateLimit(defaultRetryAfterSeconds, true)),
  before("rate_limit:<seconds>", (seconds) => rateLimit(Number(seconds), true)),
  before("rate_limit_no_header", () => rateLimit(defaultRetryAfterSeconds, false)),
  after("commit_then_500", () => ({ kind: "error", status: 500, errorCode: "UNEXPECTED_ERROR" })),
  // The operation runs and its response goes out as it is, both of them late.
  after("delay:<ms>", (ms) => ({ kind: "delay", milliseconds: Number(ms) })),
  form("stale_reads:<n>", (reads) => operationFault("stale_reads", Number(reads))),
  form("stuck_creating", () => operationFault("stuck_creating")),
  form("updating", () => operationFault("updating")),
  form("late_strings", () => operationFault("late_strings")),
  form("user_cannot_access_group", () => operationFault("user_cannot_access_group")),
  form("user_cannot_access_group:<n>", (reads) =>
    operationFault("user_cannot_access_group", Number(reads)),
  ),
  form("ignored_delete", () => operationFault("ignored_delete")),
  form("racy", () => operationFault("racy", Number.POSITIVE_INFINITY)),
  form("racy:<ms>", (ms) => operationFault("racy", Number(ms))),
];

const syntaxesOf = <Syntax extends string>(forms: readonly FaultForm<Syntax>[]): Syntax[] =>
  forms.map(({ syntax }) => syntax);

/** The faults that can be scripted, in the syntax of a script. */
export const knownFaults = syntaxesOf(faultForms);

/** A syntax with values for its placeholders. */
type Filled<Syntax extends string> = Syntax extends `${infer Start}<${infer Name}>${infer Rest}`
  ? `${Start}${Name extends "errorCode" | "problem" ? string : number}${Filled<Rest>}`
  : Syntax;

type OneFault = Filled<(typeof knownFaults)[number]>;

/** A fault of a script, or two that apply to the same request. A third is checked only when it is added. */
export type FaultName = OneFault | `${OneFault}+${OneFault}` | `${OneFault}+${OneFault}+${string}`;

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
