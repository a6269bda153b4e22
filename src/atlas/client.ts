/** The Admin API as typed functions. No policy, no MCP. */
import type { Deadline } from "../common/deadline.ts";
import { createRedactor } from "../common/redact.ts";
import type { Secret } from "../common/secret.ts";
import type { CreateDatabaseUserBody } from "./access-bodies.ts";
import * as requests from "./requests.ts";
import * as resources from "./resources.ts";
import { type ClientOptions, createSender, type Sent } from "./send.ts";

export type { Endpoint as Target } from "./send.ts";

/** Builds the client. Every function throws `AtlasToolError`; those that change something return the fate instead. */
export const createAtlasClient = (options: ClientOptions) => {
  const { read, send, close } = createSender(options);
  const toProject = (json: unknown) => resources.readOne(resources.project, json);
  const toFlexCluster = (json: unknown) => resources.readOne(resources.flexCluster, json);
  const toDatabaseUser = (json: unknown) => resources.readOne(resources.databaseUser, json);
  const toAccessList = (json: unknown) => resources.readPage(resources.accessListEntry, json);

  return {
    listOrganizations: async (deadline: Deadline, query: requests.PageQuery = {}) =>
      resources.readPage(resources.organization, await read(requests.listOrgs(query), deadline)),
    getOrganization: async (deadline: Deadline, orgId: string) =>
      resources.readOne(resources.organization, await read(requests.getOrg(orgId), deadline)),
    /** Of one organization, or of all that the credentials see. `name` (prefix, without case) needs an organization. */
    listProjects: async (
      deadline: Deadline,
      query: requests.PageQuery & { orgId?: string; name?: string } = {},
    ) => {
      const { orgId, name, ...page } = query;
      const request =
        orgId === undefined
          ? requests.listGroups(page)
          : requests.getOrgGroups(orgId, { ...(name === undefined ? {} : { name }), ...page });
      return resources.readPage(resources.project, await read(request, deadline));
    },
    getProject: async (deadline: Deadline, groupId: string) =>
      toProject(await read(requests.getGroup(groupId), deadline)),
    createProject: (deadline: Deadline, request: requests.AtlasRequest) =>
      send(request, toProject, deadline),
    listFlexClusters: async (deadline: Deadline, groupId: string, query: requests.PageQuery = {}) =>
      resources.readPage(
        resources.flexCluster,
        await read(requests.listGroupFlexClusters(groupId, query), deadline),
      ),
    getFlexCluster: async (deadline: Deadline, groupId: string, name: string) =>
      toFlexCluster(await read(requests.getGroupFlexCluster(groupId, name), deadline)),
    createFlexCluster: (deadline: Deadline, request: requests.AtlasRequest) =>
      send(request, toFlexCluster, deadline),
    /** Sends a DELETE: any 2xx is acceptance, whatever its body. */
    remove: (deadline: Deadline, request: requests.AtlasRequest): Promise<Sent<undefined>> =>
      send(request, () => undefined, deadline),
    listDatabaseUsers: async (
      deadline: Deadline,
      groupId: string,
      query: requests.PageQuery = {},
    ) =>
      resources.readPage(
        resources.databaseUser,
        await read(requests.listGroupDatabaseUsers(groupId, query), deadline),
      ),
    getDatabaseUser: async (
      deadline: Deadline,
      groupId: string,
      databaseName: string,
      username: string,
    ) =>
      toDatabaseUser(
        await read(requests.getGroupDatabaseUser(groupId, databaseName, username), deadline),
      ),
    /** The one place that puts a password on the wire. Whatever Atlas says of it comes back without it. */
    createDatabaseUser: async (
      deadline: Deadline,
      groupId: string,
      body: CreateDatabaseUserBody,
      password: Secret,
    ): Promise<Sent<resources.DatabaseUser>> => {
      const redactor = createRedactor();
      redactor.add(password.reveal());
      const request = requests.createGroupDatabaseUser(groupId, body, password.reveal());
      return redactor.clean(await send(request, toDatabaseUser, deadline));
    },
    listAccessListEntries: async (
      deadline: Deadline,
      groupId: string,
      query: requests.PageQuery = {},
    ) => toAccessList(await read(requests.listGroupAccessListEntries(groupId, query), deadline)),
    /** Answers with the whole access list, as Atlas does. */
    createAccessListEntry: (deadline: Deadline, request: requests.AtlasRequest) =>
      send(request, toAccessList, deadline),
    listRegions: async (deadline: Deadline, groupId: string, provider: string) =>
      resources.readPage(
        resources.providerRegions,
        await read(requests.listGroupClusterProviderRegions(groupId, provider), deadline),
      ),
    /** Roles of a service account in an organization, by Atlas's names (ORG_OWNER ...). */
    getServiceAccountRoles: async (deadline: Deadline, orgId: string, clientId: string) =>
      resources.readOne(
        resources.serviceAccount,
        await read(requests.getOrgServiceAccount(orgId, clientId), deadline),
      ).roles ?? [],
    /** Roles of the calling API key in an organization. */
    getApiKeyRoles: async (deadline: Deadline, orgId: string) => {
      const json = await read(requests.getSystemStatus(), deadline);
      const { apiKey } = resources.readOne(resources.systemStatus, json);
      const roles = apiKey?.roles ?? [];
      return roles.flatMap((role) => (role.orgId === orgId ? (role.roleName ?? []) : []));
    },
    close,
  };
};

export type AtlasClient = ReturnType<typeof createAtlasClient>;
