/** What the log says of one request to Atlas: never its headers or bodies, which hold credentials and passwords. */

import { isRecord } from "../common/json.ts";
import { sanitize } from "./classify.ts";
import { type Attempt, pathOf } from "./http.ts";

/** The path of a URL as it was sent. Of its query, only numbers and truth values are shown. */
const shownPathOf = (url: string): string => {
  const [path = "", ...query] = pathOf(url).split("?");
  const shown = query.map((text) => text.replace(/=(?!(?:\d+|true|false)(?:&|$))[^&]*/g, "=..."));
  return [path, ...shown].join("?");
};

/** The fields of the log line about one request that took `ms`. */
export const attemptFields = (
  method: string,
  attempt: Attempt,
  ms: number,
  url: string,
): Record<string, unknown> => {
  const fields = { method, path: shownPathOf(url), ms: Math.round(ms) };
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
