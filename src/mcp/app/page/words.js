// Words for the members of results and arguments.

const kinds = {
  project: "project",
  flex_cluster: "flex cluster",
  database_user: "database user",
  access_list_entry: "IP access list entry",
  ephemeral_cluster: "ephemeral cluster",
};

const verbs = { create: "Create", update: "Change", delete: "Delete" };

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

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value) => {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (!Array.isArray(value)) return isRecord(value) ? JSON.stringify(value) : String(value);
  if (value.length === 0) return "none";
  return value
    .map((one) => {
      if (!isRecord(one)) return textOf(one);
      const { key, value: text, roleName, databaseName, name } = one;
      if (key !== undefined) return `${key} = ${text}`;
      if (roleName !== undefined) return `${roleName} on ${databaseName ?? "admin"}`;
      return name ?? JSON.stringify(one);
    })
    .join(", ");
};

// The name is the title, and the others are about the call.
const unshown = ["name", "username", "clusterName", "confirmation", "waitSeconds", "dryRun"];

/** Arguments as pairs of a label and a text. */
export const factsOf = (args, path = "") =>
  Object.entries(args).flatMap(([key, value]) => {
    if (value === null || (path === "" && unshown.includes(key))) return [];
    const own = path === "" ? key : `${path}.${key}`;
    return isRecord(value) ? factsOf(value, own) : [[labelOf(own), textOf(value)]];
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
  user: "you, in a form",
  app: "you, on this card",
  agent: "the assistant, for you",
  operator: "the operator's setting",
};

export const approvalOf = ({ approver } = {}) =>
  approvers[approver] === undefined ? [] : [["Agreed by", approvers[approver]]];

const parts = { database_user: "a database user", access_list_entry: "an IP access list entry" };

export const partOf = (part) => parts[part] ?? part;
