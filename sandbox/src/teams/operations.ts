/** The operations on the teams of an organization. */
import { checkFields, optionalTexts, requiredText } from "../api/fields.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { owner } from "../cloud-users/view.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Team } from "../state/administration.ts";
import { findTeam, teamsOf } from "./find.ts";

const listRoute = {
  path: "/orgs/{orgId}/teams",
  version: "2023-01-01",
  endpointSet: endpointSets.organizationTeams,
};
const itemRoute = { ...listRoute, path: "/orgs/{orgId}/teams/{teamId}" };

const maxNameLength = 64;

const toView = (call: Call, { id, orgId, name }: Team): JsonObject => ({
  id,
  links: [{ href: `${call.origin}/api/atlas/v2/orgs/${orgId}/teams/${id}`, rel: "self" }],
  name,
});

/** Reads a name that no other team of the organization has. */
const readName = (call: Call, team?: Team): string => {
  const name = requiredText(call.body, "name");
  if (name === "" || name.length > maxNameLength) {
    throw createApiError("INVALID_TEAM_NAME", { name });
  }
  const orgId = pathParameter(call, "orgId");
  if (teamsOf(call).some((other) => other !== team && other.name === name)) {
    throw createApiError("TEAM_NAME_NOT_AVAILABLE", { name, orgId });
  }
  return name;
};

/** Reads the users of a new team: none, or the only one that there is. */
const readUsernames = ({ body }: Call): string[] => {
  const usernames = optionalTexts(body, "usernames") ?? [];
  const unknown = usernames.find((username) => username !== owner.username);
  if (unknown !== undefined) throw createApiError("BAD_USERNAME_REF", { username: unknown });
  return usernames;
};

export const teamOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listOrgTeams",
    method: "GET",
    run: (call) =>
      createPage(
        call,
        teamsOf(call).map((team) => toView(call, team)),
      ),
  },
  {
    ...listRoute,
    id: "createOrgTeam",
    method: "POST",
    run: (call) => {
      const { state, now } = call;
      teamsOf(call);
      checkFields(call.body, {
        name: "string",
        usernames: "array",
        id: "ignored",
        links: "ignored",
      });
      const name = readName(call);
      const usernames = readUsernames(call);
      const team: Team = {
        id: state.ids.objectId(now),
        orgId: pathParameter(call, "orgId"),
        name,
        userIds: usernames.length === 0 ? [] : [owner.id],
        projects: [],
      };
      state.teams.push(team);
      // 201, as recorded; the documentation says 200.
      return { status: 201, body: { ...toView(call, team), usernames } };
    },
  },
  {
    ...listRoute,
    id: "getOrgTeamByName",
    method: "GET",
    path: "/orgs/{orgId}/teams/byName/{teamName}",
    run: (call) => {
      const name = pathParameter(call, "teamName");
      const team = teamsOf(call).find((one) => one.name === name);
      if (team === undefined) throw createApiError("TEAM_NAME_NOT_FOUND", { name });
      return { status: 200, body: toView(call, team) };
    },
  },
  {
    ...itemRoute,
    id: "getOrgTeam",
    method: "GET",
    run: (call) => ({ status: 200, body: toView(call, findTeam(call)) }),
  },
  {
    ...itemRoute,
    id: "renameOrgTeam",
    method: "PATCH",
    run: (call) => {
      const team = findTeam(call);
      checkFields(call.body, { name: "string", links: "ignored" });
      team.name = readName(call, team);
      return { status: 200, body: toView(call, team) };
    },
  },
  {
    ...itemRoute,
    id: "deleteOrgTeam",
    method: "DELETE",
    run: (call) => {
      const team = findTeam(call);
      if (team.projects.length > 0) throw createApiError("CANNOT_DELETE_TEAM_ASSIGNED_TO_PROJECT");
      call.state.teams = call.state.teams.filter((other) => other !== team);
      return { status: 204 };
    },
  },
];
