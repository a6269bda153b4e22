/** Reads the flex clusters of all projects in a caller's bounds, several projects at a time. */
import { listGroupFlexClusters } from "../atlas/requests.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import { type Deadline, resultMs } from "../common/deadline.ts";
import { type Failure, failure, failureOf } from "../common/failure.ts";
import { sideBySide } from "../common/side-by-side.ts";
import {
  compareTexts,
  type ProjectsQuery,
  type ReadContext,
  readAllProjects,
} from "./all-projects.ts";
import { mostProjectsAtOnce, type Unread } from "./list-projects.ts";

/** In the order of names. A project that was deleted meanwhile is not there. */
export type AllFlexClusters = {
  /** The projects whose flex clusters were read, those without one too. */
  projects: Project[];
  clusters: { project: Project; cluster: FlexCluster }[];
  /** Those whose flex clusters could not be read, and why; one that was refused itself has its id alone. */
  notReadable: Unread[];
  /** Those that were listed and that Atlas did not find when it was asked for their clusters. */
  missing: Project[];
};

/** Whether a call has no time for one more request, or nobody to tell. */
export const isOver = ({ readSignal, remaining }: Deadline): boolean =>
  readSignal.aborted || remaining() <= resultMs;

export const noTimeLeft = (): Failure =>
  failure("unavailable", "There was no time left to ask Atlas for it.", {
    retry: "same_arguments",
  });

type Answer = { project: Project } & ({ found: FlexCluster[] } | { failed: Failure });

// Also where `clusterCount` is 0: whether it counts flex clusters is not known (docs/atlas.md#not-known).
const readOne = async ({ atlas, deadline }: ReadContext, project: Project): Promise<Answer> => {
  if (isOver(deadline)) return { project, failed: noTimeLeft() };
  const { id = "" } = project;
  try {
    const found = await atlas.readAll((page) => listGroupFlexClusters(id, page), deadline);
    return { project, found: found.toSorted((a, b) => compareTexts(a.name, b.name)) };
  } catch (error) {
    return { project, failed: failureOf(error) };
  }
};

/** Reads all flex clusters in bounds. Throws if the projects cannot be listed. */
export const readAllFlexClusters = async (
  context: ReadContext,
  query: ProjectsQuery = {},
): Promise<AllFlexClusters> => {
  const listed = await readAllProjects(context, query);
  const answers = await sideBySide(listed.projects, mostProjectsAtOnce, (project) =>
    readOne(context, project),
  );
  const read = answers.flatMap((answer) => ("found" in answer ? [answer] : []));
  const unread = answers.flatMap((answer) => ("failed" in answer ? [answer] : []));
  const isMissing = ({ failed }: Unread) => failed.code === "not_found";
  return {
    projects: read.map(({ project }) => project),
    clusters: read.flatMap(({ project, found }) => found.map((cluster) => ({ project, cluster }))),
    notReadable: [...listed.unread, ...unread.filter((one) => !isMissing(one))],
    missing: unread.filter(isMissing).map(({ project }) => project),
  };
};
