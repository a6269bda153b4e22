import { GROUP, GROUPS, ORGANIZATION } from "../api/endpoint-sets.ts";
import { type Call, type Operation, pathParameter } from "../api/operation.ts";
import { pageOf } from "../api/pages.ts";
import { passesNameFilter } from "../api/query.ts";
import { atlasFailure } from "../errors/api-error.ts";
import { findOrganization } from "../organizations/operations.ts";
import { isSeen, type Project } from "../state/resources.ts";
import { findProject, projectListView, projectView } from "./view.ts";

// Recorded lists are in the order of their names, upper case first.
const visible = (projects: readonly Project[]): Project[] =>
  projects.filter(isSeen).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

const onlyProjectNamed = (call: Call): Project => {
  const name = pathParameter(call, "groupName");
  const [project, ...others] = visible(
    call.world.projects.filter((candidate) => candidate.name === name),
  );
  // 401, not the documented 404: a name that does not exist looks like one that is not yours
  // (atlas-kubernetes#23).
  if (project === undefined) throw atlasFailure("NOT_IN_GROUP");
  if (others.length > 0) throw atlasFailure("MULTIPLE_GROUPS");
  return project;
};

/** The operations that read projects. */
export const projectReadOperations: readonly Operation[] = [
  {
    id: "listGroups",
    method: "GET",
    path: "/groups",
    version: "2023-01-01",
    limit: GROUPS,
    run: (call) => {
      const projects = visible(call.world.projects);
      return pageOf(
        call,
        projects.map((project) => projectListView(call, project)),
      );
    },
  },
  {
    id: "getOrgGroups",
    method: "GET",
    path: "/orgs/{orgId}/groups",
    version: "2023-01-01",
    limit: ORGANIZATION,
    run: (call) => {
      const { id } = findOrganization(call, pathParameter(call, "orgId"));
      const projects = visible(
        call.world.projects.filter(
          (project) => project.orgId === id && passesNameFilter(call.query, project.name),
        ),
      );
      const name = call.query.get("name");
      return pageOf(
        call,
        projects.map((project) => projectListView(call, project)),
        name === null ? [] : [["name", name]],
      );
    },
  },
  {
    id: "getGroup",
    method: "GET",
    path: "/groups/{groupId}",
    version: "2023-01-01",
    limit: GROUP,
    run: (call) => {
      const project = findProject(call);
      if (!isSeen(project)) throw atlasFailure("GROUP_NOT_FOUND", { groupId: project.id });
      return { status: 200, body: projectView(call, project) };
    },
  },
  {
    id: "getGroupByName",
    method: "GET",
    path: "/groups/byName/{groupName}",
    version: "2023-01-01",
    limit: GROUPS,
    run: (call) => ({ status: 200, body: projectView(call, onlyProjectNamed(call)) }),
  },
];
