/** Names the free and dedicated clusters beside flex clusters. This server does nothing else with them. */
import { listGroupClusters } from "../atlas/requests.ts";
import type { Project } from "../atlas/resources/project.ts";
import { failureOf } from "../common/failure.ts";
import { sideBySide } from "../common/side-by-side.ts";
import { type AllFlexClusters, isOver } from "./all-flex-clusters.ts";
import { compareTexts, type ReadContext } from "./all-projects.ts";
import { mostProjectsAtOnce } from "./list-projects.ts";

/** The clusters, and the number of projects that may have some but could not be read. */
export type OtherClusters = { clusters: { project: Project; name: string }[]; unread: number };

const readNames = async (
  { atlas, deadline }: ReadContext,
  { id = "" }: Project,
): Promise<string[] | undefined> => {
  if (isOver(deadline)) return undefined;
  try {
    const clusters = await atlas.readAll((page) => listGroupClusters(id, page), deadline);
    return clusters.flatMap(({ name }) => (name === undefined ? [] : [name]));
  } catch (error) {
    return failureOf(error).code === "not_found" ? [] : undefined;
  }
};

/** Asks only for projects that count more clusters than their flex clusters, or do not say how many they have. */
export const readOtherClusters = async (
  context: ReadContext,
  { projects, clusters }: Pick<AllFlexClusters, "projects" | "clusters">,
): Promise<OtherClusters> => {
  const flexNames = (project: Project) =>
    clusters.flatMap((one) => (one.project === project ? [one.cluster.name ?? ""] : []));
  const asked = projects
    .map((project) => ({ project, flex: flexNames(project) }))
    .filter(({ project, flex }) => (project.clusterCount ?? Infinity) > flex.length);
  const answers = await sideBySide(asked, mostProjectsAtOnce, async ({ project, flex }) => {
    const names = await readNames(context, project);
    return names
      ?.filter((name) => !flex.includes(name))
      .toSorted(compareTexts)
      .map((name) => ({ project, name }));
  });
  return {
    clusters: answers.flatMap((answer) => answer ?? []),
    unread: answers.filter((answer) => answer === undefined).length,
  };
};
