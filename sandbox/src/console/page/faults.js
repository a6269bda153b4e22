/** The faults that wait, those that are often wanted, and a form for all others. */
import { arrange, button, byId, control, element } from "./elements.js";
import { count } from "./text.js";

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

const isSame = ([operation, fault], one) => one.operation === operation && one.fault === fault;

const filterOf = ([operation, fault]) => `faults?${new URLSearchParams({ operation, fault })}`;

let waiting = [];

const showProblem = (problem) => {
  byId("fault-problem").textContent = problem ?? "";
};

const add = async (operation, fault, times) => {
  const problem = await control("POST", "faults", [{ operation, fault, times }]);
  showProblem(problem);
  return problem;
};

const remove = async (query) => showProblem(await control("DELETE", query));

const switches = common.map((one) => {
  const [operation, fault, times, label] = one;
  const box = document.createElement("input");
  box.type = "checkbox";
  box.addEventListener("change", () => {
    if (box.checked) add(operation, fault, times);
    else remove(filterOf(one));
  });
  const name = element("code", "", fault);
  const words = element("span", "", label, name);
  return { one, box, item: element("li", "", element("label", "switch", box, words)) };
});

const waitingItem = ({ operation, fault, times }) => {
  const off = button("Remove", "small", () => remove(filterOf([operation, fault])));
  off.setAttribute("aria-label", `Remove ${fault} for ${operation}`);
  const target = operation === "*" ? "any operation" : operation;
  const name = element("span", "fault", element("code", "", fault));
  return element("li", "waiting", name, ` for ${target}, ${count(times, "time")} `, off);
};

/** Shows the faults that wait and those that have struck. */
export const showFaults = (faults) => {
  waiting = faults.waiting;
  for (const { one, box } of switches) box.checked = waiting.some((other) => isSame(one, other));
  byId("faults-count").textContent =
    waiting.length === 0 ? "none waits" : `${waiting.length} waiting`;
  const all =
    waiting.length > 1
      ? [
          element(
            "li",
            "",
            button("Remove all", "small", () => remove("faults")),
          ),
        ]
      : [];
  const list = byId("faults-waiting");
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...waiting.map(waitingItem), ...all);
  if (hadFocus) (list.querySelector("button") ?? byId("faults-panel").firstElementChild).focus();
  const struck = Object.entries(faults.struck).map(([name, times]) => `${name} ${times}×`);
  byId("faults-struck").textContent =
    struck.length === 0 ? "" : `Have struck: ${struck.join(", ")}`;
};

/** Shows what faults there are, and what they can be for. */
export const showKnownFaults = (operations, names) => {
  const optionsOf = (values) =>
    values.map((value) => {
      const option = document.createElement("option");
      option.value = value;
      return option;
    });
  byId("fault-operations").replaceChildren(...optionsOf(operations));
  byId("fault-names").replaceChildren(...optionsOf(names));
};

const explain = () => {
  const fault = byId("fault-name").value.trim();
  const words = fault === "" ? "" : faultInWords(fault);
  byId("fault-hint").textContent = words === "" ? "" : `${fault}: ${words}.`;
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
