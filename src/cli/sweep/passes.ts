/** The course of a sweep: look, delete what is due, wait, and look again until nothing goes any more or time is up. */
import { setMaxListeners } from "node:events";
import type { CallerRunner } from "../../calls/run.ts";
import { type Failure, failure, failureOf } from "../../common/failure.ts";
import { betweenLooksMs } from "../../operations/leased.ts";
import type { Judged } from "../../operations/sweep-verdicts.ts";
import { type Attempt, type Attempts, isGone, mayRepeat, note } from "./attempts.ts";
import { deleteAll, type Ended } from "./deletes.ts";
import { type LookParts, look, type Seen } from "./look.ts";

export type SweepParts = LookParts & {
  caller: CallerRunner;
  apply: boolean;
  waitMs: number;
  /** Tells of each delete when it has ended. */
  onEnd(judged: Judged, ended: Ended): Promise<void>;
};

/** What a sweep knows at its end: what the last look has shown, and why there was no other, if it failed. */
export type Swept = {
  seen: Seen | undefined;
  attempts: Attempts;
  stopped: boolean;
  failed: Failure | undefined;
};

/** Whether waiting may help: something is being deleted, or cannot be seen now, or Atlas still counts clusters that are gone. */
const isUnsettled = (judged: Judged, attempts: Attempts): boolean => {
  if (judged.verdict === "going") return judged.over && judged.code === "being_deleted";
  if (judged.verdict !== "left") return false;
  const tried = [...attempts.values()].filter((one) => one.judged.groupId === judged.groupId);
  if (judged.code === "not_readable") return tried.some((one) => !isGone(one));
  return judged.code === "other_clusters" && tried.length > 0;
};

const firstPauseMs = 1000;
const longestPauseMs = 10_000;

/** Milliseconds until the next look; at least what Atlas has asked for, and no more than there is left. */
const pauseMs = (pauses: number, leftMs: number, ...askedSeconds: number[]): number => {
  const own = Math.min(firstPauseMs * 2 ** pauses, longestPauseMs);
  return Math.min(Math.max(own, ...askedSeconds.map((seconds) => seconds * 1000)), leftMs);
};

/** Milliseconds until the next look; undefined if there is nothing to wait for. */
const pauseFor = (
  { judged }: Seen,
  attempts: Attempts,
  again: readonly Judged[],
  pauses: number,
  leftMs: number,
): number | undefined => {
  const waits = again.length > 0 || judged.some((one) => isUnsettled(one, attempts));
  if (waits && leftMs > 0) {
    const asked = again.map(({ id }) => {
      const ended = attempts.get(id)?.ended;
      return ended !== undefined && "failed" in ended ? ended.retryAfterSeconds : 0;
    });
    return pauseMs(pauses, leftMs, ...asked);
  }
  const isUnsure = [...attempts.values()].some((one) => one.misses === 1 && !isGone(one));
  return isUnsure ? betweenLooksMs : undefined;
};

/** What to delete in this pass, and what may be deleted once more after a pause. */
const dueIn = ({ judged }: Seen, attempts: Attempts, afterPause: boolean) => {
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
    attempts.set(judged.id, { judged, ended, count, misses: 0, isThere: false, isNew: true });
    await onEnd(judged, ended);
  };
  for (const kind of ["flexCluster", "project"] as const) {
    const these = due.filter((one) => one.kind === kind);
    await deleteAll(caller, these, signal, keep);
  }
};

/** The projects that the next look has to show, unless they are gone. */
const knownOf = (seen: Seen | undefined, attempts: Attempts) =>
  (seen?.projects ?? []).filter(({ id = "" }) => {
    const attempt = attempts.get(id);
    return attempt === undefined || !isGone(attempt);
  });

const cutOff = (): Failure => failure("unavailable", "The sweep was stopped while it looked.");

const mayPass = ({ code }: Failure): boolean => code === "unavailable" || code === "rate_limited";

/** Sweeps until nothing is left to do, the time to wait is over, a look fails, or the process is asked to end. */
export const sweep = async (parts: SweepParts): Promise<Swept> => {
  const { clock, signal, apply, waitMs } = parts;
  // Every delete and every look listens to it.
  setMaxListeners(0, signal);
  const attempts = new Map<string, Attempt>();
  let seen: Seen | undefined;
  const end = (failed?: Failure): Swept => ({ seen, attempts, stopped: signal.aborted, failed });
  // Until something was sent, there is nothing to wait for.
  let waitEndsAt: number | undefined;
  const leftMs = () => (waitEndsAt === undefined ? 0 : waitEndsAt - clock.monotonic());
  let pauses = 0;
  for (let afterPause = false; ; ) {
    const looked = await look(parts, knownOf(seen, attempts)).catch(failureOf);
    const isFailure = "code" in looked;
    // What could not be read may be what the signal has cut off, so the look before counts.
    if (signal.aborted && (isFailure || looked.unread.size > 0))
      return end(seen === undefined ? cutOff() : undefined);
    let pause: number | undefined;
    if (isFailure) {
      if (!mayPass(looked) || leftMs() <= 0) return end(looked);
      pause = pauseMs(pauses, leftMs(), looked.retryAfterSeconds ?? 0);
    } else {
      seen = looked;
      note(attempts, seen);
      if (!apply || signal.aborted) return end();
      const { next, again } = dueIn(seen, attempts, afterPause);
      await deleteThese(parts, next, attempts);
      // What was sent is waited for, not what is still to be sent.
      waitEndsAt ??= clock.monotonic() + waitMs;
      afterPause = false;
      if (next.length > 0 && !signal.aborted) continue;
      pause = pauseFor(seen, attempts, again, pauses, leftMs());
    }
    if (pause === undefined || signal.aborted) return end();
    await clock.sleep(pause, signal);
    if (signal.aborted) return end();
    pauses += 1;
    afterPause = true;
  }
};
