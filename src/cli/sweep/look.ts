/** One look of a sweep: all projects in bounds with their clusters, judged by Atlas's time. */
import type { AtlasClient } from "../../atlas/client.ts";
import type { Project } from "../../atlas/resources/project.ts";
import { type Clock, startDeadline } from "../../common/deadline.ts";
import { raise } from "../../common/failure.ts";
import { atlasTime } from "../../operations/atlas-time.ts";
import type { Bounds, Scope } from "../../operations/context.ts";
import { surveyProjects } from "../../operations/leased.ts";
import { type Judged, judgeAll } from "../../operations/sweep-verdicts.ts";

export type LookParts = {
  atlas: AtlasClient;
  clock: Clock;
  scope: Scope;
  bounds: Bounds;
  /** Aborts when the process is asked to end. */
  signal: AbortSignal;
};

/** What a look has shown. `present`: all ids. `unread`: the projects that could not be read, or their clusters. */
export type Seen = {
  now: number;
  judged: Judged[];
  projects: Project[];
  present: Set<string>;
  unread: Set<string>;
};

// Room for two waits that a rate limit asks for (docs/atlas.md#rate-limits).
const surveyMs = 180_000;

/** Looks. `known`: the projects that an earlier look has shown. Throws if Atlas cannot be looked at. */
export const look = async (
  { atlas, clock, scope, bounds, signal }: LookParts,
  known: readonly Project[],
): Promise<Seen> => {
  const deadline = startDeadline(surveyMs, signal, clock);
  const context = { atlas, clock, deadline, scope, bounds };
  const survey = await surveyProjects(context, known).finally(deadline.clear);
  const now = atlasTime({ atlas, clock });
  if (typeof now !== "number") return raise(now);
  return {
    now,
    judged: judgeAll(survey, now, scope.groupId),
    projects: survey.map(({ project }) => project),
    present: new Set(
      survey.flatMap(({ project, clusters }) => [
        project.id ?? "",
        ...clusters.map(({ id }) => id ?? ""),
      ]),
    ),
    unread: new Set(survey.flatMap(({ project, failed }) => (failed ? [project.id ?? ""] : []))),
  };
};
