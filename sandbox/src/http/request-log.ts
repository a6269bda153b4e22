import type { HttpRequest } from "./request.ts";

/** One request as `/_sandbox/state` shows it; `status` is null while, and where, nothing was answered. */
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

/** Starts empty. */
export const createRequestLog = (): RequestLog => [];

// Far more than a test looks at, and little enough for a sandbox that runs for weeks.
const mostRequests = 20_000;

/** Notes the arrival of a request; the entry is completed when it is answered. */
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
  if (log.length > mostRequests) log.splice(0, mostRequests / 10);
  return entry;
};
