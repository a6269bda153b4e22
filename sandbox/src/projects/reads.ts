/** The operations that read projects. */
import type { Operation } from "../api/operation.ts";
import { createPage } from "../api/pages.ts";
import { matchesNameFilter } from "../api/query.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { findOrganization } from "../organizations/find.ts";
import { findProjectByName, findVisibleProject, listProjects } from "./find.ts";
import { toProjectListView, toProjectView } from "./view.ts";

export const projectReadOperations: readonly Operation[] = [
  {
    id: "listGroups",
    method: "GET",
    path: "/groups",
    version: "2023-01-01",
    endpointSet: endpointSets.groups,
    run: (call) => {
      const projects = listProjects(call.state.projects);
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
      const { id } = findOrganization(call);
      const projects = listProjects(
        call.state.projects.filter(
          (project) => project.orgId === id && matchesNameFilter(call.query, project.name),
        ),
      );
      return createPage(
        call,
        projects.map((project) => toProjectListView(call, project)),
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
      const project = findVisibleProject(call);
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
