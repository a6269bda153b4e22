/** The two places from which service accounts are managed: their organization, and a project that they have a role in. */
import { type Call, type OwnCredentials, pathParameter } from "../api/operation.ts";
import { type EndpointSet, endpointSets } from "../api/rate-limits.ts";
import { findOrganization } from "../organizations/find.ts";
import { checkOrganizationRoles } from "../organizations/roles.ts";
import { findProject } from "../projects/find.ts";
import { checkProjectRoles } from "../projects/roles.ts";
import type { ServiceAccount } from "../state/administration.ts";

/** One of the two, as the operations need it. */
export type Scope = {
  /** A part of the documented ids, such as `createOrgServiceAccount`. */
  kind: "Org" | "Group";
  path: string;
  endpointSet: EndpointSet;
  /** The accounts that the path's organization or project has; throws if there is no such one. */
  accounts(call: Call): ServiceAccount[];
  roles(call: Call, account: ServiceAccount): string[];
  setRoles(call: Call, account: ServiceAccount, roles: string[]): void;
  checkRoles(call: Call, roles: readonly string[]): void;
  /** The organization and the roles of a new account. */
  place(call: Call, roles: string[]): Pick<ServiceAccount, "orgId" | "roles" | "projects">;
  remove(call: Call, account: ServiceAccount): void;
};

/** The sandbox's own account, which owns all organizations. An object id begins with its time. */
const ownAccount = ({ clientId, apiKeyId }: OwnCredentials, orgId: string): ServiceAccount => ({
  clientId,
  orgId,
  name: "sandbox",
  description: "The sandbox's service account",
  roles: ["ORG_OWNER"],
  createdAt: Number.parseInt(apiKeyId.slice(0, 8), 16) * 1000,
  secrets: [],
  accessList: [],
  projects: [],
});

export const organizationScope: Scope = {
  kind: "Org",
  path: "/orgs/{orgId}/serviceAccounts",
  endpointSet: endpointSets.organizationServiceAccounts,
  accounts: (call) => {
    const id = findOrganization(call).id;
    const created = call.state.serviceAccounts.filter(({ orgId }) => orgId === id);
    return [ownAccount(call.own, id), ...created];
  },
  roles: (_call, account) => account.roles,
  setRoles: (_call, account, roles) => {
    account.roles = roles;
  },
  checkRoles: (call, roles) => checkOrganizationRoles(roles, pathParameter(call, "orgId")),
  place: (call, roles) => ({ orgId: findOrganization(call).id, roles, projects: [] }),
  remove: ({ state }, account) => {
    state.serviceAccounts = state.serviceAccounts.filter((other) => other !== account);
  },
};

const assignmentOf = (call: Call, { projects }: ServiceAccount) =>
  projects.find(({ groupId }) => groupId === pathParameter(call, "groupId"));

export const projectScope: Scope = {
  kind: "Group",
  path: "/groups/{groupId}/serviceAccounts",
  endpointSet: endpointSets.serviceAccounts,
  accounts: (call) => {
    findProject(call);
    return call.state.serviceAccounts.filter((account) => assignmentOf(call, account));
  },
  roles: (call, account) => assignmentOf(call, account)?.roles ?? [],
  setRoles: (call, account, roles) => {
    const groupId = pathParameter(call, "groupId");
    const others = account.projects.filter((project) => project.groupId !== groupId);
    account.projects = [...others, { groupId, roles }];
  },
  checkRoles: (call, roles) => checkProjectRoles(roles, pathParameter(call, "groupId")),
  // Documented: the account becomes a member of the organization, too.
  place: (call, roles) => {
    const { id, orgId } = findProject(call);
    return { orgId, roles: ["ORG_MEMBER"], projects: [{ groupId: id, roles }] };
  },
  // The account stays in the organization, and its secrets stay valid (documented).
  remove: (call, account) => {
    account.projects = account.projects.filter(
      (project) => project !== assignmentOf(call, account),
    );
  },
};
