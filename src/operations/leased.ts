/** All projects in bounds with their flex clusters, to see what carries a lease. */
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Failure } from "../common/failure.ts";
import { readAllFlexClusters } from "./all-flex-clusters.ts";
import type { ReadContext } from "./all-projects.ts";

/** A project with its flex clusters, or why it could not be read; then `project` may have its id alone. */
export type Surveyed = { project: Project; clusters: FlexCluster[]; failed?: Failure };

/** Reads them. Throws if the projects cannot be listed. */
export const surveyProjects = async (context: ReadContext): Promise<Surveyed[]> => {
  const all = await readAllFlexClusters(context);
  const inProject = new Map<Project, FlexCluster[]>(all.projects.map((project) => [project, []]));
  for (const { project, cluster } of all.clusters) inProject.get(project)?.push(cluster);
  return [
    ...[...inProject].map(([project, clusters]) => ({ project, clusters })),
    ...all.notReadable.map((unread) => ({ ...unread, clusters: [] })),
  ];
};
