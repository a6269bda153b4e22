/** The requests of the Admin API, as data: one builder an operation, named by its operationId. Nothing is sent here. */
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
