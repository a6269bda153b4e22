/** Converts HTTP responses to what classification uses. */
import type { Clock } from "../common/deadline.ts";
import { type AtlasResponse, sanitize } from "./classify.ts";
import type { HttpResponse } from "./http.ts";

// The three forms of an HTTP date (RFC 9110, 5.6.7); Date.parse alone accepts much more.
const httpDate =
  /^((Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/** Seconds of a Retry-After header: a number of seconds or an HTTP date (RFC 9110, 10.2.3); undefined if it is neither. */
export const retryAfterOf = (value: string | undefined, now: number): number | undefined => {
  const text = value?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!httpDate.test(text)) return undefined;
  const at = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
};

/** Reduces a response to what `classify` needs. */
export const toAtlasResponse = (response: HttpResponse, clock: Clock): AtlasResponse => {
  const challenge = response.headers["www-authenticate"];
  const requestId = response.headers["x-request-id"] ?? response.headers["x-envoy-request-id"];
  const encoding = sanitize(response.headers["content-encoding"], 40);
  const wait = retryAfterOf(response.headers["retry-after"], clock.now());
  return {
    status: response.status,
    body: response.json,
    ...(challenge !== undefined && /^digest\b/i.test(challenge) ? { challenge } : {}),
    ...(encoding === undefined || /^identity$/i.test(encoding) ? {} : { encoding }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  };
};
