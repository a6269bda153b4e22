/** The latest requests, newest first. */
import { arrange, byId, element } from "./elements.js";
import { faultInWords } from "./faults.js";
import { count, duration, foreign, timeOfDay } from "./text.js";

/** As many as the sandbox sends. */
const mostKept = 10_000;
const step = 200;

/** By number, oldest first. */
const requests = new Map();
let limit = step;

const apiPath = "/api/atlas/v2";

const isFailure = ({ status, fault, tookMs }) =>
  fault !== undefined || (status === null ? tookMs !== undefined : status >= 400);

/** The kinds that can be chosen. A request for a token changes nothing. */
const kinds = {
  all: () => true,
  changes: ({ method, operation }) =>
    method !== "GET" && operation !== "token" && operation !== "revoke",
  failures: isFailure,
};

const statusOf = ({ status, tookMs }) => {
  if (status === null && tookMs === undefined) return element("span", "status", "…");
  if (status === null) return element("span", "status failed", "no answer");
  const kind = status >= 500 ? "failed" : status >= 400 ? "refused" : "done";
  return element("span", `status ${kind}`, `${status}`);
};

const itemOf = (request) => {
  const { at, tool, method, operation, path, fault, ran, tookMs } = request;
  const short = path.startsWith(`${apiPath}/`) ? path.slice(apiPath.length) : path;
  const words = fault === undefined ? "" : faultInWords(fault, method, ran);
  return element(
    "li",
    `request ${method === "GET" ? "read" : "change"}`,
    element("span", "time", timeOfDay(Date.parse(at))),
    element("span", "what", element("b", "", method), " ", operation ?? "no operation"),
    statusOf(request),
    element("span", "took", tookMs === undefined ? "" : duration(tookMs)),
    element(
      "span",
      "where",
      tool !== undefined && element("span", "tool", tool),
      element("code", "path", foreign(short)),
    ),
    fault !== undefined &&
      element("span", "fault", element("code", "", foreign(fault)), ` ${words}`),
  );
};

const wordsOf = ({ tool, method, operation, path, status, fault }) =>
  [tool, method, operation, path, status, fault].join(" ").toLowerCase();

const newerFirst = (one, other) => other.request.number - one.request.number;

const showRequests = () => {
  const filter = byId("requests-filter").value.trim().toLowerCase();
  const isWanted = kinds[byId("requests-kind").value];
  const all = [...requests.values()].sort(newerFirst);
  const found = all.filter(({ request, words }) => isWanted(request) && words.includes(filter));
  const shown = found.slice(0, limit);
  for (const one of shown) one.item ??= itemOf(one.request);
  arrange(
    byId("requests-list"),
    shown.map(({ item }) => item),
  );
  byId("requests-more").hidden = found.length <= limit;
  const isPart = found.length < all.length;
  byId("requests-count").textContent = isPart
    ? `${found.length.toLocaleString("en")} of ${count(all.length, "request")}`
    : count(all.length, "request");
};

/** Takes the requests that are new or have changed, oldest first; with `forgets`, there are no others any more. */
export const takeRequests = (changed, forgets) => {
  const before = new Map(requests);
  if (forgets) requests.clear();
  for (const request of changed) {
    const known = before.get(request.number);
    const isSame = known !== undefined && JSON.stringify(known.request) === JSON.stringify(request);
    // The same element stays where it is, also when the page has been away.
    requests.set(request.number, isSame ? known : { request, words: wordsOf(request) });
  }
  for (const number of requests.keys()) {
    if (requests.size <= mostKept) break;
    requests.delete(number);
  }
  showRequests();
};

const showFromStart = () => {
  limit = step;
  showRequests();
};

/** Starts the list. */
export const startRequests = () => {
  byId("requests-filter").addEventListener("input", showFromStart);
  byId("requests-kind").addEventListener("change", showFromStart);
  byId("requests-more").addEventListener("click", () => {
    limit += step;
    showRequests();
  });
};
