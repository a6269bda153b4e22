/** The operations on the users of a team. */
import { checkFields, requiredText } from "../api/fields.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { lastDay } from "../api/versions.ts";
import { isListed, toVersionedUserView } from "../cloud-users/operations.ts";
import { checkUserId, owner, toAppUserView, toOrganizationUserView } from "../cloud-users/view.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Team } from "../state/administration.ts";
import { findTeam } from "./find.ts";

const listRoute = {
  path: "/orgs/{orgId}/teams/{teamId}/users",
  version: "2023-01-01",
  endpointSet: endpointSets.organizationTeams,
};

const deprecation = { since: "2025-02-19", sunset: lastDay };

const readUserId = (item: JsonObject): string => {
  checkFields(item, { id: "string" });
  const userId = requiredText(item, "id");
  checkUserId(userId);
  return userId;
};

const addUsers = (team: Team, userIds: readonly string[]): void => {
  const all = [...team.userIds, ...userIds];
  const userId = all.find((id, index) => all.indexOf(id) < index);
  if (userId !== undefined) {
    throw createApiError("USER_ALREADY_IN_TEAM", { userId, teamId: team.id });
  }
  team.userIds = all;
};

const removeUser = (team: Team, userId: string): void => {
  if (!team.userIds.includes(userId)) throw createApiError("USER_NOT_FOUND", { userId });
  team.userIds = team.userIds.filter((id) => id !== userId);
};

/** An operation that adds or removes one user, and answers with the user. */
const toChange = (
  id: Operation["id"],
  verb: string,
  change: (team: Team, userId: string) => void,
): Operation => ({
  id,
  method: "POST",
  path: `/orgs/{orgId}/teams/{teamId}:${verb}`,
  version: "2025-02-19",
  endpointSet: endpointSets.organizationTeams,
  run: (call: Call) => {
    const team = findTeam(call);
    change(team, readUserId(call.body));
    return { status: 200, body: toOrganizationUserView(call, team.orgId) };
  },
});

export const teamMemberOperations: readonly Operation[] = [
  {
    ...listRoute,
    laterVersions: ["2025-02-19"],
    id: "listOrgTeamUsers",
    method: "GET",
    run: (call) => {
      const { orgId, userIds } = findTeam(call);
      const isShown = userIds.includes(owner.id) && isListed(call);
      return createPage(call, isShown ? [toVersionedUserView(call, orgId)] : []);
    },
  },
  {
    ...listRoute,
    id: "addOrgTeamUsers",
    method: "POST",
    deprecation,
    takesList: true,
    run: (call) => {
      const team = findTeam(call);
      addUsers(team, call.items.map(readUserId));
      return createPage(call, team.userIds.length === 0 ? [] : [toAppUserView(call, team.orgId)]);
    },
  },
  {
    ...listRoute,
    path: `${listRoute.path}/{userId}`,
    id: "removeOrgTeamUserFromTeam",
    method: "DELETE",
    deprecation,
    run: (call) => {
      const team = findTeam(call);
      const userId = pathParameter(call, "userId");
      checkUserId(userId);
      removeUser(team, userId);
      return { status: 204 };
    },
  },
  toChange("addOrgTeamUser", "addUser", (team, userId) => addUsers(team, [userId])),
  toChange("removeOrgTeamUser", "removeUser", removeUser),
];
