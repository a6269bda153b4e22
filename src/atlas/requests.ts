/** The requests of the Admin API, as data: one builder an operation, named by its operationId. Nothing is sent here. */
import type { CreateAccessListEntryBody, CreateDatabaseUserBody } from "./access-bodies.ts";
import { addressText, blockOf, blockText } from "./addresses.ts";
import type { CreateFlexClusterBody, CreateProjectBody } from "./bodies.ts";

/** One request: `path` has its query; `version` is the oldest API version that has the operation (facts 1.1, 2). */
export type AtlasRequest = {
  operation: string;
  method: "GET" | "POST" | "DELETE";
  path: string;
  version: "2023-01-01" | "2024-08-05" | "2024-11-13";
  body?: unknown;
  /** The answer comes wrapped as `{status, content}` and is unwrapped by the client. */
  envelope?: boolean;
};

/** Flags of every operation that shape the wire, not the outcome. */
export type WireFlags = { envelope?: boolean; pretty?: boolean };

type Query = Record<string, string | number | boolean | undefined>;

const root = "/api/atlas/v2";

const withQuery = (path: string, query: Query): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === false ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? `${root}${path}` : `${root}${path}?${pairs.join("&")}`;
};

const request = (
  operation: string,
  method: AtlasRequest["method"],
  version: AtlasRequest["version"],
  path: string,
  query: Query & WireFlags,
  body?: unknown,
): AtlasRequest => ({
  operation,
  method,
  version,
  path: withQuery(path, query),
  ...(body === undefined ? {} : { body }),
  ...(query.envelope === true ? { envelope: true } : {}),
});

const id = encodeURIComponent;

export type PageQuery = { pageNum?: number; itemsPerPage?: number };

/** GET /orgs: the organizations that the credentials are in. */
export const listOrgs = (query: PageQuery & WireFlags = {}) =>
  request("listOrgs", "GET", "2023-01-01", "/orgs", query);

/** GET /orgs/{orgId} */
export const getOrg = (orgId: string, flags: WireFlags = {}) =>
  request("getOrg", "GET", "2023-01-01", `/orgs/${id(orgId)}`, flags);

/** GET /orgs/{orgId}/groups: `name` is a prefix, compared without case. */
export const getOrgGroups = (
  orgId: string,
  query: PageQuery & { name?: string } & WireFlags = {},
) => request("getOrgGroups", "GET", "2023-01-01", `/orgs/${id(orgId)}/groups`, query);

/** GET /groups: all projects that the credentials can see. */
export const listGroups = (query: PageQuery & WireFlags = {}) =>
  request("listGroups", "GET", "2023-01-01", "/groups", query);

/** GET /groups/{groupId} */
export const getGroup = (groupId: string, flags: WireFlags = {}) =>
  request("getGroup", "GET", "2023-01-01", `/groups/${id(groupId)}`, flags);

/** POST /groups: `projectOwnerId` names the user who gets the role Project Owner. */
export const createGroup = (
  body: CreateProjectBody,
  query: { projectOwnerId?: string } & WireFlags = {},
) => request("createGroup", "POST", "2023-01-01", "/groups", query, body);

/** GET /groups/{groupId}/flexClusters */
export const listGroupFlexClusters = (groupId: string, query: PageQuery & WireFlags = {}) =>
  request(
    "listGroupFlexClusters",
    "GET",
    "2024-11-13",
    `/groups/${id(groupId)}/flexClusters`,
    query,
  );

/** GET /groups/{groupId}/flexClusters/{name} */
export const getGroupFlexCluster = (groupId: string, name: string, flags: WireFlags = {}) =>
  request(
    "getGroupFlexCluster",
    "GET",
    "2024-11-13",
    `/groups/${id(groupId)}/flexClusters/${id(name)}`,
    flags,
  );

/** POST /groups/{groupId}/flexClusters */
export const createGroupFlexCluster = (
  groupId: string,
  body: CreateFlexClusterBody,
  flags: WireFlags = {},
) =>
  request(
    "createGroupFlexCluster",
    "POST",
    "2024-11-13",
    `/groups/${id(groupId)}/flexClusters`,
    flags,
    body,
  );

/** DELETE /groups/{groupId}/flexClusters/{name} */
export const deleteGroupFlexCluster = (groupId: string, name: string) =>
  request(
    "deleteGroupFlexCluster",
    "DELETE",
    "2024-11-13",
    `/groups/${id(groupId)}/flexClusters/${id(name)}`,
    {},
  );

/** DELETE /groups/{groupId} */
export const deleteGroup = (groupId: string) =>
  request("deleteGroup", "DELETE", "2023-01-01", `/groups/${id(groupId)}`, {});

const users = (groupId: string) => `/groups/${id(groupId)}/databaseUsers`;

/** GET /groups/{groupId}/databaseUsers */
export const listGroupDatabaseUsers = (groupId: string, query: PageQuery = {}) =>
  request("listGroupDatabaseUsers", "GET", "2023-01-01", users(groupId), query);

/** GET /groups/{groupId}/databaseUsers/{databaseName}/{username} */
export const getGroupDatabaseUser = (groupId: string, databaseName: string, username: string) =>
  request(
    "getGroupDatabaseUser",
    "GET",
    "2023-01-01",
    `${users(groupId)}/${id(databaseName)}/${id(username)}`,
    {},
  );

/** POST /groups/{groupId}/databaseUsers. Without a password it is what may be shown. */
export const createGroupDatabaseUser = (
  groupId: string,
  body: CreateDatabaseUserBody,
  password = "[generated]",
) =>
  request(
    "createGroupDatabaseUser",
    "POST",
    "2023-01-01",
    users(groupId),
    {},
    {
      ...body,
      groupId,
      password,
    },
  );

const accessList = (groupId: string) => `/groups/${id(groupId)}/accessList`;

/** GET /groups/{groupId}/accessList */
export const listGroupAccessListEntries = (groupId: string, query: PageQuery = {}) =>
  request("listGroupAccessListEntries", "GET", "2023-01-01", accessList(groupId), query);

/** Addresses as Atlas documents them, whatever the spelling: blocks without host bits, IPv6 written out. */
const documented = ({ ipAddress, cidrBlock, ...rest }: CreateAccessListEntryBody) => {
  const [address, block] = [blockOf(ipAddress ?? ""), blockOf(cidrBlock ?? "")];
  return {
    ...(address === undefined ? {} : { ipAddress: addressText(address) }),
    ...(block === undefined ? {} : { cidrBlock: blockText(block) }),
    ...rest,
  };
};

/** POST /groups/{groupId}/accessList: takes a list, and answers with the whole access list of the project, in pages. */
export const createGroupAccessListEntry = (groupId: string, entry: CreateAccessListEntryBody) =>
  request(
    "createGroupAccessListEntry",
    "POST",
    "2023-01-01",
    accessList(groupId),
    { itemsPerPage: 500 },
    [documented(entry)],
  );

/** GET /orgs/{orgId}/serviceAccounts/{clientId}: a service account with its roles. */
export const getOrgServiceAccount = (orgId: string, clientId: string) =>
  request(
    "getOrgServiceAccount",
    "GET",
    "2024-08-05",
    `/orgs/${id(orgId)}/serviceAccounts/${id(clientId)}`,
    {},
  );

/** GET / of the API: who is calling, with the roles of an API key. */
export const getSystemStatus = () => request("getSystemStatus", "GET", "2023-01-01", "", {});

/** GET /groups/{groupId}/clusters/provider/regions for one provider. */
export const listGroupClusterProviderRegions = (groupId: string, provider: string) =>
  request(
    "listGroupClusterProviderRegions",
    "GET",
    "2023-01-01",
    `/groups/${id(groupId)}/clusters/provider/regions`,
    { providers: provider },
  );

/** The headers that say what the request carries and which version it wants; no credential among them. */
export const headersOf = (one: AtlasRequest): Record<string, string> => ({
  accept: `application/vnd.atlas.${one.version}+json`,
  ...(one.body === undefined ? {} : { "content-type": "application/json" }),
});
