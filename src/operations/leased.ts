/** Reads all projects in bounds with their flex clusters, to see what carries a lease. */
import { getGroup, listGroupFlexClusters } from "../atlas/requests.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import { type Failure, failureOf, raise } from "../common/failure.ts";
import { sideBySide } from "../common/side-by-side.ts";
import type { OperationContext } from "./context.ts";
import { listProjects } from "./list-projects.ts";
import { atlasCodeOf, noProject } from "./lookup.ts";

/** A project with its flex clusters, or why it could not be read; then `project` may have its id alone. */
export type Surveyed = { project: Project; clusters: FlexCluster[]; failed?: Failure };

type Reading = Pick<OperationContext, "atlas" | "deadline" | "scope" | "bounds">;

// As many as Atlas answers without a thought; each project has a rate limit of its own.
const atOnce = 8;

const isGone = (failed: Failure): boolean => noProject.includes(atlasCodeOf(failed));

const unread = (project: Project, failed: Failure): Surveyed[] =>
  isGone(failed) ? [] : [{ project, clusters: [], failed }];

const readClusters = async (context: Reading, project: Project): Promise<Surveyed[]> => {
  const { id = "", clusterCount } = project;
  if (clusterCount === 0) return [{ project, clusters: [] }];
  const clusters = await context.atlas
    .readAll((page) => listGroupFlexClusters(id, page), context.deadline)
    .catch(failureOf);
  return "code" in clusters ? unread(project, clusters) : [{ project, clusters }];
};

/** The projects with these ids. Throws if none can be read: the ids may be wrong, or the credentials refused. */
const readNamed = async (context: Reading, ids: readonly string[]): Promise<Surveyed[]> => {
  const read = (id: string) =>
    context.atlas.read(getGroup(id), context.deadline).then(
      async (project) => ({ read: await readClusters(context, project) }),
      (error: unknown) => ({ id, failed: failureOf(error) }),
    );
  const all = await sideBySide(ids, atOnce, read);
  const [first] = all;
  if (first !== undefined && "failed" in first && all.every((one) => "failed" in one))
    return raise(first.failed);
  return all.flatMap((one) => ("read" in one ? one.read : unread({ id: one.id }, one.failed)));
};

const pageSize = 500;

/** All projects in bounds; one that a page repeats, since a project before it has gone, counts once. */
const listAll = async (context: Reading): Promise<Project[]> => {
  const all = new Map<string, Project>();
  for (let pageNum = 1; ; pageNum += 1) {
    const query = { pageNum, itemsPerPage: pageSize };
    const { results, totalCount } = await listProjects(context, query);
    for (const project of results) all.set(project.id ?? "", project);
    const isLast = totalCount === undefined ? results.length < pageSize : all.size >= totalCount;
    if (isLast || results.length === 0) return [...all.values()];
  }
};

/** All projects in bounds with their flex clusters. Throws if the list of projects cannot be read. */
export const surveyProjects = async (context: Reading): Promise<Surveyed[]> => {
  const { projects: ids, organizations } = context.bounds;
  const isIn = ({ project, failed }: Surveyed) =>
    failed !== undefined || (organizations?.includes(project.orgId ?? "") ?? true);
  if (ids !== undefined) return (await readNamed(context, ids)).filter(isIn);
  const projects = await listAll(context);
  return (await sideBySide(projects, atOnce, (project) => readClusters(context, project))).flat();
};
