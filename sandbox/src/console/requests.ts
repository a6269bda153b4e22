/** What the console shows of the log of requests: never a header or a body, and no value that gives access to anything. */
import type { LogEntry, RequestLog } from "../http/request-log.ts";
import { printMasked } from "./masked.ts";
import { shortened, shownPath } from "./shown-path.ts";

/** As many as the page keeps. */
const mostShown = 10_000;

/** So many come in one message, which a page that does not read takes up memory with. */
const mostAtOnce = 2000;

/** A request with the status of its operation, if a fault struck and that had run all the same. */
const toView = (entry: LogEntry) => {
  const { request, number, tool, tookMs, ran } = entry;
  const { at, operation, method, status, fault } = request;
  return {
    ...{ number, at, tool, operation, method, path: shownPath(entry), status, tookMs },
    ...(fault === undefined ? {} : { fault: shortened(fault), ran }),
  };
};

/** The text of each request as of its latest change, made once for all who watch. */
const texts = new WeakMap<LogEntry, { change: number; text: string }>();

const textOf = (entry: LogEntry): string => {
  const known = texts.get(entry);
  if (known?.change === entry.change) return known.text;
  const text = printMasked(toView(entry));
  texts.set(entry, { change: entry.change, text });
  return text;
};

/**
 * The latest requests that have come or changed since a change of the log, as JSON, and the change up to which these are
 * all. Those that changed first come first; there may be more.
 */
export const requestsSince = (
  { entries, changes }: RequestLog,
  change: number,
): { requests: string[]; upTo: number } => {
  if (change === changes) return { requests: [], upTo: changes };
  const changed = entries
    .slice(-mostShown)
    .filter((entry) => entry.change > change)
    .sort((one, other) => one.change - other.change);
  const shown = changed.slice(0, mostAtOnce);
  const isAll = shown.length === changed.length;
  return { requests: shown.map(textOf), upTo: isAll ? changes : (shown.at(-1)?.change ?? changes) };
};
