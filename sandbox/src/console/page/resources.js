/** The organizations and what is in them. */
import { arrange, byId, element, fill } from "./elements.js";
import {
  clusterItem,
  ends,
  entryItem,
  group,
  showTimes,
  since,
  stateOf,
  tagList,
  userItem,
  wordsIn,
} from "./resource-items.js";
import { count, foreign } from "./text.js";

/** Projects are open from the start as long as there are no more than these. */
const mostOpen = 10;

const rows = new Map();
/** The rows of a project by its id. */
const within = new Map();
/** The element of each project, by the project's id. */
const cards = new Map();
const sections = new Map();

const ofKind = (kind) => [...rows.values()].filter((row) => row.kind === kind);

const partsOf = (id) => {
  const parts = { cluster: [], user: [], entry: [] };
  for (const row of within.get(id)?.values() ?? []) parts[row.kind].push(row);
  return parts;
};

const fillBody = ({ body, row }) => {
  const { cluster, user, entry } = partsOf(row.id);
  const isEmpty = cluster.length + user.length + entry.length === 0;
  fill(
    body,
    element("p", "facts", element("code", "", row.id), " · ", since(row.created, "", " old")),
    group("Clusters", cluster.map(clusterItem)),
    group("Database users", user.map(userItem)),
    group("IP access list", entry.map(entryItem)),
    isEmpty && element("p", "hint", "Nothing in it yet."),
  );
};

const summaryOf = (row) => {
  const { cluster, user, entry } = partsOf(row.id);
  const changing = cluster.filter(({ state }) => state !== "IDLE").map(({ state }) => state);
  const pills = [...new Set(changing)].map((state) => {
    const times = changing.filter((one) => one === state).length;
    const label = times > 1 ? `${times} ${state}` : state;
    return element("span", `state ${state.toLowerCase()}`, label);
  });
  const counts = [
    cluster.length > 0 && count(cluster.length, "cluster"),
    user.length > 0 && count(user.length, "user"),
    entry.length > 0 && count(entry.length, "address", "addresses"),
  ].filter(Boolean);
  return element(
    "span",
    "summary",
    element("span", "name", foreign(row.name)),
    tagList(row.tags),
    ...pills,
    element("span", "facts", counts.length > 0 ? counts.join(", ") : "empty"),
  );
};

const createCard = (row, isOpen) => {
  const head = element("summary", "");
  const body = element("div", "body");
  const details = element("details", "", head, body);
  details.open = isOpen;
  const card = { row, head, body, details, item: element("li", "project", details), words: "" };
  details.addEventListener("toggle", () => {
    if (details.open) fillBody(card);
    else body.replaceChildren();
    showTimes();
  });
  return card;
};

const showCard = (card) => {
  const all = [card.row, ...(within.get(card.row.id)?.values() ?? [])];
  card.words = all.map(wordsIn).join("\n");
  fill(card.head, summaryOf(card.row));
  if (card.details.open) fillBody(card);
};

const sectionOf = (key, title) => {
  const known = sections.get(key);
  if (known !== undefined) return known;
  const head = element("h3", "", title);
  const [facts, list] = [element("span", "facts"), element("ul", "plain")];
  const section = element("section", "organization", element("header", "", head, facts), list);
  const made = { section, facts, list };
  sections.set(key, made);
  return made;
};

const newestFirst = (one, other) => other.row.created - one.row.created;

const showOrganization = ({ key, id, name }, filter) => {
  const { section, facts, list } = sectionOf(key, foreign(name));
  const own = [...cards.values()]
    .filter(({ row }) => row.orgId === id)
    .reverse()
    .sort(newestFirst);
  const shown = own.filter(({ words }) => words.includes(filter));
  const projects = count(own.length, "project");
  const part = shown.length < own.length ? `${shown.length} of ${projects}` : projects;
  facts.replaceChildren(element("code", "", id), ` · ${part}`);
  arrange(
    list,
    shown.map(({ item }) => item),
  );
  return section;
};

const showEphemeral = (filter) => {
  const all = ofKind("ephemeral").filter((row) => wordsIn(row).includes(filter));
  if (all.length === 0) return [];
  const { section, facts, list } = sectionOf("ephemeral", "Ephemeral clusters");
  facts.textContent = count(all.length, "cluster");
  list.replaceChildren(
    ...all.map((row) =>
      element(
        "li",
        "cluster",
        element("span", "name", foreign(row.name)),
        ...stateOf(row),
        element("span", "facts", since(row.created, "", " old"), " · ", ends(row.ends)),
      ),
    ),
  );
  return [section];
};

const otherNouns = {
  teams: ["team"],
  serviceAccounts: ["service account"],
  apiKeys: ["API key"],
  invitedUsers: ["invited user"],
  customRoles: ["custom role"],
};

const showOthers = () => {
  const counts = Object.entries(rows.get("others")?.counts ?? {}).filter(
    ([, number]) => number > 0,
  );
  const words = counts.map(([name, number]) => count(number, ...otherNouns[name]));
  return words.length > 0 ? [element("p", "hint", `Also there: ${words.join(", ")}.`)] : [];
};

const showResources = () => {
  const filter = byId("resources-filter").value.trim().toLowerCase();
  const clusters = ofKind("cluster").length + ofKind("ephemeral").length;
  byId("resources-count").textContent =
    `${count(cards.size, "project")}, ${count(clusters, "cluster")}`;
  const isEmpty = cards.size === 0 && clusters === 0;
  const all = [
    ...[...cards.values()].map(({ words }) => words),
    ...ofKind("ephemeral").map(wordsIn),
  ];
  const isMissed = !isEmpty && !all.some((words) => words.includes(filter));
  const hint = isMissed
    ? "Nothing matches this filter."
    : "Nothing here yet. What agents and programs make in this sandbox appears at once.";
  arrange(byId("resources-list"), [
    ...ofKind("organization").map((row) => showOrganization(row, filter)),
    ...showEphemeral(filter),
    ...showOthers(),
    ...(isEmpty || isMissed ? [element("p", "hint", hint)] : []),
  ]);
  showTimes();
};

const ownerOf = (row) => (row.kind === "project" ? row.id : row.groupId);

const keep = (row) => {
  rows.set(row.key, row);
  if (row.groupId === undefined) return;
  const own = within.get(row.groupId) ?? new Map();
  within.set(row.groupId, own.set(row.key, row));
};

const forget = (key) => {
  const row = rows.get(key);
  rows.delete(key);
  within.get(row.groupId)?.delete(key);
  if (row.kind !== "project") return;
  cards.delete(row.id);
  within.delete(row.id);
};

/** The keys of the rows that are not among all there are now, as after a reset that the page has not seen. */
export const keysBeside = (all) => {
  const present = new Set(all.map(({ key }) => key));
  return [...rows.keys()].filter((key) => !present.has(key));
};

/** Takes the rows that are new or changed, and the keys of those that are gone. */
export const takeRows = (changed, gone) => {
  const touched = [...changed, ...gone.map((key) => rows.get(key))].map(ownerOf);
  changed.forEach(keep);
  gone.forEach(forget);
  const isOpen = ofKind("project").length <= mostOpen;
  for (const id of new Set(touched)) {
    const row = rows.get(`project ${id}`);
    if (row === undefined) continue;
    const card = cards.get(id) ?? createCard(row, isOpen);
    card.row = row;
    cards.set(id, card);
    showCard(card);
  }
  showResources();
};

/** Starts the list. */
export const startResources = () => {
  byId("resources-filter").addEventListener("input", showResources);
};
