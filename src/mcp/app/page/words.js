// Words for the members of results and arguments. The tables have no prototype: a word from elsewhere finds only what is here.
import { isRecord } from "./results.js";

const kinds = {
  __proto__: null,
  project: "project",
  flex_cluster: "flex cluster",
  database_user: "database user",
  access_list_entry: "IP access list entry",
  ephemeral_cluster: "ephemeral cluster",
};

const verbs = { __proto__: null, create: "Create", update: "Change", delete: "Delete" };

const capital = (text) => text.replace(/^./, (first) => first.toUpperCase());

/** What a tool is about, such as "Flex cluster". */
export const kindOf = (tool = "") =>
  capital(kinds[tool.slice(tool.indexOf("_") + 1)] ?? "MongoDB Atlas");

/** What a tool does, such as "Create flex cluster". */
export const deedOf = (tool = "") => {
  const [verb, kind] = [verbs[tool.split("_")[0]], kinds[tool.slice(tool.indexOf("_") + 1)]];
  return verb === undefined || kind === undefined ? "MongoDB Atlas" : `${verb} ${kind}`;
};

/** The name of what a call is about. */
export const nameIn = ({ name, username, ipAddress, cidrBlock, clusterName } = {}) =>
  [name, username, ipAddress, cidrBlock, clusterName].find((one) => typeof one === "string") ?? "";

const labels = {
  __proto__: null,
  groupId: "Project id",
  orgId: "Organization id",
  "providerSettings.backingProviderName": "Provider",
  "providerSettings.regionName": "Region",
  terminationProtectionEnabled: "Termination protection",
  deleteAfterDate: "Until",
  sweepAfter: "May be swept after",
  rotatePassword: "New password",
  databaseName: "Database",
  ipAddress: "Address",
  cidrBlock: "Block",
  currentIpAddress: "Current address",
  ifExists: "If it exists",
  withDefaultAlertsSettings: "Default alerts",
  projectOwnerId: "Owner",
};

const labelOf = (path) => labels[path] ?? capital(path.replaceAll(".", " "));

const textOf = (value) => {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (!Array.isArray(value)) return isRecord(value) ? JSON.stringify(value) : String(value);
  if (value.length === 0) return "none";
  return value.map((one) => (isRecord(one) ? entryText(one) : textOf(one))).join(", ");
};

/** A tag, a role or a scope in short, and anything with more to it in full. */
const entryText = (entry) => {
  const {
    key,
    value,
    roleName,
    databaseName = "admin",
    collectionName,
    name,
    type,
    ...more
  } = entry;
  if (Object.keys(more).length > 0) return JSON.stringify(entry);
  if (key !== undefined) return `${textOf(key)} = ${textOf(value)}`;
  if (roleName !== undefined)
    return `${roleName} on ${[databaseName, collectionName].filter(Boolean).join(".")}`;
  return typeof name === "string" ? [type, name].filter(Boolean).join(" ") : JSON.stringify(entry);
};

// They are about the call.
const unshown = ["confirmation", "waitSeconds", "dryRun"];

// One of them is the title.
const named = ["name", "username", "clusterName", "ipAddress", "cidrBlock"];

/** Arguments as pairs of a label and a text, without the one that is the title. */
export const factsOf = (args, title, path = "") =>
  Object.entries(args).flatMap(([key, value]) => {
    const isTop = path === "";
    const isTitle = isTop && named.includes(key) && value === title;
    if (value === null || isTitle || (isTop && unshown.includes(key))) return [];
    const own = isTop ? key : `${path}.${key}`;
    return isRecord(value) ? factsOf(value, title, own) : [[labelOf(own), textOf(value)]];
  });

/** What an update has changed, as pairs of a label and a text. */
export const changesOf = (differences = []) =>
  differences.map(({ field, yours, existing }) => [
    labelOf(field),
    `${textOf(existing ?? "none")} → ${textOf(yours ?? "none")}`,
  ]);

export const priceOf = ({ perMonth: { from, to } = {}, currency } = {}) =>
  to > 0 ? [["Price", `${from} to ${to} ${currency} a month`]] : [];

const approvers = {
  __proto__: null,
  user: "you, in a form",
  app: "you, on this card",
  agent: "the assistant, for you",
  operator: "the operator's setting",
};

export const approvalOf = ({ approver } = {}) =>
  approvers[approver] === undefined ? [] : [["Agreed by", approvers[approver]]];

const parts = {
  __proto__: null,
  database_user: "a database user",
  access_list_entry: "an IP access list entry",
};

export const partOf = (part) => parts[part] ?? part;

export const sandboxNote = ({ backend }) =>
  backend === "sandbox" ? "Sandbox: nothing is real or billed." : "";

/** The sentence with the message of somebody else, if there is one. */
export const saying = (sentence, message) => (message ? `${sentence}: ${message}` : `${sentence}.`);
