/** The algorithm of every delete: look up, send, find out the outcome if the response was lost, wait (docs/architecture.md#lost-answers). */
import { rowFor } from "../atlas/classify.ts";
import type { Sent } from "../atlas/client.ts";
import { resultMs } from "../common/deadline.ts";
import { type Failure, failureOf, raise } from "../common/failure.ts";
import type { OperationContext, Timing } from "./context.ts";
import { otherHasName, outOfTime, unknownDelete } from "./delete-failures.ts";
import type { DeleteProgress, DeleteResult, DeleteSpec, Look } from "./delete-spec.ts";
import { notDeleted } from "./delete-target.ts";
import { asRetryLater, cancelled } from "./failures.ts";
import { afterDelete, look, lookAgain, lookSeveralTimes, withoutDelete } from "./gone.ts";
import { atlasCodeOf, type Lookup, lookUpDelays } from "./lookup.ts";

// After this many look-ups without DELETING, Atlas has accepted the delete and not acted (atlas-kubernetes#3352).
const ignoredAfter = 3;

/** Deletes the planned resource, and no other that has its name by now. Returns what is true afterwards. */
export const deleteResource = async <T>(
  spec: DeleteSpec<T>,
  context: OperationContext,
): Promise<DeleteResult<T>> => {
  if (context.deadline.cancelled()) return raise(cancelled("delete"));
  const progress = await requestInTurn(spec, context);
  if (progress.state === "absent") return { outcome: "absent" };
  const reconciled = progress.reconciled ? { reconciled: true as const } : {};
  const end = progress.state === "gone" ? { gone: true as const } : await awaitGone(spec, context);
  if (end.gone) return { outcome: "deleted", gone: true, ...reconciled };
  const stateName = end.last === undefined ? undefined : spec.stateOf(end.last);
  return {
    outcome: "accepted",
    ...end,
    ...(stateName === undefined ? {} : { stateName }),
    ...reconciled,
  };
};

const requestInTurn = async <T>(
  spec: DeleteSpec<T>,
  { clock, deadline, singleFlights }: OperationContext,
): Promise<DeleteProgress> => {
  const waiting = { effect: "delete", ...spec } as const;
  const turn = await singleFlights.deletes.joinOrTakeTurn(spec.key, spec.id, deadline, waiting);
  if ("result" in turn) return turn.result;
  return turn.finish(requestDelete(spec, { clock, deadline: turn.deadline }));
};

/** Sends the delete, if the resource is still the planned one. */
const requestDelete = async <T>(spec: DeleteSpec<T>, timing: Timing): Promise<DeleteProgress> => {
  const before = await lookBefore(spec, timing);
  if (before === undefined) return { state: "absent" };
  if (isDeleting(spec, before)) return { state: "accepted" };
  refuseChanged(spec, before);
  const progress = await send(spec, before, timing);
  return "unclear" in progress ? reconcile(spec, progress.unclear, timing) : progress;
};

/** Throws if the resource has changed so that it may not be deleted any more. */
const refuseChanged = <T>(spec: DeleteSpec<T>, now: T): void => {
  const objection = spec.objection?.(now);
  if (objection !== undefined) notDeleted(objection);
};

/** Looks up the resource before anything is sent; undefined if several looks do not find it. */
const lookBefore = async <T>(spec: DeleteSpec<T>, timing: Timing): Promise<T | undefined> => {
  const find = async (): Promise<Look<T>> => {
    const lookup = await spec.find(timing.deadline).catch((error: unknown): Lookup<T> => {
      const failed = failureOf(error);
      return spec.absent.includes(atlasCodeOf(failed)) ? { found: [] } : notDeleted(failed);
    });
    if ("notPermitted" in lookup) return notDeleted(lookup.notPermitted);
    const [found] = lookup.found;
    if (found === undefined) return "gone";
    return spec.idOf(found) === spec.id ? { found } : raise(otherHasName(spec));
  };
  const last = await lookAgain(await find(), find, withoutDelete, timing);
  if (last === "gone") return undefined;
  return last !== undefined && "found" in last ? last.found : notDeleted(outOfTime(spec));
};

/** What is known of a delete that was sent; `unclear` says why its outcome is still open. */
type Progress = DeleteProgress | { unclear: Failure };

/** Sends the delete. If Atlas refuses it only because it lags behind, repeats it until Atlas accepts or time is up. */
const send = async <T>(spec: DeleteSpec<T>, before: T, timing: Timing): Promise<Progress> => {
  const { deadline } = timing;
  if (deadline.callerSignal.aborted) return raise(cancelled("delete"));
  for (let count = 0; ; count += 1) {
    const sent = await spec.send(deadline);
    if (sent.fate === "accepted") return { state: "accepted" };
    if (sent.fate === "unknown") return { unclear: sent.failure };
    if (sent.fate === "not_sent") return notDeleted(sent.failure);
    const seen = await lookAfterRefusal(spec, sent.failure, timing);
    if (!("now" in seen)) return seen;
    const refusal = await spec.explain(sent.failure, deadline);
    if (refusal !== undefined)
      return notDeleted(asRetryLater("delete", refusal, spec.stateOf(seen.now ?? before)));
    if (!(await pauseBefore(count, timing)))
      return notDeleted({ ...sent.failure, retry: "after_delay", retryAfterSeconds: 30 });
    if (spec.objection !== undefined) {
      const now = await lookBefore(spec, timing);
      if (now === undefined) return { state: "absent" };
      refuseChanged(spec, now);
    }
  }
};

/** What a refusal shows: a delete that somebody else has begun or ended, or what is there `now`, if that can be seen. */
const lookAfterRefusal = async <T>(
  spec: DeleteSpec<T>,
  refused: Failure,
  timing: Timing,
): Promise<Progress | { now: T | undefined }> => {
  const again = () => look(spec, timing);
  if (spec.absent.includes(atlasCodeOf(refused))) {
    // The refusal is the first of the looks.
    const seen = await lookAgain<T>("gone", again, afterDelete, timing);
    return seen === "gone" ? { state: "absent" } : { unclear: refused };
  }
  const { status } = refused.atlas ?? {};
  if (status !== 400 && status !== 409) return { now: undefined };
  const seen = await again();
  // The state decides above Atlas's sentence, which may be of an unknown code (docs/atlas.md#deletes).
  if (seen === "gone" || rowFor(refused.atlas)?.underWay) return { state: "accepted" };
  if ("failed" in seen) return { now: undefined };
  return isDeleting(spec, seen.found) ? { state: "accepted" } : { now: seen.found };
};

/** Waits before the delete is repeated. False if there is no time left, or the caller has gone. */
const pauseBefore = async (count: number, { clock, deadline }: Timing): Promise<boolean> => {
  const pause = Math.min(2000 + 500 * count, 4500);
  if (pause >= deadline.remaining() - resultMs) return false;
  const stop = AbortSignal.any([deadline.writeSignal, deadline.callerSignal]);
  await clock.sleep(pause, stop);
  return !stop.aborted;
};

/** Finds out what a delete did whose response was lost. While the resource with that id exists, a second delete is safe. */
const reconcile = async <T>(
  spec: DeleteSpec<T>,
  lost: Failure,
  timing: Timing,
): Promise<DeleteProgress> => {
  const { deadline } = timing;
  const last = await search(spec, timing);
  const known = judge(spec, last);
  if (known !== undefined) return known;
  const isOver = deadline.callerSignal.aborted || deadline.remaining() === 0;
  if (last === undefined || isOver || mayNotAgain(spec, last))
    return raise(unknownDelete(spec, lost, last !== undefined));
  const second = await spec
    .send(deadline)
    .catch((error): Sent<undefined> => ({ fate: "unknown", failure: failureOf(error) }));
  if (second.fate === "accepted") return { state: "accepted" };
  if (second.fate === "refused") {
    const seen = await lookAfterRefusal(spec, second.failure, timing);
    if ("state" in seen)
      return seen.state === "absent" ? { state: "gone", reconciled: true } : seen;
  }
  return judge(spec, await search(spec, timing)) ?? raise(unknownDelete(spec, lost, true));
};

/** Whether the resource has changed since the delete was sent, so that it may not be sent again. */
const mayNotAgain = <T>(spec: DeleteSpec<T>, last: Look<T>): boolean =>
  last !== "gone" && "found" in last && spec.objection?.(last.found) !== undefined;

/** Looks up the resource several times, until it is gone or DELETING. Returns the last result; undefined if every look-up failed. */
const search = async <T>(spec: DeleteSpec<T>, timing: Timing): Promise<Look<T> | undefined> => {
  let last: Look<T> | undefined;
  for (const delay of spec.lookUpDelays ?? lookUpDelays) {
    if (delay >= timing.deadline.remaining()) break;
    await timing.clock.sleep(delay, timing.deadline.readSignal);
    const result = await lookSeveralTimes(spec, withoutDelete, timing);
    if (result === "gone") return result;
    if (result === undefined || "failed" in result) continue;
    last = result;
    if (isDeleting(spec, result.found)) break;
  }
  return last;
};

/** What look-ups show of a delete whose response was lost; undefined if the resource is unchanged or cannot be looked up. */
const judge = <T>(spec: DeleteSpec<T>, last: Look<T> | undefined): DeleteProgress | undefined => {
  if (last === "gone") return { state: "gone", reconciled: true };
  if (last === undefined || "failed" in last || !isDeleting(spec, last.found)) return undefined;
  return { state: "accepted", reconciled: true };
};

/** Waits until the resource is gone, within the deadline. Skips failed look-ups; returns the last known resource. */
const awaitGone = async <T>(
  spec: DeleteSpec<T>,
  context: OperationContext,
): Promise<{ gone: true } | { gone: false; last?: T }> => {
  const { clock, deadline } = context;
  const startedAt = clock.monotonic();
  const { waitMs = Number.POSITIVE_INFINITY } = spec;
  const totalMs = Math.max(0, Math.min(waitMs, deadline.remaining() - resultMs));
  let last: { last?: T } = {};
  let unchanged = 0;
  for (let poll = 0; ; poll += 1) {
    const waitedMs = clock.monotonic() - startedAt;
    if (waitedMs >= totalMs || deadline.cancelled()) return { gone: false, ...last };
    await pauseWaiting(spec, last.last, poll, [waitedMs, totalMs], context);
    const result = await lookSeveralTimes(spec, afterDelete, context);
    if (result === "gone") return { gone: true };
    if (result === undefined || "failed" in result) continue;
    last = { last: result.found };
    unchanged = isDeleting(spec, result.found) ? Number.NEGATIVE_INFINITY : unchanged + 1;
    const isIgnored = unchanged === ignoredAfter && !spec.isWithoutId && !mayNotAgain(spec, result);
    if (isIgnored && !deadline.cancelled()) await spec.send(deadline).catch(failureOf);
  }
};

/** Tells the caller how long the wait has been, and pauses before the next look. */
const pauseWaiting = async <T>(
  spec: DeleteSpec<T>,
  last: T | undefined,
  poll: number,
  [waitedMs, totalMs]: [number, number],
  { clock, deadline, progress }: OperationContext,
): Promise<void> => {
  const state = last === undefined ? undefined : spec.stateOf(last);
  const waited = Math.floor(waitedMs / 1000);
  const time = `(${waited} of ${Math.ceil(totalMs / 1000)} s)`;
  const isNow = state === undefined ? "" : `, which is ${state}`;
  await progress(waited, `Waiting for the deletion of ${spec.noun}${isNow} ${time}.`);
  // 0.5 s at first, then up to 4.5 s: half of the recorded deletions took 31 s or more (docs/atlas.md#deletes).
  const pause = Math.min(500 * 2 ** poll, 4500) * (0.9 + 0.2 * clock.random());
  await clock.sleep(Math.min(pause, totalMs - waitedMs), deadline.readSignal);
};

const isDeleting = <T>(spec: DeleteSpec<T>, resource: T): boolean =>
  spec.stateOf(resource) === "DELETING";
