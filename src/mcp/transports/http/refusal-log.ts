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

const windowMs = 60_000;
const mostLines = 10;

type Kind = { since: number; count: number };

/**
 * Limits lines to ten a minute for each kind. Returns how many lines of the kind were left out before this one, or
 * undefined if this one is to be left out.
 */
const createLineLimit = (now: () => number) => {
  const kinds = new Map<string, Kind>();
  return (name: string): number | undefined => {
    const kind = kinds.get(name);
    const isOver = kind !== undefined && now() - kind.since >= windowMs;
    if (kind === undefined || isOver) {
      kinds.set(name, { since: now(), count: 1 });
      return kind === undefined ? 0 : Math.max(0, kind.count - mostLines);
    }
    kind.count += 1;
    return kind.count > mostLines ? undefined : 0;
  };
};

/** Logs refusals. `now` is in milliseconds. */
export const createRefusalLog = (
  { warn }: Log,
  now: () => number = () => performance.now(),
): OnRefused => {
  const limit = createLineLimit(now);
  return (code, fields = {}) => {
    const leftOut = warn === undefined ? undefined : limit(code);
    if (leftOut === undefined) return;
    warn?.({ code, ...fields, ...(leftOut === 0 ? {} : { leftOut }) }, "request refused");
  };
};
