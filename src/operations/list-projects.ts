/** Lists the projects in a caller's bounds, a page at a time. */
import * as requests from "../atlas/requests.ts";
import type { Page } from "../atlas/resources/fields.ts";
import type { Project } from "../atlas/resources/project.ts";
import { type Failure, failureOf, raise } from "../common/failure.ts";
import { sideBySide } from "../common/side-by-side.ts";
import type { OperationContext } from "./context.ts";

const notVisible = new Set(["not_found", "forbidden", "invalid_input"]);

/** Projects that are read at the same time. */
export const mostProjectsAtOnce = 8;

/** A project that could not be read, or what is in it; `project` may have its id alone. */
export type Unread = { project: Project; failed: Failure };

/** Projects that were read, and those that exist as far as is known but refuse to be read. */
export type ReadProjects = { projects: Project[]; unread: Unread[] };

/**
 * Reads projects by id; leaves out those that do not exist or cannot be seen. Throws if it sees none and is not allowed to
 * see one: the credential itself may be refused.
 */
export const readProjects = async (
  { atlas, deadline }: Pick<OperationContext, "atlas" | "deadline">,
  ids: readonly string[],
): Promise<ReadProjects> => {
  const read = (groupId: string): Promise<{ project: Project; failed?: Failure }> =>
    atlas.read(requests.getGroup(groupId), deadline).then(
      (project) => ({ project }),
      (error: unknown) => {
        const failed = failureOf(error);
        return notVisible.has(failed.code) ? { project: { id: groupId }, failed } : raise(failed);
      },
    );
  const all = await sideBySide(ids, mostProjectsAtOnce, read);
  const projects = all.flatMap(({ project, failed }) => (failed === undefined ? [project] : []));
  const unread = all.flatMap(({ project, failed }) =>
    failed?.code === "forbidden" ? [{ project, failed }] : [],
  );
  const [first] = unread;
  return projects.length === 0 && first !== undefined ? raise(first.failed) : { projects, unread };
};

/** `name` is a prefix, compared case-insensitively; `pageNum` counts from 1. */
export type ProjectQuery = { orgId?: string; name?: string; pageNum: number; itemsPerPage: number };

/** One page of the projects in bounds. A name is looked up as given, and where nothing begins so, in Unicode's form NFC. */
export const listProjects = async (
  context: OperationContext,
  query: ProjectQuery,
): Promise<Page<Project>> => {
  const page = await listAsGiven(context, query);
  const normal = query.name?.normalize();
  return page.results.length > 0 || normal === undefined || normal === query.name
    ? page
    : listAsGiven(context, { ...query, name: normal });
};

/** Atlas filters by name only within an organization; without one, this reads all visible projects. */
const listAsGiven = async (
  context: OperationContext,
  query: ProjectQuery,
): Promise<Page<Project>> => {
  const { atlas, deadline, scope, bounds } = context;
  const { name, pageNum, itemsPerPage } = query;
  const [only, ...others] = bounds.organizations ?? [];
  const orgId = query.orgId ?? (others.length === 0 ? only : undefined);
  const pageOf = (all: Project[]): Page<Project> => {
    const prefix = name?.toLowerCase() ?? "";
    const found = all.filter(
      (project) =>
        (project.name ?? "").toLowerCase().startsWith(prefix) &&
        (orgId === undefined || project.orgId === orgId) &&
        (bounds.organizations?.includes(project.orgId ?? "") ?? true),
    );
    return {
      results: found.slice((pageNum - 1) * itemsPerPage, pageNum * itemsPerPage),
      totalCount: found.length,
    };
  };
  if (scope.groupId !== undefined)
    return pageOf([await atlas.read(requests.getGroup(scope.groupId), deadline)]);
  if (bounds.projects !== undefined)
    return pageOf((await readProjects(context, bounds.projects)).projects);
  const page = { pageNum, itemsPerPage };
  if (orgId !== undefined) {
    const filter = name === undefined ? page : { name, ...page };
    return atlas.read(requests.getOrgGroups(orgId, filter), deadline);
  }
  if (name === undefined && bounds.organizations === undefined)
    return atlas.read(requests.listGroups(page), deadline);
  // Filtered here, so all pages are needed.
  return pageOf(await atlas.readAll(requests.listGroups, deadline));
};
