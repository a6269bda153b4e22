/** The operations on invitations, which Atlas has deprecated. An invitation has the id of the user who is invited. */
import {
  checkFields,
  optionalObjects,
  optionalText,
  requiredText,
  requiredTexts,
} from "../api/fields.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { lastDay } from "../api/versions.ts";
import {
  invitationTimes,
  invitedUsersOf,
  inviteToProject,
  inviteUser,
  removeInvited,
  rolesIn,
  setRolesIn,
} from "../cloud-users/invited.ts";
import { owner } from "../cloud-users/view.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findOrganization } from "../organizations/find.ts";
import { checkOrganizationRoles } from "../organizations/roles.ts";
import { findProject } from "../projects/find.ts";
import { checkProjectRoles } from "../projects/roles.ts";
import type { InvitedUser } from "../state/administration.ts";

/** One of the two places that invite. */
type Scope = {
  path: string;
  endpointSet: Operation["endpointSet"];
  /** Since when it is deprecated, as recorded. */
  since: string;
  /** The users whom the place of the path has invited; throws if there is no such place. */
  invited(call: Call): InvitedUser[];
  /** Invites the user that the body names. */
  invite(call: Call): InvitedUser;
  setRoles(call: Call, user: InvitedUser): void;
  remove(call: Call, user: InvitedUser): void;
  toView(call: Call, user: InvitedUser): JsonObject;
};

const toTimes = (user: InvitedUser): { createdAt: string; expiresAt: string } => {
  const [createdAt, expiresAt] = invitationTimes(user);
  return { createdAt, expiresAt };
};

const organizationScope: Scope = {
  path: "/orgs/{orgId}/invites",
  endpointSet: endpointSets.organization,
  since: "2025-02-19",
  invited: (call) => {
    const users = invitedUsersOf(call.state, findOrganization(call).id, call.now);
    return users.filter(({ roles }) => roles.length > 0);
  },
  invite: (call) => {
    const { id: orgId } = findOrganization(call);
    const { groupRoleAssignments: _projects, ...body } = call.body;
    checkFields(body, { roles: "array", teamIds: "array", username: "string" });
    const username = requiredText(body, "username");
    const roles = requiredTexts(body, "roles");
    checkOrganizationRoles(roles, orgId);
    const projects = (optionalObjects(call.body, "groupRoleAssignments") ?? []).map((item) => ({
      groupId: requiredText(item, "groupId"),
      roles: requiredTexts(item, "roles"),
    }));
    const conflict = () => createApiError("USER_ALREADY_IN_ORG", { username, orgId });
    const user = inviteUser(call, orgId, username, conflict);
    if (user.roles.length > 0) throw conflict();
    return Object.assign(user, { roles, projects });
  },
  setRoles: (call, user) => {
    const roles = requiredTexts(call.body, "roles");
    checkOrganizationRoles(roles, user.orgId);
    user.roles = roles;
  },
  remove: (call, user) => removeInvited(call.state, user),
  toView: (call, user) => ({
    ...toTimes(user),
    groupRoleAssignments: user.projects.map(({ groupId, roles }) => ({
      groupId,
      roles: [...roles],
    })),
    id: user.id,
    inviterUsername: owner.username,
    orgId: user.orgId,
    orgName: findOrganization(call).name,
    roles: [...user.roles],
    teamIds: [],
    username: user.username,
  }),
};

const projectScope: Scope = {
  path: "/groups/{groupId}/invites",
  endpointSet: endpointSets.group,
  since: "2023-10-04",
  invited: (call) => {
    const { id, orgId } = findProject(call);
    return invitedUsersOf(call.state, orgId, call.now).filter((user) => rolesIn(user, id));
  },
  invite: (call) => inviteToProject(call).user,
  setRoles: (call, user) => {
    const groupId = pathParameter(call, "groupId");
    const roles = requiredTexts(call.body, "roles");
    checkProjectRoles(roles, groupId);
    setRolesIn(user, groupId, roles);
  },
  remove: (call, user) => {
    setRolesIn(user, pathParameter(call, "groupId"), []);
    if (user.roles.length === 0 && user.projects.length === 0) removeInvited(call.state, user);
  },
  toView: (call, user) => {
    const { id: groupId, name } = findProject(call);
    return {
      ...toTimes(user),
      groupId,
      groupName: name,
      id: user.id,
      inviterUsername: owner.username,
      roles: [...(rolesIn(user, groupId) ?? [])],
      username: user.username,
    };
  },
};

/** The open invitation that fits; throws if there is none. */
const find = (scope: Scope, call: Call, isMeant: (user: InvitedUser) => boolean): InvitedUser => {
  const user = scope.invited(call).find(isMeant);
  // Atlas's own code is not documented.
  if (user === undefined) throw createApiError("RESOURCE_NOT_FOUND", { resource: "invitation" });
  return user;
};

const findById = (scope: Scope, call: Call): InvitedUser =>
  find(scope, call, ({ id }) => id === pathParameter(call, "invitationId"));

const update = (
  scope: Scope,
  call: Call,
  user: InvitedUser,
): { status: number; body: JsonObject } => {
  scope.setRoles(call, user);
  return { status: 200, body: scope.toView(call, user) };
};

const toOperations = (scope: Scope, kind: "Org" | "Group"): Operation[] => {
  const { path, endpointSet, since } = scope;
  const deprecation = { since, sunset: lastDay };
  const list = { path, version: "2023-01-01", deprecation, endpointSet };
  const item = { ...list, path: `${scope.path}/{invitationId}` };
  return [
    {
      ...list,
      id: `list${kind}Invites`,
      method: "GET",
      run: (call) => {
        const username = call.query.get("username");
        const users = scope.invited(call);
        const shown = users.filter((user) => username === null || user.username === username);
        return { status: 200, body: shown.map((user) => scope.toView(call, user)) };
      },
    },
    {
      ...list,
      id: `create${kind}Invite`,
      method: "POST",
      run: (call) => ({ status: 200, body: scope.toView(call, scope.invite(call)) }),
    },
    {
      ...list,
      id: `update${kind}Invites`,
      method: "PATCH",
      run: (call) => {
        const username = optionalText(call.body, "username");
        return update(
          scope,
          call,
          find(scope, call, (user) => user.username === username),
        );
      },
    },
    {
      ...item,
      id: `get${kind}Invite`,
      method: "GET",
      run: (call) => ({ status: 200, body: scope.toView(call, findById(scope, call)) }),
    },
    {
      ...item,
      id: `update${kind}InviteById`,
      method: "PATCH",
      run: (call) => update(scope, call, findById(scope, call)),
    },
    {
      ...item,
      id: `delete${kind}Invite`,
      method: "DELETE",
      run: (call) => {
        scope.remove(call, findById(scope, call));
        return { status: 204 };
      },
    },
  ];
};

export const invitationOperations: readonly Operation[] = [
  ...toOperations(organizationScope, "Org"),
  ...toOperations(projectScope, "Group"),
];
