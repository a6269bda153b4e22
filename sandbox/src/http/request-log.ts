/** The log of requests that `/_sandbox/state` and the console show. */
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
  /** Null as long as there is no response, if a fault prevented one, and if the caller had left before it was ready. */
  status: number | null;
  /** The scripted fault that was applied to it. */
  fault?: string;
};

/** A request of the log, and what only the console shows of it. */
export type LogEntry = {
  request: LoggedRequest;
  /** The parameters of the path, decoded. */
  params: Record<string, string>;
  /** The status of the operation, whatever was answered; undefined if it did not run. */
  ran: number | undefined;
  /** Tells requests apart, in the order of their arrival. */
  number: number;
  /** The tool of an MCP server that the caller works for, if it says so. */
  tool: string | undefined;
  /** Milliseconds until the response was sent, or the connection ended; undefined until then. */
  tookMs: number | undefined;
  /** The number of the latest change of the log that concerns this entry. */
  change: number;
};

/** The latest requests since the last reset, oldest first, and how often the log has changed. */
export type RequestLog = { entries: LogEntry[]; changes: number };

export const createRequestLog = (): RequestLog => ({ entries: [], changes: 0 });

/** More than any test reads, and small enough for a sandbox that runs for weeks. */
const maxRequests = 20_000;

/** MCP's own header for the name of a tool (docs/sandbox.md#the-console). What cannot be such a name is not kept. */
const toolOf = ({ headers }: HttpRequest): string | undefined => {
  const name = headers["mcp-name"];
  return typeof name === "string" && /^[\w./-]{1,64}$/.test(name) ? name : undefined;
};

const noteChange = (log: RequestLog, entry: LogEntry): void => {
  log.changes += 1;
  entry.change = log.changes;
};

/** Logs that the operation of a request has run. */
export const logRun = (log: RequestLog, entry: LogEntry, status: number): void => {
  entry.ran = status;
  noteChange(log, entry);
};

/** Logs the arrival of a request, and when it is over. The code that sends the response completes the entry. */
export const logRequest = (
  log: RequestLog,
  request: HttpRequest,
  operation: LoggedOperation,
  now: number,
): LogEntry => {
  const startedAt = performance.now();
  log.changes += 1;
  const entry: LogEntry = {
    request: {
      at: new Date(now).toISOString(),
      operation,
      method: request.method,
      path: request.url,
      status: null,
    },
    params: request.params,
    ran: undefined,
    number: log.changes,
    tool: toolOf(request),
    tookMs: undefined,
    change: log.changes,
  };
  log.entries.push(entry);
  if (log.entries.length > maxRequests) log.entries.splice(0, maxRequests / 10);
  request.outgoing.once("close", () => {
    noteChange(log, entry);
    entry.tookMs = performance.now() - startedAt;
  });
  return entry;
};
