/** Finds the teams of an organization. */
import { isObjectId } from "../api/fields.ts";
import { type Call, pathParameter } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { findOrganization } from "../organizations/find.ts";
import type { Team } from "../state/administration.ts";

/** The teams of the organization that the path names; throws if there is no such organization. */
export const teamsOf = (call: Call): Team[] => {
  const { id } = findOrganization(call);
  return call.state.teams.filter(({ orgId }) => orgId === id);
};

/** The team with this id among these; throws if there is none. */
export const pickTeam = (teams: readonly Team[], teamId: string): Team => {
  if (!isObjectId(teamId)) throw createApiError("INVALID_TEAM_ID", { teamId });
  const team = teams.find(({ id }) => id === teamId);
  if (team === undefined) throw createApiError("TEAM_NOT_FOUND", { teamId });
  return team;
};

/** The team that the path names; throws if there is none. */
export const findTeam = (call: Call): Team =>
  pickTeam(teamsOf(call), pathParameter(call, "teamId"));
