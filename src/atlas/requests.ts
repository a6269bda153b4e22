/** The operations of the Admin API that are used, by operationId. Each returns a request as data; nothing is sent here. */
import { addressText, blockOf, blockText } from "./addresses.ts";
import { id, operationsOf, type PageQuery } from "./request.ts";
import {
  type AccessListEntryBody,
  accessListEntrySchema,
  accessListStatusSchema,
} from "./resources/access-list-entry.ts";
import { clusterSchema } from "./resources/cluster.ts";
import {
  type DatabaseUser,
  type DatabaseUserBody,
  type DatabaseUserUpdate,
  databaseUserSchema,
} from "./resources/database-user.ts";
import { having, isObjectId, isText, one, page } from "./resources/fields.ts";
import {
  type FlexClusterBody,
  type FlexClusterUpdate,
  flexClusterAnswer,
  flexSnapshotSchema,
} from "./resources/flex-cluster.ts";
import {
  organizationSchema,
  serviceAccountSchema,
  systemStatusSchema,
} from "./resources/organization.ts";
import { type ProjectBody, type ProjectUpdate, projectAnswer } from "./resources/project.ts";
import { providerRegionsSchema } from "./resources/region.ts";

const { get, post, patch, remove } = operationsOf("2023-01-01");
const { get: get2024 } = operationsOf("2024-08-05");
const flex = operationsOf("2024-11-13");

/** The organizations that the credentials are in. */
export const listOrgs = (query: PageQuery = {}) =>
  get("/orgs", page(organizationSchema, having({ id: isObjectId })), query);

export const getOrg = (orgId: string) =>
  get(`/orgs/${id(orgId)}`, one(organizationSchema, having({ id: orgId })));

const anyProject = { id: isObjectId, name: isText };

/** The projects of one organization; `name` is a prefix, compared case-insensitively. */
export const getOrgGroups = (orgId: string, query: PageQuery & { name?: string } = {}) =>
  get(`/orgs/${id(orgId)}/groups`, page(projectAnswer, having(anyProject, { orgId })), query);

/** All projects that the credentials can see. */
export const listGroups = (query: PageQuery = {}) =>
  get("/groups", page(projectAnswer, having(anyProject)), query);

const group = (groupId: string) => `/groups/${id(groupId)}`;

export const getGroup = (groupId: string) =>
  get(group(groupId), one(projectAnswer, having({ id: groupId })));

/** `projectOwnerId` names the user who gets the role Project Owner. */
export const createGroup = (body: ProjectBody, query: { projectOwnerId?: string } = {}) => {
  const { name, orgId } = body;
  const read = one(projectAnswer, having({ id: isObjectId, name }, { orgId }));
  return post("/groups", body, read, query);
};

/** Replaces the members that the body has; a list is replaced as a whole. */
export const updateGroup = (groupId: string, body: ProjectUpdate) => {
  const members = body.name === undefined ? {} : { name: body.name };
  return patch(group(groupId), body, one(projectAnswer, having({ id: groupId, ...members })));
};

export const deleteGroup = (groupId: string) => remove(group(groupId));

const flexClusters = (groupId: string) => `${group(groupId)}/flexClusters`;

export const listGroupFlexClusters = (groupId: string, query: PageQuery = {}) =>
  flex.get(
    flexClusters(groupId),
    page(flexClusterAnswer, having({ id: isObjectId, name: isText }, { groupId })),
    query,
  );

/** The cluster with this name: clusters have an id, but are addressed by name. */
const cluster = (groupId: string, name: string) =>
  one(flexClusterAnswer, having({ id: isObjectId, name }, { groupId }));

export const getGroupFlexCluster = (groupId: string, name: string) =>
  flex.get(`${flexClusters(groupId)}/${id(name)}`, cluster(groupId, name));

export const createGroupFlexCluster = (groupId: string, body: FlexClusterBody) =>
  flex.post(flexClusters(groupId), body, cluster(groupId, body.name));

/** Replaces the members that the body has; a list is replaced as a whole. */
export const updateGroupFlexCluster = (groupId: string, name: string, body: FlexClusterUpdate) =>
  flex.patch(`${flexClusters(groupId)}/${id(name)}`, body, cluster(groupId, name));

export const deleteGroupFlexCluster = (groupId: string, name: string) =>
  flex.remove(`${flexClusters(groupId)}/${id(name)}`);

/** The snapshots of one cluster. No order is documented, and none of them names its cluster. */
export const listGroupFlexClusterBackupSnapshots = (
  groupId: string,
  name: string,
  query: PageQuery = {},
) =>
  flex.get(
    `${flexClusters(groupId)}/${id(name)}/backup/snapshots`,
    page(flexSnapshotSchema, having({ id: isObjectId, status: isText })),
    query,
  );

/** The free and dedicated clusters; flex clusters are not among them. */
export const listGroupClusters = (groupId: string, query: PageQuery = {}) =>
  get2024(
    `${group(groupId)}/clusters`,
    page(clusterSchema, having({ name: isText }, { groupId })),
    query,
  );

const databaseUsers = (groupId: string) => `${group(groupId)}/databaseUsers`;

export const listGroupDatabaseUsers = (groupId: string, query: PageQuery = {}) =>
  get(
    databaseUsers(groupId),
    page(databaseUserSchema, having({ username: isText, databaseName: isText }, { groupId })),
    query,
  );

const databaseUser = (groupId: string, databaseName: string, username: string) =>
  one(databaseUserSchema, having({ username, databaseName }, { groupId }));

const databaseUserPath = (groupId: string, databaseName: string, username: string) =>
  `${databaseUsers(groupId)}/${id(databaseName)}/${id(username)}`;

/** What identifies a database user. */
export type DatabaseUserId = { groupId: string; databaseName: string; username: string };

export const getGroupDatabaseUser = (groupId: string, databaseName: string, username: string) =>
  get(
    databaseUserPath(groupId, databaseName, username),
    databaseUser(groupId, databaseName, username),
  );

/** Replaces the members that the body has; a list is replaced as a whole. Atlas requires the names and the roles. */
export const updateGroupDatabaseUser = (
  { groupId, databaseName, username }: DatabaseUserId,
  body: DatabaseUserUpdate | { roles?: DatabaseUser["roles"]; password?: string },
) =>
  patch(
    databaseUserPath(groupId, databaseName, username),
    { groupId, databaseName, username, ...body },
    databaseUser(groupId, databaseName, username),
  );

/** Without a password, the request has a placeholder and may be shown. */
export const createGroupDatabaseUser = (
  groupId: string,
  body: DatabaseUserBody,
  password = "[generated]",
) => {
  const read = databaseUser(groupId, body.databaseName, body.username);
  return post(databaseUsers(groupId), { ...body, groupId, password }, read);
};

export const deleteGroupDatabaseUser = (groupId: string, databaseName: string, username: string) =>
  remove(`${databaseUsers(groupId)}/${id(databaseName)}/${id(username)}`);

const accessList = (groupId: string) => `${group(groupId)}/accessList`;

/** An entry has a block, or the id of an AWS security group. */
const accessListPage = (groupId: string) => {
  const isIn = having({}, { groupId });
  return page(
    accessListEntrySchema,
    (entry) =>
      isIn(entry) && [entry.cidrBlock, entry.ipAddress, entry.awsSecurityGroup].some(isText),
  );
};

export const listGroupAccessListEntries = (groupId: string, query: PageQuery = {}) =>
  get(accessList(groupId), accessListPage(groupId), query);

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
  post(accessList(groupId), [inDocumentedForm(entry)], accessListPage(groupId), {
    itemsPerPage: 500,
  });

/** `entry` is an address or a block, in the spelling in which the list shows it. */
export const deleteGroupAccessListEntry = (groupId: string, entry: string) =>
  remove(`${accessList(groupId)}/${id(entry)}`);

/** Whether an entry, by its address or block, is applied already (docs/atlas.md#ip-access-list). */
export const getGroupAccessListStatus = (groupId: string, entry: string) =>
  get(
    `${accessList(groupId)}/${id(entry)}/status`,
    one(accessListStatusSchema, having({ STATUS: isText })),
  );

/** The regions of one provider. */
export const listGroupClusterProviderRegions = (groupId: string, provider: string) =>
  get(
    `${group(groupId)}/clusters/provider/regions`,
    page(providerRegionsSchema, having({ provider: isText })),
    {
      providers: provider,
    },
  );

/** A service account with its roles. */
export const getOrgServiceAccount = (orgId: string, clientId: string) =>
  get2024(
    `/orgs/${id(orgId)}/serviceAccounts/${id(clientId)}`,
    one(serviceAccountSchema, having({ clientId })),
  );

/** The caller; for an API key with its roles. */
export const getSystemStatus = () => get("", one(systemStatusSchema, having({ appName: isText })));
