/** The log of requests that `/_sandbox/state` shows. */
import type { HttpRequest } from "./request.ts";

/** A request as `/_sandbox/state` shows it; `status` is null as long as there is no response. */
export type LoggedRequest = {
  at: string;
  operation: string | null;
  method: string;
  path: string;
  status: number | null;
  fault?: string;
};

/** The latest requests since the last reset, oldest first. */
export type RequestLog = LoggedRequest[];

export const createRequestLog = (): RequestLog => [];

/** More than any test reads, and small enough for a sandbox that runs for weeks. */
const maxRequests = 20_000;

/** Logs the arrival of a request. The code that sends the response completes the entry. */
export const logRequest = (
  log: RequestLog,
  request: HttpRequest,
  operation: string | null,
  now: number,
): LoggedRequest => {
  const entry: LoggedRequest = {
    at: new Date(now).toISOString(),
    operation,
    method: request.method,
    path: request.url,
    status: null,
  };
  log.push(entry);
  if (log.length > maxRequests) log.splice(0, maxRequests / 10);
  return entry;
};
