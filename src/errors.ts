/** What went wrong, as data: the one error union, its constructors, and how an Atlas answer becomes one. */
import {
  type Advice,
  type ErrorCode,
  type ErrorRow,
  errorRows,
  type Retry,
} from "./error-table.ts";

/** What is true in Atlas after a call that failed. */
export type FailureOutcome = "not_created" | "not_deleted" | "exists" | "unknown" | "no_change";

/** One bad argument: its path in the arguments, what is wrong, and a value that would pass. */
export type FieldProblem = { path: string; problem: string; example?: unknown };

/** One argument that differs from what exists in Atlas. */
export type Difference = { field: string; yours: unknown; existing: unknown };

/** Atlas's own words, quoted as data: capped and stripped of control characters. */
type AtlasQuote = {
  status: number;
  errorCode?: string;
  reason?: string;
  detail?: string;
  requestId?: string;
};

/** A call that the runner turns into a next action: an advice key, or the same call with changes. */
export type Hint = { advice: Advice; with?: Record<string, unknown>; why?: string };

/** One failure. `outcome` is filled in by the runner where the failure does not decide it. */
export type Failure = {
  code: ErrorCode;
  message: string;
  outcome?: FailureOutcome;
  retry: Retry;
  retryAfterSeconds?: number;
  fields?: FieldProblem[];
  existing?: unknown;
  differences?: Difference[];
  identical?: boolean;
  atlas?: AtlasQuote;
  hints: Hint[];
};

/** The one thing that is thrown on purpose; whatever else is thrown is a fault of ours (`internal`). */
export class AtlasToolError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.name = "AtlasToolError";
    this.failure = failure;
  }
}

type FailureParts = Partial<Omit<Failure, "code" | "message">>;

/** Builds a failure; `retry` is `after_fix` and there are no hints unless `parts` says otherwise. */
export const failure = (code: ErrorCode, message: string, parts: FailureParts = {}): Failure => ({
  retry: "after_fix",
  hints: [],
  ...parts,
  code,
  message,
});

/** Throws a failure. */
export const fail = (code: ErrorCode, message: string, parts: FailureParts = {}): never => {
  throw new AtlasToolError(failure(code, message, parts));
};

/** Bad arguments, found before anything was sent: all of them at once. */
export const invalidInput = (fields: FieldProblem[], hints: Hint[] = []): Failure => {
  const [first] = fields;
  const what =
    fields.length === 1 && first !== undefined
      ? `${first.path || "arguments"} ${first.problem}`
      : `${fields.length} arguments are not valid: ${fields.map((field) => field.path || "arguments").join(", ")}`;
  return failure("invalid_input", `${what}. Nothing was sent to Atlas.`, { fields, hints });
};

/** What Atlas answered, reduced to what classification needs. */
export type AtlasAnswer = {
  status: number;
  /** The parsed body, or undefined where it was empty, cut short or no JSON. */
  body: unknown;
  empty: boolean;
  challenge?: string;
  requestId?: string;
  retryAfterSeconds?: number;
};

/** A text of Atlas's, fit to be quoted: without control characters, at most `limit` long; undefined where nothing is left. */
export const quoteText = (value: unknown, limit: number): string | undefined => {
  if (typeof value !== "string") return undefined;
  // Control, bidirectional and invisible characters could pass for our own formatting in a host.
  const clean = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  if (clean === "") return undefined;
  const characters = [...clean];
  return characters.length > limit ? `${characters.slice(0, limit).join("")}…` : clean;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Quotes an ApiError (facts 1.4: any of its fields may be missing or null). */
const quoteAnswer = (answer: AtlasAnswer): AtlasQuote => {
  const body = isRecord(answer.body) ? answer.body : {};
  const errorCode = quoteText(body.errorCode, 100);
  const reason = quoteText(body.reason, 100);
  const detail = quoteText(body.detail, 500);
  const requestId = quoteText(answer.requestId, 100);
  return {
    status: answer.status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
    ...(requestId === undefined ? {} : { requestId }),
  };
};

/** The row that an errorCode has in the table; undefined for codes that are not known. */
export const rowOf = (errorCode: string | undefined): ErrorRow | undefined =>
  errorCode !== undefined && Object.hasOwn(errorRows, errorCode) ? errorRows[errorCode] : undefined;

const byStatus = (answer: AtlasAnswer): ErrorRow => {
  const { status } = answer;
  if (status === 400)
    return {
      code: "invalid_input",
      retry: "after_fix",
      message: "Atlas refused the request as invalid.",
    };
  if (status === 401) {
    const refusesCredential =
      answer.challenge !== undefined || quoteAnswer(answer).errorCode === undefined;
    return refusesCredential
      ? {
          code: "unauthenticated",
          retry: "after_fix",
          message:
            "Atlas did not accept the server's credentials. Whoever runs this server has to check them.",
        }
      : {
          code: "forbidden",
          retry: "after_fix",
          message: "The server's credentials are not allowed to do this in Atlas.",
          advice: ["see_account"],
        };
  }
  if (status === 402)
    return {
      code: "payment_required",
      retry: "after_fix",
      message:
        "Atlas asks for a payment method or an open invoice to be settled first. A person has to do that in Atlas.",
    };
  if (status === 403)
    return {
      code: "forbidden",
      retry: "after_fix",
      message: "The server's credentials are not allowed to do this in Atlas.",
      advice: ["see_account"],
    };
  if (status === 404)
    return {
      code: "not_found",
      retry: "after_fix",
      message: "Atlas has no such resource, or the credentials cannot see it.",
    };
  if (status === 409)
    return {
      code: "conflict",
      retry: "after_fix",
      message: "Atlas refused the request because of the state that something is in.",
    };
  if (status === 429)
    return {
      code: "rate_limited",
      retry: "after_delay",
      message: "Atlas is limiting the rate of requests.",
    };
  if (status >= 500)
    return {
      code: "unavailable",
      retry: "after_delay",
      message: "Atlas failed to answer properly.",
    };
  return {
    code: "internal",
    retry: "never",
    message: `Atlas gave an answer that this server does not expect (HTTP ${status}).`,
  };
};

const parametersOf = (body: unknown): unknown[] =>
  isRecord(body) && Array.isArray(body.parameters) ? body.parameters : [];

/** Seconds that an answer asks to wait: its Retry-After, else the second parameter of a 429's body (facts 4.1). */
export const askedWaitOf = (answer: AtlasAnswer): number | undefined => {
  if (answer.retryAfterSeconds !== undefined) return answer.retryAfterSeconds;
  const bucket = quoteAnswer(answer).errorCode === "RATE_LIMITED_TOKEN_BUCKET";
  const said = bucket ? parametersOf(answer.body)[1] : undefined;
  return typeof said === "number" && said >= 0 ? said : undefined;
};

/** Seconds to wait where nothing says how long: what the documentation advises to begin with (facts 4.1). */
export const unsaidWaitSeconds = 10;

/** Seconds to wait before a repeat, where a wait helps: what Atlas asked for, else what the row says. */
const waitFor = (row: ErrorRow, answer: AtlasAnswer): { retryAfterSeconds?: number } => {
  if (row.retry !== "after_delay") return {};
  const seconds = askedWaitOf(answer) ?? row.retryAfterSeconds ?? unsaidWaitSeconds;
  return { retryAfterSeconds: Math.ceil(seconds) };
};

/** Classifies an error answer: by errorCode first, then by status (design: most permission failures are 401, a duplicate cluster is 400). */
export const fromAnswer = (answer: AtlasAnswer): Failure => {
  const row = rowOf(quoteAnswer(answer).errorCode) ?? byStatus(answer);
  const parameters = parametersOf(answer.body).map((one) =>
    typeof one === "string" || typeof one === "number" ? String(one) : "",
  );
  const code = row.code;
  return failure(code, typeof row.message === "string" ? row.message : row.message(parameters), {
    retry: row.retry,
    ...waitFor(row, answer),
    ...(row.path === undefined
      ? {}
      : {
          fields: [
            {
              path: row.path,
              problem: code === "not_found" ? "names nothing that exists" : "was refused by Atlas",
            },
          ],
        }),
    atlas: quoteAnswer(answer),
    hints: (row.advice ?? []).map((advice) => ({ advice })),
  });
};
