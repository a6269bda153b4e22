/** The log of requests that `/_sandbox/state` shows. */
import { operationIds } from "../operation-ids.ts";
import type { HttpRequest } from "./request.ts";

/** What a request of the log can be for. */
export const loggedOperations = [
  ...operationIds,
  "token",
  "revoke",
  "getIpInfo",
  "getDefaultMongoDBMajorVersion",
] as const;

/** What a logged request was for; null if no operation of the sandbox has its path and method. */
export type LoggedOperation = (typeof loggedOperations)[number] | null;

/** A request as the log shows it. */
export type LoggedRequest = {
  /** The time in the sandbox when it arrived. */
  at: string;
  operation: LoggedOperation;
  method: string;
  /** Path and query as they were sent. */
  path: string;
  /** Null as long as there is no response, and if a fault prevented one. */
  status: number | null;
  /** The scripted fault that was applied to it. */
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
  operation: LoggedOperation,
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
