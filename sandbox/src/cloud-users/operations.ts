/** The operations that read the cloud users of an organization or a project. */
import { isObjectId } from "../api/fields.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findOrganization } from "../organizations/operations.ts";
import { findProject } from "../projects/find.ts";
import { owner, toAppUserView, toOrganizationUserView, toProjectUserView } from "./view.ts";

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

/** The user in the version that the caller asked for. */
export const toVersionedUserView = (call: Call, orgId: string): JsonObject =>
  call.version === firstVersion ? toAppUserView(call, orgId) : toOrganizationUserView(call, orgId);

/** Tells whether the filters of a list let the only user through. */
export const isListed = ({ query }: Call): boolean => {
  const username = query.get("username");
  const statuses = [
    ...query.getAll("orgMembershipStatus"),
    ...query.getAll("orgMembershipStatuses"),
  ];
  return (
    (username === null || username === owner.username) &&
    (statuses.length === 0 || statuses.includes("ACTIVE"))
  );
};

/** Refuses an id that is not the user's. */
export const checkUserId = (userId: string): void => {
  if (!isObjectId(userId)) throw createApiError("INVALID_USER_ID", { userId });
  if (userId !== owner.id) throw createApiError("USER_NOT_FOUND", { userId });
};

export const cloudUserOperations: readonly Operation[] = [
  {
    ...organizationRoute,
    id: "listOrgUsers",
    method: "GET",
    run: (call) => {
      const { id } = findOrganization(call, pathParameter(call, "orgId"));
      return createPage(call, isListed(call) ? [toVersionedUserView(call, id)] : []);
    },
  },
  {
    id: "getOrgUser",
    method: "GET",
    path: "/orgs/{orgId}/users/{userId}",
    version: secondVersion,
    endpointSet: endpointSets.organizationUsers,
    run: (call) => {
      const { id } = findOrganization(call, pathParameter(call, "orgId"));
      checkUserId(pathParameter(call, "userId"));
      return { status: 200, body: toOrganizationUserView(call, id) };
    },
  },
  {
    ...projectRoute,
    id: "listGroupUsers",
    method: "GET",
    run: (call) => {
      const { orgId } = findProject(call);
      const isFirst = call.version === firstVersion;
      const view = isFirst ? toAppUserView(call, orgId) : toProjectUserView();
      return createPage(call, isListed(call) ? [view] : []);
    },
  },
  {
    id: "getGroupUser",
    method: "GET",
    path: "/groups/{groupId}/users/{userId}",
    version: secondVersion,
    endpointSet: endpointSets.users,
    run: (call) => {
      findProject(call);
      checkUserId(pathParameter(call, "userId"));
      return { status: 200, body: toProjectUserView() };
    },
  },
];
