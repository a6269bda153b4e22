/** How an answer of Atlas's becomes a failure: by its error code first, then by its status. */

import { type AtlasQuote, type Failure, failure } from "../common/failure.ts";
import { type ErrorRow, errorRows } from "./codes.ts";

/** What Atlas answered, reduced to what classification needs. */
export type AtlasResponse = {
  status: number;
  /** The parsed body, or undefined where it was empty, cut short or no JSON. */
  body: unknown;
  challenge?: string;
  requestId?: string;
  retryAfterSeconds?: number;
};

/** A text of Atlas's, fit to be quoted: without control characters, at most `limit` long; undefined where nothing is left. */
export const sanitize = (value: unknown, limit: number): string | undefined => {
  if (typeof value !== "string") return undefined;
  // Control, bidirectional and invisible characters could pass for our own formatting in a host.
  const clean = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  if (clean === "") return undefined;
  const characters = [...clean];
  return characters.length > limit ? `${characters.slice(0, limit).join("")}…` : clean;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Quotes an ApiError (any of its fields may be missing or null: docs/atlas.md#errors). */
const quoteError = (answer: AtlasResponse): AtlasQuote => {
  const body = isRecord(answer.body) ? answer.body : {};
  const errorCode = sanitize(body.errorCode, 100);
  const reason = sanitize(body.reason, 100);
  const detail = sanitize(body.detail, 500);
  const requestId = sanitize(answer.requestId, 100);
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

const byStatus = (answer: AtlasResponse): ErrorRow => {
  const { status } = answer;
  if (status === 400)
    return {
      code: "invalid_input",
      retry: "after_fix",
      message: "Atlas refused the request as invalid.",
    };
  if (status === 401) {
    const refusesCredential =
      answer.challenge !== undefined || quoteError(answer).errorCode === undefined;
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
          suggestions: ["see_account"],
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
      suggestions: ["see_account"],
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

/** Seconds that an answer asks to wait: its Retry-After, else the second parameter of a 429's body (docs/atlas.md#rate-limits). */
export const askedWaitOf = (answer: AtlasResponse): number | undefined => {
  if (answer.retryAfterSeconds !== undefined) return answer.retryAfterSeconds;
  const bucket = quoteError(answer).errorCode === "RATE_LIMITED_TOKEN_BUCKET";
  const said = bucket ? parametersOf(answer.body)[1] : undefined;
  return typeof said === "number" && said >= 0 ? said : undefined;
};

/** Seconds to wait where nothing says how long: what the documentation advises to begin with (docs/atlas.md#rate-limits). */
export const unsaidWaitSeconds = 10;

/** Seconds to wait before a repeat, where a wait helps: what Atlas asked for, else what the row says. */
const waitFor = (row: ErrorRow, answer: AtlasResponse): { retryAfterSeconds?: number } => {
  if (row.retry !== "after_delay") return {};
  const seconds = askedWaitOf(answer) ?? row.retryAfterSeconds ?? unsaidWaitSeconds;
  return { retryAfterSeconds: Math.ceil(seconds) };
};

/** Classifies an error answer: by errorCode first, then by status (most permission failures are 401, a duplicate cluster is 400: docs/atlas.md#errors). */
export const classify = (answer: AtlasResponse): Failure => {
  const row = rowOf(quoteError(answer).errorCode) ?? byStatus(answer);
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
    atlas: quoteError(answer),
    suggestions: (row.suggestions ?? []).map((suggest) => ({ suggest })),
  });
};
