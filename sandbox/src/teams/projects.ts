/** The operations on the teams of a project: which teams have which roles in it. */
import { checkFields, requiredText, requiredTexts } from "../api/fields.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import { findProject } from "../projects/find.ts";
import { checkProjectRoles } from "../projects/roles.ts";
import type { Team } from "../state/administration.ts";
import { pickTeam } from "./find.ts";

const listRoute = {
  path: "/groups/{groupId}/teams",
  version: "2023-01-01",
  endpointSet: endpointSets.teams,
};
const itemRoute = { ...listRoute, path: "/groups/{groupId}/teams/{teamId}" };

type Assignment = Team["projects"][number];

/** The roles of a team in a project; undefined if it has none. */
const assignmentOf = (team: Team, groupId: string): Assignment | undefined =>
  team.projects.find((assignment) => assignment.groupId === groupId);

const toView = (call: Call, { groupId, roleNames }: Assignment, teamId: string): JsonObject => ({
  links: [{ href: `${call.origin}/api/atlas/v2/groups/${groupId}/teams/${teamId}`, rel: "self" }],
  roleNames: [...roleNames],
  teamId,
});

const viewsOf = (call: Call, groupId: string): JsonObject[] =>
  call.state.teams.flatMap((team) => {
    const assignment = assignmentOf(team, groupId);
    return assignment === undefined ? [] : [toView(call, assignment, team.id)];
  });

/** The teams of the project's organization. */
const candidates = (call: Call): Team[] => {
  const { orgId } = findProject(call);
  return call.state.teams.filter((team) => team.orgId === orgId);
};

/** The team that the path names, and its roles in the project; throws if it has none. */
const findAssignment = (call: Call): { team: Team; assignment: Assignment } => {
  const team = pickTeam(candidates(call), pathParameter(call, "teamId"));
  const assignment = assignmentOf(team, pathParameter(call, "groupId"));
  if (assignment === undefined) throw createApiError("TEAM_NOT_IN_GROUP");
  return { team, assignment };
};

const readRoles = (body: JsonObject, groupId: string): string[] => {
  const roleNames = requiredTexts(body, "roleNames");
  if (roleNames.length === 0) throw createApiError("NO_ROLES_IN_ASSIGNMENT");
  checkProjectRoles(roleNames, groupId);
  return roleNames;
};

/** Reads which teams to add. Adds none, so that a bad one leaves all as it is. */
const readAssignments = (call: Call, groupId: string): [Team, Assignment][] => {
  const teams = new Set(candidates(call).filter((team) => assignmentOf(team, groupId)));
  return call.items.map((item) => {
    checkFields(item, { roleNames: "array", teamId: "string", links: "ignored" });
    const team = pickTeam(candidates(call), requiredText(item, "teamId"));
    const roleNames = readRoles(item, groupId);
    if (teams.has(team)) throw createApiError("TEAM_EXISTS_IN_GROUP");
    teams.add(team);
    return [team, { groupId, roleNames }];
  });
};

export const projectTeamOperations: readonly Operation[] = [
  {
    ...listRoute,
    id: "listGroupTeams",
    method: "GET",
    run: (call) => createPage(call, viewsOf(call, findProject(call).id)),
  },
  {
    ...listRoute,
    id: "addGroupTeams",
    method: "POST",
    takesList: true,
    run: (call) => {
      const { id } = findProject(call);
      for (const [team, assignment] of readAssignments(call, id)) team.projects.push(assignment);
      return createPage(call, viewsOf(call, id));
    },
  },
  {
    ...itemRoute,
    id: "getGroupTeam",
    method: "GET",
    run: (call) => {
      const { team, assignment } = findAssignment(call);
      return { status: 200, body: toView(call, assignment, team.id) };
    },
  },
  {
    ...itemRoute,
    id: "updateGroupTeam",
    method: "PATCH",
    run: (call) => {
      const { team, assignment } = findAssignment(call);
      checkFields(call.body, { roleNames: "array", teamId: "ignored", links: "ignored" });
      assignment.roleNames = readRoles(call.body, assignment.groupId);
      // A page, as recorded.
      return createPage(call, [toView(call, assignment, team.id)]);
    },
  },
  {
    ...itemRoute,
    id: "removeGroupTeam",
    method: "DELETE",
    run: (call) => {
      const { team, assignment } = findAssignment(call);
      team.projects = team.projects.filter((other) => other !== assignment);
      return { status: 204 };
    },
  },
];
