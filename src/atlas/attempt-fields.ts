/** What the log says of one request to Atlas: never its headers or bodies, which hold credentials and passwords. */
import { sanitize } from "./classify.ts";
import type { Attempt } from "./http.ts";
import { isRecord } from "./resources/fields.ts";

/** The path of a URL. Of its query, only numbers and truth values are shown. */
const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${pathname}${search.replace(/=(?!(?:\d+|true|false)(?:&|$))[^&]*/g, "=...")}`;
};

/** The fields of the log line about one request that took `ms`. */
export const attemptFields = (
  method: string,
  attempt: Attempt,
  ms: number,
  url: string,
): Record<string, unknown> => {
  const fields = { method, path: pathOf(url), ms: Math.round(ms) };
  if ("response" in attempt) {
    const { status, json } = attempt.response;
    const errorCode = isRecord(json) ? sanitize(json.errorCode, 100) : undefined;
    return { ...fields, status, ...(errorCode === undefined ? {} : { errorCode }) };
  }
  const { code, sent, at, proxy } = attempt.error;
  return {
    ...fields,
    error: code,
    sent,
    ...(at === undefined ? {} : { at }),
    ...(proxy === undefined ? {} : { proxy }),
  };
};
