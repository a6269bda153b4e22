/** The one algorithm of every delete: look, send, find out what became of a lost answer, see it go (docs/architecture.md#lost-answers). */
import type { Sent } from "../atlas/client.ts";
import { AtlasToolError, type Failure, failure, failureOf, raise } from "../common/failure.ts";
import type { OperationContext, Timing } from "./context.ts";
import type { DeleteProgress, DeleteResult, DeleteSpec, DeleteTarget } from "./delete-spec.ts";
import { cancelled, mayPassLater, otherHasName, unknownDelete, waitedTooLong } from "./failures.ts";
import { atlasCodeOf, type Lookup, lookUpDelays } from "./lookup.ts";

/** What a look after the delete tells: that it is gone, the thing itself, or nothing. */
type Look<T> = "gone" | { found: T } | { failed: Failure };

// What a wait leaves of the deadline, so that its answer is on its way before the host gives up.
const reserveMs = 1500;

// After so many looks that do not show it going, Atlas has accepted the delete and not acted (atlas-kubernetes#3352).
const ignoredAfter = 3;

// Says that an earlier delete was accepted (docs/atlas.md#deletes).
const underWay = "CLUSTER_ALREADY_REQUESTED_DELETION";

/** Throws a failure that has left everything as it is. */
export const notDeleted = (told: Failure): never => raise({ ...told, outcome: "not_deleted" });

/** What a delete is bound to, from a look when it is planned. */
export const findDeleteTarget = async <T extends { id?: string | undefined }>(
  noun: string,
  looking: Promise<Lookup<T>>,
): Promise<DeleteTarget<T>> => {
  const lookup = await looking.catch((error: unknown) => notDeleted(failureOf(error)));
  if ("notPermitted" in lookup) return notDeleted(lookup.notPermitted);
  const [resource] = lookup.found;
  if (resource === undefined) return { absent: true };
  const { id } = resource;
  if (id !== undefined) return { id, resource };
  const message = `Atlas does not say the id of ${noun}, so a delete could not be bound to it. Nothing was sent.`;
  return notDeleted(failure("unavailable", message, { retry: "same_arguments" }));
};

const isLeaving = <T>(spec: DeleteSpec<T>, one: T): boolean => spec.stateOf(one) === "DELETING";

/** Looks for the one that was planned; a failed look tells nothing. */
const look = async <T>(spec: DeleteSpec<T>, { deadline }: Timing): Promise<Look<T>> => {
  const lookup = await spec
    .find(deadline)
    .catch((error): Lookup<T> => ({ notPermitted: failureOf(error) }));
  if ("notPermitted" in lookup) {
    const failed = lookup.notPermitted;
    const isGone = [...spec.absent, ...spec.vanished].includes(atlasCodeOf(failed));
    return isGone ? "gone" : { failed };
  }
  const ours = lookup.found.find((one) => spec.idOf(one) === spec.id);
  return ours === undefined ? "gone" : { found: ours };
};

/** What is there before anything is sent; undefined where it is gone. */
const lookBefore = async <T>(spec: DeleteSpec<T>, { deadline }: Timing): Promise<T | undefined> => {
  const lookup = await spec.find(deadline).catch((error: unknown): Lookup<T> => {
    const failed = failureOf(error);
    return spec.absent.includes(atlasCodeOf(failed)) ? { found: [] } : notDeleted(failed);
  });
  if ("notPermitted" in lookup) return notDeleted(lookup.notPermitted);
  const [first] = lookup.found;
  if (first !== undefined && spec.idOf(first) !== spec.id) return raise(otherHasName(spec));
  return first;
};

/** What Atlas's answer says by itself, or the failure that leaves it open. */
const toldBy = <T>(
  spec: DeleteSpec<T>,
  sent: Sent<undefined>,
): DeleteProgress | { unclear: Failure } => {
  if (sent.fate === "accepted") return { state: "accepted" };
  const code = sent.fate === "refused" ? atlasCodeOf(sent.failure) : "";
  if (code === underWay) return { state: "accepted" };
  return spec.absent.includes(code) ? { state: "absent" } : { unclear: sent.failure };
};

/** Sends the delete; where Atlas refuses it only because it is behind, again until it has caught up or time is over. */
const send = async <T>(
  spec: DeleteSpec<T>,
  before: T,
  { clock, deadline }: Timing,
): Promise<Sent<undefined>> => {
  for (let count = 0; ; count += 1) {
    if (count === 0 && deadline.callerSignal.aborted) return raise(cancelled("delete"));
    const sent = await spec.send(deadline);
    if (sent.fate === "not_sent") return notDeleted(sent.failure);
    if (sent.fate !== "refused" || !("unclear" in toldBy(spec, sent))) return sent;
    const why = await spec.explain(sent.failure, deadline);
    if (why !== undefined) return notDeleted(mayPassLater(why, spec.stateOf(before)));
    const pause = Math.min(2000 + 500 * count, 4500);
    const stop = AbortSignal.any([deadline.writeSignal, deadline.callerSignal]);
    const isTime = pause < deadline.remaining() - reserveMs;
    if (isTime) await clock.sleep(pause, stop);
    if (!isTime || stop.aborted)
      return notDeleted({ ...sent.failure, retry: "after_delay", retryAfterSeconds: 30 });
  }
};

/** Looks several times whether it is gone or going; what was seen last, or undefined where nothing could be seen. */
const search = async <T>(spec: DeleteSpec<T>, timing: Timing): Promise<Look<T> | undefined> => {
  let last: Look<T> | undefined;
  for (const delay of lookUpDelays) {
    if (delay >= timing.deadline.remaining()) break;
    await timing.clock.sleep(delay, timing.deadline.readSignal);
    const seen = await look(spec, timing);
    if (seen === "gone") return seen;
    if ("failed" in seen) continue;
    last = seen;
    if (isLeaving(spec, seen.found)) break;
  }
  return last;
};

/** What looking has told of a delete whose answer was lost; undefined where it is there as before, or not to be seen. */
const judge = <T>(spec: DeleteSpec<T>, seen: Look<T> | undefined): DeleteProgress | undefined => {
  if (seen === "gone") return { state: "gone", reconciled: true };
  if (seen === undefined || "failed" in seen || !isLeaving(spec, seen.found)) return undefined;
  return { state: "accepted", reconciled: true };
};

/** Finds out what became of a delete whose answer was lost. It does its work once, so while that id is there it may be sent once more. */
const reconcile = async <T>(
  spec: DeleteSpec<T>,
  lost: Failure,
  timing: Timing,
): Promise<DeleteProgress> => {
  const { deadline } = timing;
  const seen = await search(spec, timing);
  const known = judge(spec, seen);
  if (known !== undefined) return known;
  const over = deadline.callerSignal.aborted || deadline.remaining() === 0;
  if (seen === undefined || over) return raise(unknownDelete(spec, lost, seen !== undefined));
  const second = await spec
    .send(deadline)
    .catch((error): Sent<undefined> => ({ fate: "unknown", failure: failureOf(error) }));
  const told = toldBy(spec, second);
  if (!("unclear" in told))
    return told.state === "absent" ? { state: "gone", reconciled: true } : told;
  return judge(spec, await search(spec, timing)) ?? raise(unknownDelete(spec, lost, true));
};

/** Sends the delete, once it is seen to be what was planned for. */
const requestDelete = async <T>(spec: DeleteSpec<T>, timing: Timing): Promise<DeleteProgress> => {
  const before = await lookBefore(spec, timing);
  if (before === undefined) return { state: "absent" };
  if (isLeaving(spec, before)) return { state: "accepted" };
  const told = toldBy(spec, await send(spec, before, timing));
  return "unclear" in told ? reconcile(spec, told.unclear, timing) : told;
};

/** Waits until it is gone, within the deadline. Failed looks are passed over; the answer is the last thing that was seen. */
const awaitGone = async <T>(
  spec: DeleteSpec<T>,
  context: OperationContext,
): Promise<{ gone: true } | { gone: false; last?: T }> => {
  const { clock, deadline } = context;
  const startedAt = clock.now();
  const totalMs = Math.max(0, deadline.remaining() - reserveMs);
  let last: { last?: T } = {};
  let unmoved = 0;
  for (let poll = 0; ; poll += 1) {
    const waitedMs = clock.now() - startedAt;
    if (waitedMs >= totalMs || deadline.cancelled()) return { gone: false, ...last };
    const state = last.last === undefined ? undefined : spec.stateOf(last.last);
    const message = `Waiting for the deletion of ${spec.noun}${state === undefined ? "" : `: ${state}`}.`;
    await context.progress(Math.floor(waitedMs / 1000), Math.ceil(totalMs / 1000), message);
    // 0.5 s at first, then up to 4.5 s: half of the recorded deletions took 31 s or more (docs/atlas.md#deletes).
    const pause = Math.min(500 * 2 ** poll, 4500) * (0.9 + 0.2 * clock.random());
    await clock.sleep(Math.min(pause, totalMs - waitedMs), deadline.readSignal);
    const seen = await look(spec, context);
    if (seen === "gone") return { gone: true };
    if ("failed" in seen) continue;
    last = { last: seen.found };
    unmoved = isLeaving(spec, seen.found) ? Number.NEGATIVE_INFINITY : unmoved + 1;
    if (unmoved === ignoredAfter && !deadline.cancelled())
      await spec.send(deadline).catch(failureOf);
  }
};

const requestInTurn = async <T>(
  spec: DeleteSpec<T>,
  { clock, deadline, singleFlights }: OperationContext,
): Promise<DeleteProgress> => {
  const late = (joined: boolean) => new AtlasToolError(waitedTooLong("delete", spec, joined));
  const turn = await singleFlights.deletes.join(spec.key, spec.id, deadline, late);
  if ("result" in turn) return turn.result;
  return turn.finish(requestDelete(spec, { clock, deadline: deadline.detached(turn.unwanted) }));
};

/** Deletes what was planned, and nothing else that has its name by now; answers with what is true afterwards. */
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
