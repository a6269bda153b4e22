import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { passesNameFilter } from "../api/query.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { createApiError } from "../errors/api-error.ts";
import { findOrganization } from "../organizations/operations.ts";
import { isFound, type Project } from "../state/resources.ts";
import { findProject, toProjectListView, toProjectView } from "./view.ts";

// Recorded lists are in the order of their names, upper case first.
const visibleProjects = (projects: readonly Project[]): Project[] =>
  projects.filter(isFound).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

const findProjectByName = (call: Call): Project => {
  const name = pathParameter(call, "groupName");
  const [project, ...others] = visibleProjects(
    call.state.projects.filter((candidate) => candidate.name === name),
  );
  // 401, not the documented 404: a name that does not exist looks like one that is not yours
  // (atlas-kubernetes#23).
  if (project === undefined) throw createApiError("NOT_IN_GROUP");
  if (others.length > 0) throw createApiError("MULTIPLE_GROUPS");
  return project;
};

/** The operations that read projects. */
export const projectReadOperations: readonly Operation[] = [
  {
    id: "listGroups",
    method: "GET",
    path: "/groups",
    version: "2023-01-01",
    endpointSet: endpointSets.groups,
    run: (call) => {
      const projects = visibleProjects(call.state.projects);
      return createPage(
        call,
        projects.map((project) => toProjectListView(call, project)),
      );
    },
  },
  {
    id: "getOrgGroups",
    method: "GET",
    path: "/orgs/{orgId}/groups",
    version: "2023-01-01",
    endpointSet: endpointSets.organization,
    run: (call) => {
      const { id } = findOrganization(call, pathParameter(call, "orgId"));
      const projects = visibleProjects(
        call.state.projects.filter(
          (project) => project.orgId === id && passesNameFilter(call.query, project.name),
        ),
      );
      const name = call.query.get("name");
      return createPage(
        call,
        projects.map((project) => toProjectListView(call, project)),
        name === null ? [] : [["name", name]],
      );
    },
  },
  {
    id: "getGroup",
    method: "GET",
    path: "/groups/{groupId}",
    version: "2023-01-01",
    endpointSet: endpointSets.group,
    run: (call) => {
      const project = findProject(call);
      if (!isFound(project)) throw createApiError("GROUP_NOT_FOUND", { groupId: project.id });
      return { status: 200, body: toProjectView(call, project) };
    },
  },
  {
    id: "getGroupByName",
    method: "GET",
    path: "/groups/byName/{groupName}",
    version: "2023-01-01",
    endpointSet: endpointSets.groups,
    run: (call) => ({ status: 200, body: toProjectView(call, findProjectByName(call)) }),
  },
];
