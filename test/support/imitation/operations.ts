/** What the imitation of Atlas does: one function for each operation, named by its operationId. */
import { isThere, type Kind, type Resource, viewOf } from "./state.ts";

/** An answer: `made` and `removed` are the ids of what the request has made or deleted. */
export type Reply = { status: number; body?: unknown; made?: string; removed?: string };

/** One request on its way: `now` is when it is done, `asOf` the moment that its reads show. */
export type Call = {
  /** By their parents. */
  resources: Map<string, Resource[]>;
  nextId(): string;
  now: number;
  asOf: number;
  client: string;
  orgId: string;
  /** The parts of the path that have a name. */
  at: Record<string, string>;
  query: URLSearchParams;
  body: any;
  /** How old a project must be for the check of names to see it; undefined if there is no check. */
  nameCheckMs: number | undefined;
  provisionMs: number;
  deletionMs: number;
};

const reasons: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
};

/** An error as Atlas answers it. */
export const apiError = (
  status: number,
  errorCode: string,
  detail: string,
  parameters: string[] = [],
): Reply => ({
  status,
  body: { detail, error: status, errorCode, parameters, reason: reasons[status] ?? "" },
});

const thereIn = (call: Call, kind: Kind, parent: string, at = call.now): Resource[] =>
  (call.resources.get(parent) ?? []).filter((one) => one.kind === kind && isThere(one, at));

const view = (call: Call, one: Resource, at: number): Record<string, unknown> => {
  const clusterCount = one.kind === "project" ? thereIn(call, "cluster", one.id, at).length : 0;
  return viewOf(one, at, { provisionMs: call.provisionMs, clusterCount });
};

const pageOf = (call: Call, all: Resource[]): Reply => {
  const pageNum = Number(call.query.get("pageNum") ?? 1);
  const itemsPerPage = Number(call.query.get("itemsPerPage") ?? 100);
  const shown = all.slice((pageNum - 1) * itemsPerPage, pageNum * itemsPerPage);
  const results = shown.map((one) => view(call, one, call.asOf));
  return { status: 200, body: { links: [], results, totalCount: all.length } };
};

const make = (call: Call, kind: Kind, parent: string, name: string): Resource => {
  const { client: by, body, now: madeAt } = call;
  const one = { kind, id: call.nextId(), parent, name, by, body, madeAt };
  call.resources.set(parent, [...(call.resources.get(parent) ?? []), one]);
  return one;
};

const project = (call: Call, at: number): Resource | undefined =>
  thereIn(call, "project", call.orgId, at).find(({ id }) => id === call.at.groupId);

const noGroup = ({ at: { groupId = "" } }: Call): Reply =>
  apiError(404, "GROUP_NOT_FOUND", `No group with ID ${groupId} exists.`, [groupId]);

const noCluster = ({ at: { groupId = "", name = "" } }: Call): Reply =>
  apiError(404, "CLUSTER_NOT_FOUND", `No cluster named ${name} exists in group ${groupId}.`, [
    name,
    groupId,
  ]);

const organization = (id: string) => ({ id, isDeleted: false, links: [], name: "Imitation" });

const named = (call: Call, kind: Kind, name = "", at = call.now): Resource | undefined =>
  thereIn(call, kind, call.at.groupId ?? "", at).find((one) => one.name === name);

/** Reads one resource of a project, or all of a kind. */
const inProject =
  (read: (call: Call) => Reply) =>
  (call: Call): Reply =>
    project(call, call.asOf) === undefined ? noGroup(call) : read(call);

const list = (kind: Kind) =>
  inProject((call) => pageOf(call, thereIn(call, kind, call.at.groupId ?? "", call.asOf)));

const createGroup = (call: Call): Reply => {
  const { name, orgId } = call.body;
  const { nameCheckMs } = call;
  if (nameCheckMs !== undefined) {
    const seen = thereIn(call, "project", orgId, call.now - nameCheckMs);
    if (seen.some((other) => other.name === name && isThere(other, call.now)))
      return apiError(409, "GROUP_ALREADY_EXISTS", `A group with name "${name}" already exists.`, [
        name,
      ]);
  }
  const made = make(call, "project", orgId, name);
  const { tags, ...body } = view(call, made, call.now);
  const sent = call.body.tags === undefined ? {} : { tags };
  return { status: 201, body: { ...body, ...sent }, made: made.id };
};

const deleteGroup = (call: Call): Reply => {
  const one = project(call, call.now);
  if (one === undefined) return noGroup(call);
  if (thereIn(call, "cluster", one.id).length > 0)
    return apiError(
      409,
      "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS",
      "Cannot close group while it has active clusters; please terminate all clusters.",
    );
  // What Atlas says to a second DELETE while the first is under way is not recorded; here it is the same.
  one.deletedAt ??= call.now;
  one.goneAt ??= call.now + call.deletionMs;
  for (const child of call.resources.get(one.id) ?? [])
    child.goneAt = Math.min(child.goneAt ?? one.goneAt, one.goneAt);
  return { status: 202, body: {}, removed: one.id };
};

const createGroupFlexCluster = (call: Call): Reply => {
  const { groupId = "" } = call.at;
  const { name } = call.body;
  if (project(call, call.now) === undefined) return noGroup(call);
  if (named(call, "cluster", name) !== undefined)
    return apiError(
      400,
      "DUPLICATE_CLUSTER_NAME",
      `A cluster or serverless instance named ${name} is already present in group ${groupId}.`,
      ["cluster or serverless instance", name, groupId],
    );
  const made = make(call, "cluster", groupId, name);
  return { status: 201, body: view(call, made, call.now), made: made.id };
};

const general = (sentence: string): Reply =>
  apiError(400, "ATLAS_GENERAL_ERROR", `Reason: ${sentence}.`, [sentence]);

const deleteGroupFlexCluster = (call: Call): Reply => {
  const { groupId = "", name = "" } = call.at;
  if (project(call, call.now) === undefined) return noGroup(call);
  const one = named(call, "cluster", name);
  if (one === undefined) return noCluster(call);
  if (one.deletedAt !== undefined) return general("Cluster already requested to be deleted");
  if (one.body.terminationProtectionEnabled === true)
    return general(
      `Cannot terminate cluster ${name} in group ${groupId} because termination protection is enabled. Disable termination protection and try again.`,
    );
  one.deletedAt = call.now;
  one.goneAt = call.now + call.deletionMs;
  return { status: 204, removed: one.id };
};

const createGroupDatabaseUser = (call: Call): Reply => {
  const { username } = call.body;
  if (project(call, call.now) === undefined) return noGroup(call);
  if (named(call, "user", username) !== undefined)
    return apiError(409, "USER_ALREADY_EXISTS", `The user ${username} already exists.`, [username]);
  const made = make(call, "user", call.at.groupId ?? "", username);
  return { status: 201, body: view(call, made, call.now), made: made.id };
};

const createGroupAccessListEntry = (call: Call): Reply => {
  const { groupId = "" } = call.at;
  if (project(call, call.now) === undefined) return noGroup(call);
  const [{ ipAddress, cidrBlock = `${ipAddress}/32`, ...rest }] = call.body;
  const old = named(call, "entry", cidrBlock);
  if (old !== undefined) old.body = rest;
  const made = old ?? make({ ...call, body: rest }, "entry", groupId, cidrBlock);
  const whole = pageOf({ ...call, asOf: call.now }, thereIn(call, "entry", groupId));
  return { ...whole, status: 201, ...(old === undefined ? { made: made.id } : {}) };
};

/** By operationId. */
export const operations: Readonly<Record<string, (call: Call) => Reply>> = {
  listOrgs: ({ orgId }) => ({
    status: 200,
    body: { links: [], results: [organization(orgId)], totalCount: 1 },
  }),
  getOrg: ({ at: { orgId = "" }, ...call }) =>
    orgId === call.orgId
      ? { status: 200, body: organization(orgId) }
      : apiError(404, "ORG_NOT_FOUND", `No organization with ID ${orgId} exists.`, [orgId]),
  getOrgGroups: (call) => {
    const prefix = call.query.get("name")?.toLowerCase() ?? "";
    const all = thereIn(call, "project", call.at.orgId ?? "", call.asOf);
    return pageOf(
      call,
      all.filter(({ name }) => name.toLowerCase().startsWith(prefix)),
    );
  },
  listGroups: (call) => pageOf(call, thereIn(call, "project", call.orgId, call.asOf)),
  createGroup,
  getGroup: (call) => {
    const one = project(call, call.asOf);
    return one === undefined ? noGroup(call) : { status: 200, body: view(call, one, call.asOf) };
  },
  deleteGroup,
  listGroupFlexClusters: list("cluster"),
  createGroupFlexCluster,
  getGroupFlexCluster: inProject((call) => {
    const one = named(call, "cluster", call.at.name, call.asOf);
    return one === undefined ? noCluster(call) : { status: 200, body: view(call, one, call.asOf) };
  }),
  deleteGroupFlexCluster,
  listGroupDatabaseUsers: list("user"),
  createGroupDatabaseUser,
  getGroupDatabaseUser: inProject((call) => {
    const { name = "" } = call.at;
    const one = named(call, "user", name, call.asOf);
    return one === undefined
      ? apiError(404, "USERNAME_NOT_FOUND", `No user with username ${name} exists.`, [name])
      : { status: 200, body: view(call, one, call.asOf) };
  }),
  listGroupAccessListEntries: list("entry"),
  createGroupAccessListEntry,
  getGroupAccessListEntry: inProject((call) => {
    const { name = "" } = call.at;
    const one = named(call, "entry", name, call.asOf);
    return one === undefined
      ? apiError(404, "ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND", `There is no entry ${name}.`, [
          name,
        ])
      : { status: 200, body: view(call, one, call.asOf) };
  }),
};
