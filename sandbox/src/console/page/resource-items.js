/** The lines of the list of resources, and the times in them. */
import { element } from "./elements.js";
import { age, dateAndTime, duration, foreign } from "./text.js";

/** A time that the page counts on from, or down to. */
export const since = (ms, before, after = "") => {
  const time = element("span", "age");
  Object.assign(time.dataset, { since: ms, before, after });
  return time;
};

export const ends = (ms) =>
  ms === undefined ? undefined : element("span", "ends", `ends ${dateAndTime(ms)} UTC`);

export const tagList = (tags) =>
  tags.length > 0 &&
  element(
    "span",
    "tags",
    ...tags.map(({ key, value }) => element("span", "tag", foreign(key), ": ", foreign(value))),
  );

export const stateOf = (row) => {
  const state = element("span", `state ${row.state.toLowerCase()}`, row.state);
  if (row.until === undefined) return [state];
  const bar = element("progress", "");
  bar.max = row.until - row.since;
  bar.setAttribute("aria-label", `${row.state}, how far`);
  const left = element("span", "left");
  Object.assign(bar.dataset, { since: row.since });
  Object.assign(left.dataset, { since: row.since, whole: row.until - row.since });
  return [state, bar, left];
};

const strings = {
  none: "no connection string yet",
  srv: "SRV connection string only",
  both: "connection strings complete",
};

export const clusterItem = (row) => {
  const isStuck = row.state === "CREATING" && row.until === undefined;
  const facts = [row.size, row.place, strings[row.strings]];
  if (row.isProtected) facts.push("protected from deletion");
  if (row.isPaused) facts.push("paused");
  if (isStuck) facts.push("stuck by a fault");
  return element(
    "li",
    "cluster",
    element("span", "name", foreign(row.name)),
    ...stateOf(row),
    element("span", "facts", foreign(facts.join(" · ")), " · ", since(row.created, "", " old")),
    tagList(row.tags),
  );
};

export const userItem = (row) =>
  element(
    "li",
    "",
    element("span", "name", foreign(row.username)),
    element("span", "facts", foreign([`in ${row.database}`, ...row.roles].join(" · "))),
    row.clusters.length > 0 && element("span", "facts", "only ", foreign(row.clusters.join(", "))),
    row.description !== undefined && element("span", "comment", foreign(row.description)),
    ends(row.ends),
    tagList(row.tags),
  );

export const entryItem = (row) =>
  element(
    "li",
    "",
    element("code", "", row.block),
    row.comment !== undefined && element("span", "comment", foreign(row.comment)),
    ends(row.ends),
  );

const tagTexts = (tags) => tags.map(({ key, value }) => `${key}: ${value}`);

/** The values of a row that are shown, by its kind: what the filter looks at. */
const values = {
  project: ({ id, name, tags }) => [id, name, ...tagTexts(tags)],
  cluster: ({ name, state, size, place, tags }) => [name, state, size, place, ...tagTexts(tags)],
  user: ({ username, database, roles, clusters, description = "", tags }) => [
    ...[username, database, ...roles, ...clusters, description, ...tagTexts(tags)],
  ],
  entry: ({ block, comment = "" }) => [block, comment],
  ephemeral: ({ name, state }) => [name, state],
};

/** A line for each of the values that are shown. */
export const wordsIn = (row) => values[row.kind](row).join("\n").toLowerCase();

export const group = (title, items) =>
  items.length > 0 &&
  element("section", "group", element("h4", "", title), element("ul", "plain", ...items));

let ahead = 0;
let stoppedAt;

/** The time of the sandbox, which may be ahead of that of this machine. It stands still while the sandbox is gone. */
export const sandboxTime = () => stoppedAt ?? Date.now() + ahead;

/** Takes the time of the sandbox. */
export const setNow = (now) => {
  ahead = now - Date.now();
  stoppedAt = undefined;
};

export const stopTime = () => {
  stoppedAt ??= sandboxTime();
};

/** Writes how old things are, and how far changes are. */
export const showTimes = () => {
  const now = sandboxTime();
  for (const one of document.querySelectorAll(".age")) {
    const { since: from, before, after } = one.dataset;
    const text = `${before}${age(now - from)}${after}`;
    if (one.textContent !== text) one.textContent = text;
  }
  for (const bar of document.querySelectorAll("progress")) bar.value = now - bar.dataset.since;
  for (const left of document.querySelectorAll(".left")) {
    const { since: from, whole } = left.dataset;
    left.textContent = `${duration(Math.min(whole, Math.max(0, now - from)))} of ${duration(Number(whole))}`;
  }
};
