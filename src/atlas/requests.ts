/** The operations of the Admin API that are used, by operationId. Each returns a request as data; nothing is sent here. */
import { addressText, blockOf, blockText } from "./addresses.ts";
import { type AccessListEntryBody, accessListEntrySchema } from "./resources/access-list-entry.ts";
import { type DatabaseUserBody, databaseUserSchema } from "./resources/database-user.ts";
import { one, page } from "./resources/fields.ts";
import { type FlexClusterBody, flexClusterSchema } from "./resources/flex-cluster.ts";
import {
  organizationSchema,
  serviceAccountSchema,
  systemStatusSchema,
} from "./resources/organization.ts";
import { type ProjectBody, projectSchema } from "./resources/project.ts";
import { providerRegionsSchema } from "./resources/region.ts";

/** The oldest API version that has the operation (docs/atlas.md#versions). */
type Version = "2023-01-01" | "2024-08-05" | "2024-11-13";

/** One request. `path` includes the query; `read` parses the body of a success. */
export type AtlasRequest<T = unknown> = {
  method: "GET" | "POST" | "DELETE";
  path: string;
  version: Version;
  body?: unknown;
  read(json: unknown): T;
};

type Query = Record<string, string | number | undefined>;

/** A page of a list: `pageNum` from 1, `itemsPerPage` up to 500. */
export type PageQuery = { pageNum?: number; itemsPerPage?: number };

const id = encodeURIComponent;

const withQuery = (path: string, query: Query): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `/api/atlas/v2${path}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`;
};

/** Creates the request functions of one API version. */
const operationsOf = (version: Version) => ({
  get: <T>(path: string, read: (json: unknown) => T, query: Query = {}): AtlasRequest<T> => ({
    method: "GET",
    version,
    path: withQuery(path, query),
    read,
  }),
  post: <T>(
    path: string,
    body: unknown,
    read: (json: unknown) => T,
    query: Query = {},
  ): AtlasRequest<T> => ({ method: "POST", version, path: withQuery(path, query), body, read }),
  /** Any 2xx means accepted, whatever its body. */
  remove: (path: string): AtlasRequest<undefined> => ({
    method: "DELETE",
    version,
    path: withQuery(path, {}),
    read: () => undefined,
  }),
});

const { get, post, remove } = operationsOf("2023-01-01");
const accounts = operationsOf("2024-08-05");
const flex = operationsOf("2024-11-13");

/** The organizations that the credentials are in. */
export const listOrgs = (query: PageQuery = {}) => get("/orgs", page(organizationSchema), query);

export const getOrg = (orgId: string) => get(`/orgs/${id(orgId)}`, one(organizationSchema));

/** The projects of one organization; `name` is a prefix, compared case-insensitively. */
export const getOrgGroups = (orgId: string, query: PageQuery & { name?: string } = {}) =>
  get(`/orgs/${id(orgId)}/groups`, page(projectSchema), query);

/** All projects that the credentials can see. */
export const listGroups = (query: PageQuery = {}) => get("/groups", page(projectSchema), query);

const group = (groupId: string) => `/groups/${id(groupId)}`;

export const getGroup = (groupId: string) => get(group(groupId), one(projectSchema));

/** `projectOwnerId` names the user who gets the role Project Owner. */
export const createGroup = (body: ProjectBody, query: { projectOwnerId?: string } = {}) =>
  post("/groups", body, one(projectSchema), query);

export const deleteGroup = (groupId: string) => remove(group(groupId));

const flexClusters = (groupId: string) => `${group(groupId)}/flexClusters`;

export const listGroupFlexClusters = (groupId: string, query: PageQuery = {}) =>
  flex.get(flexClusters(groupId), page(flexClusterSchema), query);

export const getGroupFlexCluster = (groupId: string, name: string) =>
  flex.get(`${flexClusters(groupId)}/${id(name)}`, one(flexClusterSchema));

export const createGroupFlexCluster = (groupId: string, body: FlexClusterBody) =>
  flex.post(flexClusters(groupId), body, one(flexClusterSchema));

export const deleteGroupFlexCluster = (groupId: string, name: string) =>
  flex.remove(`${flexClusters(groupId)}/${id(name)}`);

const databaseUsers = (groupId: string) => `${group(groupId)}/databaseUsers`;

export const listGroupDatabaseUsers = (groupId: string, query: PageQuery = {}) =>
  get(databaseUsers(groupId), page(databaseUserSchema), query);

export const getGroupDatabaseUser = (groupId: string, databaseName: string, username: string) =>
  get(`${databaseUsers(groupId)}/${id(databaseName)}/${id(username)}`, one(databaseUserSchema));

/** Without a password, the request has a placeholder and may be shown. */
export const createGroupDatabaseUser = (
  groupId: string,
  body: DatabaseUserBody,
  password = "[generated]",
) => post(databaseUsers(groupId), { ...body, groupId, password }, one(databaseUserSchema));

const accessList = (groupId: string) => `${group(groupId)}/accessList`;

export const listGroupAccessListEntries = (groupId: string, query: PageQuery = {}) =>
  get(accessList(groupId), page(accessListEntrySchema), query);

/** Rewrites addresses in the form that Atlas documents: blocks without host bits, IPv6 in full. */
const inDocumentedForm = ({ ipAddress, cidrBlock, ...rest }: AccessListEntryBody) => {
  const [address, block] = [blockOf(ipAddress ?? ""), blockOf(cidrBlock ?? "")];
  return {
    ...(address === undefined ? {} : { ipAddress: addressText(address) }),
    ...(block === undefined ? {} : { cidrBlock: blockText(block) }),
    ...rest,
  };
};

/** Atlas takes a list of entries, and returns a page of the project's whole access list. */
export const createGroupAccessListEntry = (groupId: string, entry: AccessListEntryBody) =>
  post(accessList(groupId), [inDocumentedForm(entry)], page(accessListEntrySchema), {
    itemsPerPage: 500,
  });

/** The regions of one provider. */
export const listGroupClusterProviderRegions = (groupId: string, provider: string) =>
  get(`${group(groupId)}/clusters/provider/regions`, page(providerRegionsSchema), {
    providers: provider,
  });

/** A service account with its roles. */
export const getOrgServiceAccount = (orgId: string, clientId: string) =>
  accounts.get(`/orgs/${id(orgId)}/serviceAccounts/${id(clientId)}`, one(serviceAccountSchema));

/** The caller; for an API key with its roles. */
export const getSystemStatus = () => get("", one(systemStatusSchema));

/** The headers for content type and API version, without a credential. */
export const headersOf = ({ version, body }: AtlasRequest): Record<string, string> => ({
  accept: `application/vnd.atlas.${version}+json`,
  ...(body === undefined ? {} : { "content-type": "application/json" }),
});
