// What the card shows, as plain data: a view has a tone, a badge, texts, facts, what is missing, and actions.
import { approvalOf, changesOf, kindOf, nameIn, partOf, sandboxNote, saying } from "./words.js";

const outcomes = {
  __proto__: null,
  created: "Created",
  existing: "Exists",
  updated: "Changed",
  unchanged: "Unchanged",
  deleted: "Deleted",
  absent: "Not there",
  found: "Found",
};

/** What nothing is known of yet: the arguments may be. */
export const waitingView = (tool, args) => ({
  tone: "busy",
  badge: "Waiting",
  kind: kindOf(tool),
  title: nameIn(args) || "Waiting for the result",
  busy: true,
});

const placeOf = ({ providerSettings: { backingProviderName, regionName } = {} }) =>
  regionName === undefined
    ? []
    : [["Where", [backingProviderName, regionName].filter(Boolean).join(" ")]];

const hostOf = ({ cluster: { connectionStrings = {} }, host }) => {
  const { standardSrv = "" } = connectionStrings;
  const name = host ?? /^mongodb\+srv:\/\/(?:[^/]*@)?([^/?]+)/.exec(standardSrv)?.[1];
  return name === undefined ? [] : [["Host", name]];
};

/** What any change may have to say: what it changed, where its secrets are, who agreed. */
const sameOf = ({ differences, credentialsFile, receipt }) => [
  ...changesOf(differences),
  ...(credentialsFile === undefined ? [] : [["Secrets in", credentialsFile]]),
  ...approvalOf(receipt),
];

const clusterFacts = (result) => {
  const { cluster, pausesAt, deletesAt } = result;
  return [
    ...placeOf(cluster),
    ["State", cluster.stateName ?? cluster.status ?? "not known"],
    ...hostOf(result),
    ...(pausesAt === undefined ? [] : [["Pauses", pausesAt]]),
    ...(deletesAt === undefined ? [] : [["Deletes itself", deletesAt]]),
    ...(cluster.groupId === undefined ? [] : [["Project id", cluster.groupId]]),
    ...sameOf(result),
  ];
};

const clusterKind = ({ cluster }) =>
  kindOf(cluster.groupId === undefined ? "_ephemeral_cluster" : "_flex_cluster");

const doings = {
  __proto__: null,
  CREATING: "Creating",
  UPDATING: "Changing",
  REPAIRING: "Repairing",
  DELETING: "Deleting",
};

/** A cluster that is not ready yet. */
const makingView = (result) => ({
  tone: "busy",
  badge: doings[result.cluster.stateName ?? result.cluster.status] ?? "Not ready yet",
  kind: clusterKind(result),
  title: result.cluster.name,
  busy: true,
  facts: clusterFacts(result),
  note: sandboxNote(result),
});

/** A cluster that runs, with what is missing to connect to it. */
const readyView = (result, canSay) => {
  const { missing } = result;
  const lacks = missing !== undefined && missing.length > 0;
  return {
    tone: "good",
    badge: result.outcome === "updated" ? outcomes.updated : "Ready",
    kind: clusterKind(result),
    title: result.cluster.name,
    facts: clusterFacts(result),
    texts: missing?.length === 0 ? ["Nothing is missing to connect."] : [],
    missing: (missing ?? []).map(partOf),
    actions: lacks && canSay ? [{ does: "complete", label: "Let the assistant add it" }] : [],
    note: sandboxNote(result),
  };
};

/** Any other change that was done, or that a dry run shows. */
const doneView = (result, tool, args) => {
  const { outcome = "", receipt = {}, request } = result;
  const isDryRun = outcome.startsWith("would_");
  const thing = result.project ?? result.cluster ?? {};
  return {
    tone: isDryRun || outcome === "unchanged" || outcome === "absent" ? "calm" : "good",
    badge: isDryRun ? "Dry run" : (outcomes[outcome] ?? "Done"),
    kind: kindOf(tool),
    title:
      thing.name ?? (nameIn(args) || (receipt.resource ?? "").replace(/^[^"]*"|"$/g, "") || "Done"),
    texts: isDryRun ? ["Only checked: nothing was sent."] : [],
    facts: [
      ...(request === undefined ? [] : [["Request", `${request.method} ${request.path}`]]),
      ...(thing.id === undefined ? [] : [["Id", thing.id]]),
      ...(receipt.price === undefined || receipt.price === "free"
        ? []
        : [["Price", receipt.price]]),
      ...sameOf(result),
    ],
    note: sandboxNote(result),
  };
};

const states = {
  __proto__: null,
  not_created: "Nothing was created.",
  not_updated: "Nothing was changed.",
  not_deleted: "Nothing was deleted.",
  exists: "It exists, but not as asked for.",
  unknown: "Whether it was done is not known.",
};

const refusals = { __proto__: null, declined: "Declined", policy_denied: "Not allowed" };

/** A failure: what is true now, and what helps. */
export const failureView = ({ error, backend }, tool, args) => {
  const { code, message, outcome, fields = [], retryAfterSeconds, nextActions = [] } = error;
  const refusal = refusals[code];
  const isUnknown = outcome === "unknown";
  // Some messages say the only problem themselves.
  const problems = fields
    .filter(({ problem }) => !message.includes(problem))
    .map(({ path, problem }) => `${path}: ${problem}`);
  const wait = retryAfterSeconds === undefined ? "" : `Not before ${retryAfterSeconds} s. `;
  return {
    tone: refusal === undefined ? "bad" : "calm",
    badge: refusal ?? (isUnknown ? "Outcome unknown" : "Failed"),
    kind: kindOf(tool),
    title: nameIn(args) || "The call failed",
    texts: [message, ...problems],
    facts: [
      ...(states[outcome] === undefined ? [] : [["In Atlas", states[outcome]]]),
      ...nextActions.slice(0, 1).map(({ tool: next, why }) => ["Next", `${wait}${next}: ${why}`]),
      ...(code === undefined ? [] : [["Code", code]]),
    ],
    note: sandboxNote({ backend }),
  };
};

/** A view whose cluster is no longer watched, unless the user wants it. */
export const withLook = (view, note) => ({
  ...view,
  busy: false,
  actions: [{ does: "look", label: "Look again" }],
  note,
});

/** A cluster that is not there when it is looked for. */
export const goneView = (view, message) => ({
  ...withLook(view, ""),
  tone: "calm",
  badge: "Not there",
  texts: [message],
  missing: [],
});

/** What the assistant called, and the card got no result of. */
const unreadView = ({ message }, tool, args) => ({
  ...waitingView(tool, args),
  tone: "warn",
  badge: "No result",
  title: nameIn(args) || "No result",
  busy: false,
  texts: [saying("The host gave this card no result", message)],
  note: "Ask the assistant to look at what was done.",
});

export const cancelledView = (tool, args) => ({
  ...waitingView(tool, args),
  tone: "calm",
  badge: "Stopped",
  busy: false,
  texts: ["The call was stopped. Ask the assistant to look at what was done."],
});

/** The view of a result that asks nothing. */
export const resultView = (result, { tool, args, canSay }) => {
  if (result.status === "unread") return unreadView(result, tool, args);
  if (result.status === "error") return failureView(result, tool, args);
  const { cluster, ready, outcome = "" } = result;
  if (cluster === undefined || ready === undefined || outcome.startsWith("would_"))
    return doneView(result, tool, args);
  return ready ? readyView(result, canSay) : makingView(result);
};
