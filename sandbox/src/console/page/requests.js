/** The latest requests, newest first. */
import { arrange, byId, element } from "./elements.js";
import { faultInWords } from "./faults.js";
import { breakable, count, dateOf, duration, foreign, timeOfDay } from "./text.js";

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

const shortPath = (path) => (path.startsWith(`${apiPath}/`) ? path.slice(apiPath.length) : path);

let today = "";

/** With its date, unless it is of today in the time of the sandbox. */
const timeText = ({ at }) => {
  const [ms, date] = [Date.parse(at), dateOf(Date.parse(at))];
  return date === today ? timeOfDay(ms) : `${date} ${timeOfDay(ms)}`;
};

const statusOf = ({ status, tookMs }) => {
  if (status === null && tookMs === undefined) return element("span", "status", "…");
  if (status === null) return element("span", "status failed", "no answer");
  const kind = status >= 500 ? "failed" : status >= 400 ? "refused" : "done";
  return element("span", `status ${kind}`, `${status}`);
};

const itemOf = (request) => {
  const { tool, method, operation, path, fault, ran, tookMs } = request;
  const words = fault === undefined ? "" : faultInWords(fault, method, ran);
  return element(
    "li",
    `request ${method === "GET" ? "read" : "change"}`,
    element("span", "time", timeText(request)),
    element("span", "what", element("b", "", method), " ", operation ?? "no operation"),
    statusOf(request),
    element("span", "took", tookMs === undefined ? "" : duration(tookMs)),
    element(
      "span",
      "where",
      tool !== undefined && element("span", "tool", tool),
      element("code", "path", breakable(foreign(shortPath(path)))),
    ),
    fault !== undefined &&
      element("span", "fault", element("code", "", foreign(fault)), ` ${words}`),
  );
};

/** What the filter looks at: what is shown. */
const wordsOf = (request) => {
  const { tool, method, operation, path, fault } = request;
  const name = `${method} ${operation ?? "no operation"}`;
  const status = statusOf(request).textContent;
  return [tool, name, shortPath(path), status, fault].join("\n").toLowerCase();
};

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
  const more = byId("requests-more");
  const hadFocus = document.activeElement === more;
  more.hidden = found.length <= limit;
  if (hadFocus && more.hidden) more.parentElement.focus({ preventScroll: true });
  byId("requests-none").textContent =
    found.length > 0 ? "" : all.length > 0 ? "No request matches." : "No requests yet.";
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

/** Takes the date that it is now in the time of the sandbox. */
export const setToday = (date) => {
  if (date === today) return;
  today = date;
  for (const { item, request } of requests.values())
    if (item !== undefined) item.querySelector(".time").textContent = timeText(request);
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
