/** Reads all projects in a caller's bounds. */
import { getGroup, getOrgGroups, listGroups } from "../atlas/requests.ts";
import type { Project } from "../atlas/resources/project.ts";
import { fail } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { type ReadProjects, readProjects } from "./list-projects.ts";

/** What a read of many projects needs. */
export type ReadContext = Pick<OperationContext, "atlas" | "deadline" | "scope" | "bounds">;

/** All projects of an organization, or one project; without either, all. */
export type ProjectsQuery = { orgId?: string | undefined; groupId?: string | undefined };

/** The order of texts, the same on every machine. */
export const compareTexts = (one = "", other = ""): number =>
  one < other ? -1 : one > other ? 1 : 0;

const namedProject = async (
  { atlas, deadline }: ReadContext,
  groupId: string,
  orgId: string | undefined,
): Promise<Project> => {
  const project = await atlas.read(getGroup(groupId), deadline);
  // Also where the operator has fixed both: nobody knows which of the two is wrong.
  if (orgId !== undefined && (project.orgId ?? orgId) !== orgId)
    fail("invalid_input", "The project is in another organization.", {
      fields: [{ path: "orgId", problem: "is not the organization of the project" }],
    });
  return project;
};

const listProjectsOf = async (
  { atlas, deadline }: ReadContext,
  orgId: string | undefined,
): Promise<Project[]> => {
  const all = await atlas.readAll(
    orgId === undefined ? listGroups : (page) => getOrgGroups(orgId, page),
    deadline,
  );
  // A list that changes between two pages can show a project twice.
  return [...new Map(all.map((project) => [project.id, project])).values()];
};

/** Reads all projects in bounds, in the order of their names. */
export const readAllProjects = async (
  context: ReadContext,
  { orgId = context.scope.orgId, groupId = context.scope.groupId }: ProjectsQuery,
): Promise<ReadProjects> => {
  const { organizations, projects: ids } = context.bounds;
  if (groupId !== undefined)
    return { projects: [await namedProject(context, groupId, orgId)], unread: [] };
  const [first, ...others] = organizations ?? [];
  const only = orgId ?? (others.length === 0 ? first : undefined);
  const { projects, unread } =
    ids === undefined
      ? { projects: await listProjectsOf(context, only), unread: [] }
      : await readProjects(context, ids);
  const isAsked = (project: Project) => {
    // In the list of one organization, a project need not name it.
    const home = project.orgId ?? (ids === undefined ? only : undefined);
    return (only === undefined || home === only) && (organizations?.includes(home ?? "") ?? true);
  };
  return {
    projects: projects
      .filter(isAsked)
      .toSorted(
        (one, other) => compareTexts(one.name, other.name) || compareTexts(one.id, other.id),
      ),
    unread,
  };
};
