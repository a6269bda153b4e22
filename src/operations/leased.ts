/** All projects in bounds with their flex clusters, to see what carries a lease. */
import { getGroup } from "../atlas/requests.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Clock } from "../common/deadline.ts";
import { type Failure, failure, failureOf } from "../common/failure.ts";
import { sideBySide } from "../common/side-by-side.ts";
import { isOver, noTimeLeft, readAllFlexClusters } from "./all-flex-clusters.ts";
import type { ReadContext } from "./all-projects.ts";
import { mostProjectsAtOnce } from "./list-projects.ts";

/** A project with its flex clusters, or why it could not be read; then `project` may have its id alone. */
export type Surveyed = { project: Project; clusters: FlexCluster[]; failed?: Failure };

type SurveyContext = ReadContext & { clock: Pick<Clock, "sleep"> };

/** Two looks that find nothing must be this far apart (docs/architecture.md#lost-answers). */
export const betweenLooksMs = 500;

const notShown = (): Failure =>
  failure(
    "unavailable",
    "Atlas has it, and did not show it in a list or did not show what it has.",
    {
      retry: "same_arguments",
    },
  );

const isAbsent = ({ code, atlas }: Failure): boolean =>
  code === "not_found" && atlas?.status === 404;

/** Why a project that is not shown cannot be read; undefined if it is gone: two answers have not found it. */
const whyNotShown = async (
  { atlas, deadline, clock }: SurveyContext,
  { id = "" }: Project,
): Promise<Failure | undefined> => {
  const ask = async (): Promise<Failure> => {
    if (isOver(deadline)) return noTimeLeft();
    return atlas.read(getGroup(id), deadline).then(notShown, failureOf);
  };
  const first = await ask();
  if (!isAbsent(first)) return first;
  await clock.sleep(betweenLooksMs, deadline.readSignal);
  const second = await ask();
  return isAbsent(second) ? undefined : second;
};

/**
 * Reads them. A project that is in `known`, from an earlier survey, and that Atlas does not list now is asked for by its id:
 * it is left out only if it is gone. Throws if the projects cannot be listed.
 */
export const surveyProjects = async (
  context: SurveyContext,
  known: readonly Project[] = [],
): Promise<Surveyed[]> => {
  const all = await readAllFlexClusters(context);
  const inProject = new Map<Project, FlexCluster[]>(all.projects.map((project) => [project, []]));
  for (const { project, cluster } of all.clusters) inProject.get(project)?.push(cluster);
  const shown = new Set(
    [...all.projects, ...all.notReadable.map(({ project }) => project)].map(({ id }) => id),
  );
  const missing = new Map(
    [...known, ...all.missing].flatMap((project) =>
      shown.has(project.id) ? [] : [[project.id, project] as const],
    ),
  );
  const asked = await sideBySide([...missing.values()], mostProjectsAtOnce, async (project) => ({
    project,
    failed: await whyNotShown(context, project),
  }));
  return [
    ...[...inProject].map(([project, clusters]) => ({ project, clusters })),
    ...[...all.notReadable, ...asked].flatMap(({ project, failed }) =>
      failed === undefined ? [] : [{ project, failed, clusters: [] }],
    ),
  ];
};
