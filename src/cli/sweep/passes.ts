/** The course of a sweep: look, delete what is due, wait, and look again until nothing goes any more or time is up. */
import { setMaxListeners } from "node:events";
import type { AtlasClient } from "../../atlas/client.ts";
import type { CallerRunner } from "../../calls/run.ts";
import { type Clock, startDeadline } from "../../common/deadline.ts";
import { type Failure, failureOf, raise } from "../../common/failure.ts";
import { atlasTime } from "../../operations/atlas-time.ts";
import type { Bounds, Scope } from "../../operations/context.ts";
import { surveyProjects } from "../../operations/leased.ts";
import { type Judged, judgeAll } from "../../operations/sweep-verdicts.ts";
import { deleteAll, type Ended } from "./deletes.ts";

export type SweepParts = {
  atlas: AtlasClient;
  clock: Clock;
  scope: Scope;
  bounds: Bounds;
  caller: CallerRunner;
  /** Aborts when the process is asked to end. */
  signal: AbortSignal;
  apply: boolean;
  waitMs: number;
  /** Tells of each delete when it has ended. */
  onEnd(judged: Judged, ended: Ended): Promise<void>;
};

/** What a survey has shown. `present`: all ids. `unread`: the projects of which the clusters could not be read. */
type Seen = { now: number; judged: Judged[]; present: Set<string>; unread: Set<string> };

/** The deletes of one resource. `misses`: in how many looks since it was not there. `isNew`: nobody has looked since. */
export type Attempt = {
  judged: Judged;
  ended: Ended;
  count: number;
  misses: number;
  isNew: boolean;
};

/** What a sweep knows at its end: what the last look has shown, and why there was no other, if it failed. */
export type Swept = {
  seen: Seen | undefined;
  attempts: ReadonlyMap<string, Attempt>;
  stopped: boolean;
  failed: Failure | undefined;
};

// Room for two waits that a rate limit asks for (docs/atlas.md#rate-limits).
const surveyMs = 180_000;

const look = async ({ atlas, clock, scope, bounds, signal }: SweepParts): Promise<Seen> => {
  const deadline = startDeadline(surveyMs, signal, clock);
  const survey = await surveyProjects({ atlas, deadline, scope, bounds }).finally(deadline.clear);
  const now = atlasTime({ atlas, clock });
  if (typeof now !== "number") return raise(now);
  return {
    now,
    judged: judgeAll(survey, now, scope.groupId),
    present: new Set(
      survey.flatMap(({ project, clusters }) => [
        project.id ?? "",
        ...clusters.map(({ id }) => id ?? ""),
      ]),
    ),
    unread: new Set(survey.flatMap(({ project, failed }) => (failed ? [project.id ?? ""] : []))),
  };
};

/** Whether looks have shown that it is gone. A look at a project that cannot be read shows nothing. */
export const isGone = ({ ended, misses }: Attempt): boolean =>
  ("outcome" in ended && ended.outcome !== "deleting") || misses > 1;

const mostDeletes = 3;

/** Whether another delete of the same may do more: the last one was ignored, or failed in a way that may pass. */
const mayRepeat = ({ ended, count }: Attempt): boolean =>
  count < mostDeletes && ("outcome" in ended || ended.mayPass);

/** Notes what a look has shown of the attempts. */
const note = (attempts: Map<string, Attempt>, { present, unread }: Seen): void => {
  for (const [id, attempt] of attempts) {
    const isMissing = !present.has(id) && !unread.has(attempt.judged.groupId);
    const misses = isMissing ? attempt.misses + 1 : 0;
    attempts.set(id, { ...attempt, misses, isNew: false });
  }
};

/** Whether waiting may help: something is being deleted, or Atlas still counts clusters that are gone. */
const isUnsettled = (judged: Judged, attempts: ReadonlyMap<string, Attempt>): boolean => {
  if (judged.verdict === "going") return judged.over && judged.code === "being_deleted";
  const isLag = judged.verdict === "left" && judged.code === "other_clusters";
  return isLag && [...attempts.values()].some((one) => one.judged.groupId === judged.groupId);
};

const firstPauseMs = 1000;
const longestPauseMs = 10_000;
// Two looks that find nothing must be this far apart (docs/architecture.md#lost-answers).
const betweenLooksMs = 500;

/** Milliseconds until the next look; undefined if there is nothing to wait for. */
const pauseFor = (
  { judged }: Seen,
  attempts: ReadonlyMap<string, Attempt>,
  again: readonly Judged[],
  pass: number,
  leftMs: number,
): number | undefined => {
  const waits = again.length > 0 || judged.some((one) => isUnsettled(one, attempts));
  if (waits && leftMs > 0) {
    const asked = again.map(({ id }) => {
      const ended = attempts.get(id)?.ended;
      return ended !== undefined && "failed" in ended ? ended.retryAfterSeconds * 1000 : 0;
    });
    const pause = Math.min(firstPauseMs * 2 ** pass, longestPauseMs);
    return Math.min(Math.max(pause, ...asked), leftMs);
  }
  const isUnsure = [...attempts.values()].some((one) => one.misses === 1 && !isGone(one));
  return isUnsure ? betweenLooksMs : undefined;
};

/** What to delete in this pass, and what may be deleted once more after a pause. */
const dueIn = ({ judged }: Seen, attempts: ReadonlyMap<string, Attempt>, afterPause: boolean) => {
  const due = judged.filter(({ verdict }) => verdict === "due");
  const first = due.filter(({ id }) => !attempts.has(id));
  const again = due.filter(({ id }) => {
    const attempt = attempts.get(id);
    return attempt !== undefined && !isGone(attempt) && mayRepeat(attempt);
  });
  return { next: afterPause ? [...first, ...again] : first, again };
};

/** Deletes the clusters, then the projects, and adds how each ended to the attempts. */
const deleteThese = async (
  { caller, signal, onEnd }: SweepParts,
  due: readonly Judged[],
  attempts: Map<string, Attempt>,
): Promise<void> => {
  const keep = async (judged: Judged, ended: Ended) => {
    const count = (attempts.get(judged.id)?.count ?? 0) + 1;
    attempts.set(judged.id, { judged, ended, count, misses: 0, isNew: true });
    await onEnd(judged, ended);
  };
  for (const kind of ["flexCluster", "project"] as const) {
    const these = due.filter((one) => one.kind === kind);
    await deleteAll(caller, these, signal, keep);
  }
};

/** Sweeps until nothing is left to do, the time to wait is over, a look fails, or the process is asked to end. */
export const sweep = async (parts: SweepParts): Promise<Swept> => {
  const { clock, signal, apply, waitMs } = parts;
  // Every delete and every look listens to it.
  setMaxListeners(0, signal);
  const attempts = new Map<string, Attempt>();
  let seen: Seen | undefined;
  const end = (failed?: Failure): Swept => ({ seen, attempts, stopped: signal.aborted, failed });
  let waitEndsAt: number | undefined;
  let pauses = 0;
  for (let afterPause = false; ; ) {
    const looked = await look(parts).catch(failureOf);
    if ("code" in looked) return end(looked);
    seen = looked;
    note(attempts, seen);
    if (!apply || signal.aborted) return end();
    const { next, again } = dueIn(seen, attempts, afterPause);
    await deleteThese(parts, next, attempts);
    // What was sent is waited for, not what is still to be sent.
    waitEndsAt ??= clock.monotonic() + waitMs;
    afterPause = false;
    if (next.length > 0 && !signal.aborted) continue;
    const leftMs = waitEndsAt - clock.monotonic();
    const pause = pauseFor(seen, attempts, again, pauses, leftMs);
    if (pause === undefined || signal.aborted) return end();
    await clock.sleep(pause, signal);
    if (signal.aborted) return end();
    pauses += 1;
    afterPause = true;
  }
};
