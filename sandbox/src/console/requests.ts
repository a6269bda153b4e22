/** What the console shows of the log of requests: never a header or a body, and no value that gives access to anything. */
import type { LogEntry, RequestLog } from "../http/request-log.ts";

/** As many as the page keeps. */
const mostShown = 10_000;

const isSecret = (name: string): boolean => /secret|password|token|key|auth|credential/i.test(name);

/**
 * The path and the query of a request, without values that may be secret: the id of an ephemeral cluster, with which
 * anybody gets its connection string, and what a caller has put by mistake where the API has no parameter.
 */
const shownPath = ({ path, operation }: LogEntry["request"]): string => {
  const [plain = "", query] = path.split(/\?(.*)/s);
  const place = plain.replace(/(\/ephemeralClusters\/)[^/]+/, "$1…");
  if (query === undefined) return place;
  const isOAuth = operation === "token" || operation === "revoke";
  const hides = (name: string): boolean => operation === null || isOAuth || isSecret(name);
  const parts = query.split("&").map((part) => {
    const [name = "", value] = part.split(/=(.*)/s);
    return value === undefined || !hides(name) ? part : `${name}=…`;
  });
  return `${place}?${parts.join("&")}`;
};

const toView = ({ request, number, tool, tookMs }: LogEntry) => {
  const { at, operation, method, status, fault } = request;
  return { number, at, tool, operation, method, path: shownPath(request), status, fault, tookMs };
};

/** The latest requests that have come or changed since a change of the log, oldest first. */
export const requestsSince = ({ entries, changes }: RequestLog, change: number) =>
  change === changes
    ? []
    : entries
        .filter((entry) => entry.change > change)
        .slice(-mostShown)
        .map(toView);
