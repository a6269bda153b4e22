/** The operations that invite users to an organization or a project, and change what they may do there. */
import {
  checkFields,
  optionalObject,
  optionalObjects,
  optionalTexts,
  requiredText,
  requiredTexts,
} from "../api/fields.ts";
import type { Call, Operation } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findOrganization } from "../organizations/find.ts";
import { checkOrganizationRoles } from "../organizations/roles.ts";
import { findProject } from "../projects/find.ts";
import { checkProjectRoles } from "../projects/roles.ts";
import type { InvitedUser } from "../state/administration.ts";
import {
  invitedUsersOf,
  inviteToProject,
  inviteUser,
  pickInvited,
  removeInvited,
  rolesIn,
  setRolesIn,
  toInvitedProjectView,
  toInvitedView,
} from "./invited.ts";

const version = "2025-02-19";
const inOrganization = {
  path: "/orgs/{orgId}/users",
  version,
  endpointSet: endpointSets.organizationUsers,
};
const inProject = { path: "/groups/{groupId}/users", version, endpointSet: endpointSets.users };

/** The invited user that the path names, to change them. The owner is the last one, and stays. */
const findMember = (call: Call): InvitedUser => {
  const user = pickInvited(call, invitedUsersOf(call.state, findOrganization(call).id, call.now));
  if (user === undefined) throw createApiError("CANNOT_DEMOTE_LAST_ORG_OWNER");
  return user;
};

/** The same in a project. */
const findProjectMember = (call: Call): { user: InvitedUser; groupId: string } => {
  const { id: groupId, orgId } = findProject(call);
  const users = invitedUsersOf(call.state, orgId, call.now);
  const members = users.filter((one) => rolesIn(one, groupId) !== undefined);
  const user = pickInvited(call, members);
  if (user === undefined) throw createApiError("CANNOT_DEMOTE_LAST_ORG_OWNER");
  return { user, groupId };
};

/** Reads the roles in an organization and in its projects. What the body leaves out is as before. */
const readRoles = (
  { body, state }: Call,
  orgId: string,
  before: Pick<InvitedUser, "roles" | "projects">,
): Pick<InvitedUser, "roles" | "projects"> => {
  const sent = optionalObject(body, "roles") ?? {};
  checkFields(sent, { groupRoleAssignments: "array", orgRoles: "array" });
  const roles = optionalTexts(sent, "orgRoles") ?? before.roles;
  checkOrganizationRoles(roles, orgId);
  const projects = optionalObjects(sent, "groupRoleAssignments")?.map((item) => {
    const groupId = requiredText(item, "groupId");
    if (!state.projects.some(({ id }) => id === groupId)) {
      throw createApiError("GROUP_NOT_FOUND", { groupId });
    }
    const groupRoles = requiredTexts(item, "groupRoles");
    checkProjectRoles(groupRoles, groupId);
    return { groupId, roles: groupRoles };
  });
  return { roles, projects: projects ?? before.projects };
};

const withRole = (roles: readonly string[], role: string): string[] => [
  ...new Set([...roles, role]),
];
const withoutRole = (roles: readonly string[], role: string): string[] =>
  roles.filter((other) => other !== role);

/** The operations that add and remove one role of a member. */
const roleOperations = (
  ids: readonly [add: Operation["id"], remove: Operation["id"]],
  route: Pick<Operation, "path" | "version" | "endpointSet">,
  change: (call: Call, toRoles: typeof withRole) => JsonObject,
): Operation[] =>
  (
    [
      [ids[0], "addRole", withRole],
      [ids[1], "removeRole", withoutRole],
    ] as const
  ).map(([id, verb, toRoles]) => ({
    ...route,
    id,
    method: "POST",
    path: `${route.path}/{userId}:${verb}`,
    run: (call) => ({ status: 200, body: change(call, toRoles) }),
  }));

export const cloudUserChangeOperations: readonly Operation[] = [
  {
    ...inOrganization,
    id: "createOrgUser",
    method: "POST",
    run: (call) => {
      const orgId = findOrganization(call).id;
      checkFields(call.body, { roles: "object", teamIds: "array", username: "string" });
      const username = requiredText(call.body, "username");
      const roles = readRoles(call, orgId, { roles: [], projects: [] });
      if (roles.roles.length === 0)
        throw createApiError("MISSING_ATTRIBUTE", { attribute: "orgRoles" });
      const conflict = () => createApiError("USER_ALREADY_IN_ORG", { username, orgId });
      const user = inviteUser(call, orgId, username, conflict);
      if (user.roles.length > 0) throw conflict();
      Object.assign(user, roles);
      return { status: 201, body: toInvitedView(user) };
    },
  },
  {
    ...inOrganization,
    id: "updateOrgUser",
    method: "PATCH",
    path: `${inOrganization.path}/{userId}`,
    run: (call) => {
      const user = findMember(call);
      checkFields(call.body, { roles: "object", teamIds: "array" });
      Object.assign(user, readRoles(call, user.orgId, user));
      return { status: 200, body: toInvitedView(user) };
    },
  },
  {
    ...inOrganization,
    id: "removeOrgUser",
    method: "DELETE",
    path: `${inOrganization.path}/{userId}`,
    version: "2023-01-01",
    laterVersions: [version],
    run: (call) => {
      removeInvited(call.state, findMember(call));
      return { status: 204 };
    },
  },
  ...roleOperations(["addOrgUserRole", "removeOrgUserRole"], inOrganization, (call, toRoles) => {
    const user = findMember(call);
    checkFields(call.body, { orgRole: "string" });
    const role = requiredText(call.body, "orgRole");
    checkOrganizationRoles([role], user.orgId);
    user.roles = toRoles(user.roles, role);
    return toInvitedView(user);
  }),
  {
    ...inProject,
    id: "addGroupUsers",
    method: "POST",
    run: (call) => {
      const { user, groupId } = inviteToProject(call);
      if (user.roles.length === 0) user.roles = ["ORG_MEMBER"];
      return { status: 201, body: toInvitedProjectView(user, groupId) };
    },
  },
  {
    ...inProject,
    id: "removeGroupUser",
    method: "DELETE",
    path: `${inProject.path}/{userId}`,
    version: "2023-01-01",
    laterVersions: [version],
    run: (call) => {
      const { user, groupId } = findProjectMember(call);
      setRolesIn(user, groupId, []);
      return { status: 204 };
    },
  },
  ...roleOperations(["addGroupUserRole", "removeGroupUserRole"], inProject, (call, toRoles) => {
    const { user, groupId } = findProjectMember(call);
    checkFields(call.body, { groupRole: "string" });
    const role = requiredText(call.body, "groupRole");
    checkProjectRoles([role], groupId);
    setRolesIn(user, groupId, toRoles(rolesIn(user, groupId) ?? [], role));
    return toInvitedProjectView(user, groupId);
  }),
];
