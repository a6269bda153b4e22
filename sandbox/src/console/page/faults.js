/** The faults that wait, those that are often wanted, and a form for all others. */
import { arrange, button, byId, control, element, fill } from "./elements.js";
import { count, foreign } from "./text.js";

/** What each fault does to a request, by the first part of its name. */
const effects = {
  reset: "the connection is reset",
  hang: "there is no answer",
  truncate: "the answer is cut off",
  delay: "the answer is late",
  error: "the answer is this error",
  html: "the answer is the page of a proxy",
  html_503: "the answer is the page of a proxy",
  json_portal: "the answer is JSON of a portal, not of Atlas",
  foreign: "the answer is about a resource of somebody else",
  empty_401: "the token is refused",
  rate_limit: "there were too many requests",
  rate_limit_no_header: "there were too many requests",
  500: "the answer is an error",
  stale_reads: "the next reads do not see what was made",
  user_cannot_access_group: "the next reads of the project are refused",
  updating: "the cluster is UPDATING before it is IDLE",
  late_strings: "the cluster is IDLE before its connection strings are there",
  stuck_creating: "the cluster never becomes ready",
  ignored_delete: "the answer is a success, but nothing is deleted",
  racy: "the name is not checked",
};

/** Those that act instead of the request; all others let it happen. */
const instead =
  /^(reset|hang|truncate|error|html|html_503|json_portal|foreign|empty_401|rate_limit|rate_limit_no_header)$/;

const partInWords = (part, method, ran) => {
  const commits = part.startsWith("commit_then_");
  const [head] = part.replace("commit_then_", "").split(":");
  const effect = effects[head] ?? "";
  if (method === "GET") return effect;
  if (commits && ran >= 400) return `the change was refused with ${ran}, and ${effect}`;
  if (commits) return `the change was made, but ${effect}`;
  if (instead.test(head)) return `nothing was done: ${effect}`;
  return ran >= 400 && head !== "delay" ? `no effect: the change was refused with ${ran}` : effect;
};

/** A fault in words, for a request with this method whose operation ended with this status. */
export const faultInWords = (fault, method = "POST", ran = undefined) =>
  fault
    .split("+")
    .map((part) => partInWords(part, method, ran))
    .join("; ");

/** What people often want to see an agent cope with. */
const common = [
  ["createGroup", "commit_then_reset", 1, "Next project: made, but the answer is lost"],
  [
    "createGroupFlexCluster",
    "commit_then_reset",
    1,
    "Next flex cluster: made, but the answer is lost",
  ],
  ["createGroupFlexCluster", "stuck_creating", 1, "Next flex cluster: stays CREATING for good"],
  ["createGroup", "stale_reads:3", 1, "Next project: three reads do not see it"],
  ["*", "rate_limit:2", 1, "Next request: refused as too many, for 2 s"],
  ["*", "html_503", 3, "Next 3 requests: the error page of a proxy"],
  ["*", "delay:1000", 20, "Next 20 requests: answered 1 s late"],
];

const filterOf = (operation, fault) => `faults?${new URLSearchParams({ operation, fault })}`;

/** The syntax of a fault with values for its placeholders. */
const exampleOf = (syntax) => {
  const isError = syntax.includes("error:");
  const code = syntax.includes("<problem>") ? "VALIDATION_ERROR" : "GROUP_ALREADY_EXISTS";
  const status = code === "VALIDATION_ERROR" ? "400" : "409";
  return syntax
    .replace("<status>", isError ? status : "502")
    .replace("<errorCode>", code)
    .replace("<problem>", "the name is reserved")
    .replace("<ms>", "1000")
    .replace(/<(n|seconds)>/, "2");
};

const longestProblem = 300;

/** What is wrong, without the list of all names there are, which the fields suggest anyway. */
const shortProblem = (problem) =>
  problem
    .replace(/^Fault 0 /, "The fault ")
    .replace(/(\?|;) the (?:operations|faults) are .*$/is, (_, end) => (end === "?" ? "?" : "."))
    .replace(/did you mean "([^"]+)"/, (_, meant) => `did you mean "${exampleOf(meant)}"`)
    .replace(new RegExp(`^(.{${longestProblem}}).+$`, "s"), "$1…");

const showProblem = (problem) => {
  fill(byId("fault-problem"), problem !== undefined && foreign(shortProblem(problem)));
};

/** The faults that wait by operation and name. Equal ones are one, as they are removed together. */
let waiting = new Map();

const keyOf = (operation, fault) => `${operation} ${fault}`;

const showSwitches = () => {
  for (const { key, box } of switches) box.checked = waiting.has(key);
};

const add = async (operation, fault, times) => {
  const problem = await control("POST", "faults", [{ operation, fault, times }]);
  showProblem(problem);
  return problem;
};

const remove = async (query) => {
  const problem = await control("DELETE", query);
  showProblem(problem);
  return problem;
};

const switches = common.map(([operation, fault, times, label]) => {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.addEventListener("change", async () => {
    const problem = box.checked
      ? await add(operation, fault, times)
      : await remove(filterOf(operation, fault));
    if (problem !== undefined) showSwitches();
  });
  const name = element("code", "", fault);
  const words = element("span", "", label, name);
  return {
    key: keyOf(operation, fault),
    box,
    item: element("li", "", element("label", "switch", box, words)),
  };
});

/** The lines of the faults that wait, by their keys. A line stays the same element, so it keeps the focus. */
const lines = new Map();

const removeAll = element(
  "li",
  "",
  button("Remove all", "small", () => remove("faults")),
);

const createLine = ({ operation, fault }) => {
  const off = button("Remove", "small", () => remove(filterOf(operation, fault)));
  off.setAttribute("aria-label", `Remove ${fault} for ${operation}`);
  const target = operation === "*" ? "any operation" : operation;
  const name = element("span", "fault", element("code", "", foreign(fault)));
  const times = element("span", "");
  return { times, item: element("li", "waiting", name, ` for ${target}, `, times, " ", off) };
};

const lineOf = (key) => {
  const one = waiting.get(key);
  const line = lines.get(key) ?? createLine(one);
  lines.set(key, line);
  const text = count(one.times, "time");
  if (line.times.textContent !== text) line.times.textContent = text;
  return line.item;
};

/** Shows the faults that wait. Where the focus was on one that is gone, it goes to no other that a key could remove. */
const showWaiting = () => {
  for (const key of lines.keys()) if (!waiting.has(key)) lines.delete(key);
  const items = [...waiting.keys()].map(lineOf);
  const list = byId("faults-waiting");
  const focused = document.activeElement;
  const hadFocus = list.contains(focused);
  arrange(list, items.length > 1 ? [...items, removeAll] : items);
  if (!hadFocus || document.activeElement === focused) return;
  if (list.contains(focused)) focused.focus();
  else (items.length > 0 ? list : byId("faults-panel").firstElementChild).focus();
};

let struck = {};
/** The operations of the requests that a fault has struck, by its name. */
const struckOn = new Map();

const showStruck = () => {
  const parts = Object.entries(struck).flatMap(([fault, times], index) => {
    const operations = [...(struckOn.get(fault) ?? [])].join(", ");
    const place = operations === "" ? "" : ` (${operations})`;
    return [index === 0 ? "Have struck: " : ", ", foreign(fault), ` ${times}×${place}`];
  });
  fill(byId("faults-struck"), ...parts);
};

/** Takes the requests that are new or have changed; with `forgets`, there are no others any more. */
export const noteStruck = (requests, forgets) => {
  if (forgets) struckOn.clear();
  for (const { fault, operation } of requests) {
    if (fault === undefined || operation === null) continue;
    struckOn.set(fault, (struckOn.get(fault) ?? new Set()).add(operation));
  }
  showStruck();
};

/** Shows the faults that wait and those that have struck. */
export const showFaults = (faults) => {
  waiting = new Map();
  for (const { operation, fault, times } of faults.waiting) {
    const key = keyOf(operation, fault);
    const before = waiting.get(key)?.times ?? 0;
    waiting.set(key, { operation, fault, times: before + times });
  }
  struck = faults.struck;
  byId("faults-count").textContent = waiting.size === 0 ? "none waits" : `${waiting.size} waiting`;
  showSwitches();
  showWaiting();
  showStruck();
};

/** Shows what faults there are, and what they can be for. */
export const showKnownFaults = (operations, names) => {
  const optionsOf = (values) =>
    values.map((value) => {
      const option = document.createElement("option");
      option.value = exampleOf(value);
      if (option.value !== value) option.label = value;
      return option;
    });
  byId("fault-operations").replaceChildren(...optionsOf(operations));
  byId("fault-names").replaceChildren(...optionsOf(names));
};

const explain = () => {
  const fault = byId("fault-name").value.trim();
  const words = fault === "" ? "" : faultInWords(fault);
  fill(byId("fault-hint"), ...(words === "" ? [] : [foreign(fault), `: ${words}.`]));
};

const submit = async (event) => {
  event.preventDefault();
  const [operation, name, times] = ["operation", "name", "times"].map((id) => byId(`fault-${id}`));
  const problem = await add(operation.value.trim(), name.value.trim(), Number(times.value));
  if (problem !== undefined) return;
  name.value = "";
  explain();
};

/** Starts the panel. */
export const startFaults = () => {
  arrange(
    byId("faults-common"),
    switches.map(({ item }) => item),
  );
  byId("fault-name").addEventListener("input", explain);
  byId("faults-form").addEventListener("submit", submit);
};
