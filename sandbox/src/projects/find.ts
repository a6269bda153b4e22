/** Finds projects by id and by name. */
import { isObjectId } from "../api/fields.ts";
import { type Call, pathParameter, refusedReadsOf } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { type Project, takeRead } from "../state/resources.ts";

/** Fails as long as `user_cannot_access_group` refuses the reads of the project. */
const checkReadIsAllowed = (call: Call, project: Project): void => {
  project.refusedReads += refusedReadsOf(call);
  if (project.refusedReads === 0) return;
  project.refusedReads -= 1;
  throw createApiError("USER_CANNOT_ACCESS_GROUP");
};

/** The project that the path names; throws if there is none. */
export const findProject = (call: Call): Project => {
  const groupId = pathParameter(call, "groupId");
  if (!isObjectId(groupId)) throw createApiError("INVALID_GROUP_ID", { groupId });
  const project = call.state.projects.find(({ id }) => id === groupId);
  if (project === undefined) throw createApiError("GROUP_NOT_FOUND", { groupId });
  if (call.isRead) checkReadIsAllowed(call, project);
  return project;
};

/** Like `findProject`, for a read: fails as long as `stale_reads` hides the project. */
export const findVisibleProject = (call: Call): Project => {
  const project = findProject(call);
  if (!takeRead(project)) throw createApiError("GROUP_NOT_FOUND", { groupId: project.id });
  return project;
};

/** The projects that a list shows, in the order of their names, upper case first, as in recorded lists. */
export const listProjects = (projects: readonly Project[]): Project[] =>
  projects.filter(takeRead).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** The only project with the name in the path; throws if there is none, or more than one. */
export const findProjectByName = (call: Call): Project => {
  const name = pathParameter(call, "groupName");
  const [project, ...others] = listProjects(
    call.state.projects.filter((candidate) => candidate.name === name),
  );
  // 401, not the documented 404: Atlas does not tell a missing project from one without access
  // (atlas-kubernetes#23).
  if (project === undefined) throw createApiError("NOT_IN_GROUP");
  if (others.length > 0) throw createApiError("MULTIPLE_GROUPS");
  checkReadIsAllowed(call, project);
  return project;
};
