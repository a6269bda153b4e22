/** The only cloud user of a sandbox, who owns all organizations and projects, as Atlas shows a user. */
import { isObjectId } from "../api/fields.ts";
import type { Call } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";

/** The user. */
export const owner = {
  id: "5f0123456789abcdef012345",
  username: "user@example.com",
};

/** Refuses an id that is not the user's. */
export const checkUserId = (userId: string): void => {
  if (!isObjectId(userId)) throw createApiError("INVALID_USER_ID", { userId });
  if (userId !== owner.id) throw createApiError("USER_NOT_FOUND", { userId });
};

const person = {
  country: "US",
  createdAt: "2020-01-01T00:00:00Z",
  firstName: "Sandbox",
};

const activity = { lastAuth: "2026-01-01T00:00:00Z", lastName: "Owner" };

const teamIdsIn = ({ state }: Call, orgId: string): string[] =>
  state.teams
    .filter((team) => team.orgId === orgId && team.userIds.includes(owner.id))
    .map(({ id }) => id);

const groupIdsIn = ({ state }: Call, orgId: string): string[] =>
  state.projects.filter((project) => project.orgId === orgId).map(({ id }) => id);

/** Converts the user to a member of an organization. */
export const toOrganizationUserView = (call: Call, orgId: string): JsonObject => ({
  ...person,
  id: owner.id,
  ...activity,
  mobileNumber: null,
  orgMembershipStatus: "ACTIVE",
  roles: {
    groupRoleAssignments: groupIdsIn(call, orgId).map((groupId) => ({
      groupId,
      groupRoles: ["GROUP_OWNER"],
    })),
    orgRoles: ["ORG_OWNER"],
  },
  teamIds: teamIdsIn(call, orgId),
  username: owner.username,
});

/** Converts the user to a member of a project. */
export const toProjectUserView = (): JsonObject => ({
  ...person,
  id: owner.id,
  ...activity,
  mobileNumber: null,
  orgMembershipStatus: "ACTIVE",
  roles: ["GROUP_OWNER"],
  username: owner.username,
});

/** Converts the user to the form of version 2023-01-01. */
export const toAppUserView = (call: Call, orgId: string): JsonObject => ({
  country: person.country,
  createdAt: person.createdAt,
  emailAddress: owner.username,
  firstName: person.firstName,
  id: owner.id,
  ...activity,
  links: [{ href: `${call.origin}/api/atlas/v2/users/${owner.id}`, rel: "self" }],
  roles: [
    { orgId, roleName: "ORG_OWNER" },
    ...groupIdsIn(call, orgId).map((groupId) => ({ groupId, roleName: "GROUP_OWNER" })),
  ],
  teamIds: teamIdsIn(call, orgId),
  username: owner.username,
});
