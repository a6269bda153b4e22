/** Turns Atlas's error responses into failures: by error code first, then by HTTP status. */

import { type AtlasQuote, type Failure, failure } from "../common/failure.ts";
import { isRecord } from "../common/json.ts";
import { withoutHidden } from "../common/visible.ts";
import { type ErrorRow, errorRows, generalErrors } from "./codes.ts";

/** A response of Atlas, reduced to what classification needs. */
export type AtlasResponse = {
  status: number;
  /** The parsed body; undefined if it was empty, cut short or not JSON. */
  body: unknown;
  challenge?: string;
  /** Its Content-Encoding, if it has one. */
  encoding?: string;
  requestId?: string;
  retryAfterSeconds?: number;
};

/** Makes a text from Atlas safe to quote: no control characters, at most `limit` characters. Undefined if nothing is left. */
export const sanitize = (value: unknown, limit: number): string | undefined => {
  if (typeof value !== "string") return undefined;
  const clean = withoutHidden(value).trim();
  if (clean === "") return undefined;
  const characters = [...clean];
  return characters.length > limit ? `${characters.slice(0, limit).join("")}…` : clean;
};

/** Quotes an ApiError (any of its fields may be missing or null: docs/atlas.md#errors). */
const quoteError = (response: AtlasResponse): AtlasQuote => {
  const body = isRecord(response.body) ? response.body : {};
  const errorCode = sanitize(body.errorCode, 100);
  const reason = sanitize(body.reason, 100);
  const detail = sanitize(body.detail, 500);
  const requestId = sanitize(response.requestId, 100);
  return {
    status: response.status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
    ...(requestId === undefined ? {} : { requestId }),
  };
};

/** The table's row for an errorCode; undefined for an unknown code. */
export const rowOf = (errorCode: string | undefined): ErrorRow | undefined =>
  errorCode !== undefined && Object.hasOwn(errorRows, errorCode) ? errorRows[errorCode] : undefined;

/** The row for an error: by its code, or by its sentence where the code says nothing. */
export const rowFor = (atlas: AtlasQuote | undefined): ErrorRow | undefined =>
  atlas?.errorCode === "ATLAS_GENERAL_ERROR"
    ? generalErrors.find(({ sentence }) => sentence.test(atlas.detail ?? ""))?.row
    : rowOf(atlas?.errorCode);

const notAllowed: ErrorRow = {
  code: "forbidden",
  retry: "after_fix",
  message: "The server's credentials are not allowed to do this in Atlas.",
  suggestions: ["see_account"],
};

const byStatus = (
  { status, challenge }: AtlasResponse,
  errorCode: string | undefined,
): ErrorRow => {
  if (status === 400)
    return {
      code: "invalid_input",
      retry: "after_fix",
      message: "Atlas refused the request as invalid.",
    };
  if (status === 401) {
    const refusesCredential = challenge !== undefined || errorCode === undefined;
    return refusesCredential
      ? {
          code: "unauthenticated",
          retry: "after_fix",
          message:
            "Atlas did not accept this server's credentials. The operator of this server must check them.",
        }
      : notAllowed;
  }
  if (status === 402)
    return {
      code: "payment_required",
      retry: "after_fix",
      message:
        "The organization needs a payment method, or has an open invoice. A person must settle that in Atlas first.",
    };
  if (status === 403) return notAllowed;
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
      message:
        "Atlas refused the request because it conflicts with the current state of a resource.",
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
      message: `Atlas had an internal problem (HTTP ${status}).`,
    };
  return {
    code: "internal",
    retry: "never",
    message: `Atlas returned a status that this server does not expect (HTTP ${status}).`,
  };
};

const parametersOf = (body: unknown): unknown[] =>
  isRecord(body) && Array.isArray(body.parameters) ? body.parameters : [];

/** The wait in seconds that a response asks for: its Retry-After, else the second parameter of a 429 body (docs/atlas.md#rate-limits). */
export const askedWaitOf = (response: AtlasResponse): number | undefined => {
  if (response.retryAfterSeconds !== undefined) return response.retryAfterSeconds;
  const isTokenBucket = quoteError(response).errorCode === "RATE_LIMITED_TOKEN_BUCKET";
  const seconds = isTokenBucket ? parametersOf(response.body)[1] : undefined;
  return typeof seconds === "number" && seconds >= 0 ? seconds : undefined;
};

/** The wait in seconds if a response asks for none: the first one that Atlas recommends (docs/atlas.md#rate-limits). */
export const unsaidWaitSeconds = 10;

/** The wait in seconds before a repeat, if a wait helps: what Atlas asks for, else what the row says. */
const waitFor = (row: ErrorRow, response: AtlasResponse): { retryAfterSeconds?: number } => {
  if (row.retry !== "after_delay") return {};
  const seconds = askedWaitOf(response) ?? row.retryAfterSeconds ?? unsaidWaitSeconds;
  return { retryAfterSeconds: Math.ceil(seconds) };
};

/** Classifies an error response: by errorCode first, then by status (most permission failures are 401, a duplicate cluster is 400: docs/atlas.md#errors). */
export const classify = (response: AtlasResponse): Failure => {
  const atlas = quoteError(response);
  const row = rowFor(atlas) ?? byStatus(response, atlas.errorCode);
  const parameters = parametersOf(response.body).map((value) =>
    typeof value === "string" || typeof value === "number" ? String(value) : "",
  );
  const code = row.code;
  return failure(code, typeof row.message === "string" ? row.message : row.message(parameters), {
    retry: row.retry,
    ...waitFor(row, response),
    ...(row.path === undefined
      ? {}
      : {
          fields: [
            {
              path: row.path,
              problem: code === "not_found" ? "does not exist" : "was refused by Atlas",
            },
          ],
        }),
    atlas,
    suggestions: (row.suggestions ?? []).map((suggest) => ({ suggest })),
  });
};
