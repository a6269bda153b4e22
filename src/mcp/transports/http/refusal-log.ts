/** Tells the operator which requests are refused, and leaves lines out when there are too many. */
import type { Log } from "../../../common/log.ts";

export type RefusalCode =
  | "host_not_allowed"
  | "origin_not_allowed"
  | "missing_token"
  | "invalid_token"
  | "insufficient_scope"
  | "temporarily_unavailable"
  | "not_acceptable"
  | "unsupported_media_type"
  | "invalid_response"
  | "body_too_large"
  | "rate_limited"
  | "too_many_sessions"
  | "too_many_connections"
  | "too_many_requests"
  | "not_accepted"
  | "draining";

/** Reports a refusal, with fields for the line. */
export type OnRefused = (code: RefusalCode, fields?: Record<string, unknown>) => void;

const periodMs = 60_000;
const mostLines = 10;

/**
 * Logs refusals: of each code ten lines a minute, and at the end of that minute how many more there were. Whoever floods the
 * server does not flood the log, and a flood that is over is told too.
 */
export const createRefusalLog = ({ warn }: Log): OnRefused => {
  const counts = new Map<RefusalCode, number>();

  const endPeriod = (code: RefusalCode) => {
    const more = (counts.get(code) ?? 0) - mostLines;
    counts.delete(code);
    if (more > 0) warn?.({ code, more }, "more requests refused in the last minute");
  };

  return (code, fields = {}) => {
    if (warn === undefined) return;
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count === 1) setTimeout(endPeriod, periodMs, code).unref();
    if (count <= mostLines) warn({ code, ...fields }, "request refused");
  };
};
