/** The operations that read the cloud users of an organization or a project. */
import {
  type Call,
  type Operation,
  type OperationResult,
  pathParameter,
} from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { lastDay } from "../api/versions.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findOrganization } from "../organizations/find.ts";
import { findProject } from "../projects/find.ts";
import type { InvitedUser } from "../state/administration.ts";
import {
  invitedUsersOf,
  pickInvited,
  rolesIn,
  toInvitedProjectView,
  toInvitedView,
} from "./invited.ts";
import {
  checkUserId,
  owner,
  toAppUserView,
  toOrganizationUserView,
  toProjectUserView,
} from "./view.ts";

const firstVersion = "2023-01-01";
const secondVersion = "2025-02-19";

const organizationRoute = {
  path: "/orgs/{orgId}/users",
  version: firstVersion,
  laterVersions: [secondVersion],
  endpointSet: endpointSets.organizationUsers,
};
const projectRoute = {
  path: "/groups/{groupId}/users",
  version: firstVersion,
  laterVersions: [secondVersion],
  endpointSet: endpointSets.users,
};

const cloudUserRoute = {
  version: firstVersion,
  deprecation: { since: secondVersion, sunset: lastDay },
  endpointSet: endpointSets.user,
};

/** The user with the roles in all organizations, and the links that only this read has. */
const toCloudUserView = (call: Call): JsonObject => {
  const views = call.state.organizations.map(({ id }) => toAppUserView(call, id));
  const self = `${call.origin}/api/atlas/v2/users/${owner.id}`;
  const links = ["whitelist", "accessList"].map((name) => ({
    href: `${self}/${name}`,
    rel: `https://cloud.mongodb.com/${name}`,
  }));
  return {
    ...views[0],
    links: [{ href: self, rel: "self" }, ...links],
    roles: views.flatMap(({ roles = [] }) => roles),
    teamIds: views.flatMap(({ teamIds = [] }) => teamIds),
  };
};

/** The user in the version that the caller asked for. */
export const toVersionedUserView = (call: Call, orgId: string): JsonObject =>
  call.version === firstVersion ? toAppUserView(call, orgId) : toOrganizationUserView(call, orgId);

/** Tells whether the filters of a list let a user through. */
export const isListed = (
  { query }: Call,
  username: string = owner.username,
  status: "ACTIVE" | "PENDING" = "ACTIVE",
): boolean => {
  const asked = query.get("username");
  const statuses = [
    ...query.getAll("orgMembershipStatus"),
    ...query.getAll("orgMembershipStatuses"),
  ];
  return (
    (asked === null || asked === username) && (statuses.length === 0 || statuses.includes(status))
  );
};

/** The invited users who have roles in a project. */
const invitedTo = (call: Call, groupId: string, orgId: string): InvitedUser[] =>
  invitedUsersOf(call.state, orgId, call.now).filter((user) => rolesIn(user, groupId));

/** The users of a list: the owner, and those invited, whom the first version does not have. */
const createUserPage = (
  call: Call,
  view: JsonObject,
  invited: readonly InvitedUser[],
  toView: (user: InvitedUser) => JsonObject,
): OperationResult => {
  const shown = invited.filter(
    ({ username }) => call.version !== firstVersion && isListed(call, username, "PENDING"),
  );
  return createPage(call, [...(isListed(call) ? [view] : []), ...shown.map(toView)]);
};

export const cloudUserOperations: readonly Operation[] = [
  {
    ...organizationRoute,
    id: "listOrgUsers",
    method: "GET",
    run: (call) => {
      const { id } = findOrganization(call);
      const invited = invitedUsersOf(call.state, id, call.now);
      return createUserPage(call, toVersionedUserView(call, id), invited, toInvitedView);
    },
  },
  {
    id: "getOrgUser",
    method: "GET",
    path: "/orgs/{orgId}/users/{userId}",
    version: secondVersion,
    endpointSet: endpointSets.organizationUsers,
    run: (call) => {
      const { id } = findOrganization(call);
      const invited = pickInvited(call, invitedUsersOf(call.state, id, call.now));
      const body = invited ? toInvitedView(invited) : toOrganizationUserView(call, id);
      return { status: 200, body };
    },
  },
  {
    ...projectRoute,
    id: "listGroupUsers",
    method: "GET",
    run: (call) => {
      const { id, orgId } = findProject(call);
      const isFirst = call.version === firstVersion;
      const view = isFirst ? toAppUserView(call, orgId) : toProjectUserView();
      const toView = (user: InvitedUser) => toInvitedProjectView(user, id);
      return createUserPage(call, view, invitedTo(call, id, orgId), toView);
    },
  },
  {
    id: "getGroupUser",
    method: "GET",
    path: "/groups/{groupId}/users/{userId}",
    version: secondVersion,
    endpointSet: endpointSets.users,
    run: (call) => {
      const { id, orgId } = findProject(call);
      const invited = pickInvited(call, invitedTo(call, id, orgId));
      const body = invited ? toInvitedProjectView(invited, id) : toProjectUserView();
      return { status: 200, body };
    },
  },
  {
    ...cloudUserRoute,
    id: "getUser",
    method: "GET",
    path: "/users/{userId}",
    run: (call) => {
      checkUserId(pathParameter(call, "userId"));
      return { status: 200, body: toCloudUserView(call) };
    },
  },
  {
    ...cloudUserRoute,
    id: "getUserByName",
    method: "GET",
    path: "/users/byName/{userName}",
    run: (call) => {
      const username = pathParameter(call, "userName");
      if (username !== owner.username) throw createApiError("USERNAME_NOT_FOUND", { username });
      return { status: 200, body: toCloudUserView(call) };
    },
  },
];
