/** The one algorithm of every delete: look, ask, find out what became of a lost answer, see it go (design 4.5). */
import type { Sent } from "../atlas/send.ts";
import type { Clock, Deadline } from "../common/deadline.ts";
import { AtlasToolError, type Failure } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import {
  type Asked,
  cancelled,
  type DeleteResult,
  type DeleteSpec,
  mayPass,
  notDeleted,
  otherOne,
  removalTookTooLong,
  unknownRemoval,
} from "./delete-spec.ts";
import { lookUpDelays } from "./lookup.ts";

type Means = { deadline: Deadline; clock: Clock };

/** What a look after the delete tells: that it is gone, the thing itself, or nothing. */
type Look<T> = "gone" | { there: T } | { dark: Failure };

// What a wait leaves of the deadline, so that its answer is on its way before the host gives up.
const reserveMs = 1500;

// After so many looks that do not show it going, Atlas has accepted the delete and not acted (atlas-kubernetes#3352).
const ignoredAfter = 3;

// Says that an earlier delete was accepted (facts 4.4).
const underWay = "CLUSTER_ALREADY_REQUESTED_DELETION";

const later = (refused: Failure): Failure => ({
  ...refused,
  retry: "after_delay",
  retryAfterSeconds: 30,
});

const isLeaving = <T>(removal: DeleteSpec<T>, one: T): boolean =>
  removal.stateOf(one) === "DELETING";

const codeOf = ({ atlas }: Failure): string => atlas?.errorCode ?? "";

const failureIn = (error: unknown): Failure => {
  if (error instanceof AtlasToolError) return error.failure;
  throw error;
};

const look = async <T>(removal: DeleteSpec<T>, deadline: Deadline): Promise<Look<T>> => {
  const found = await removal.find(deadline).catch((error) => ({ hidden: failureIn(error) }));
  if ("hidden" in found) {
    const isGone = [...removal.absent, ...removal.vanished].includes(codeOf(found.hidden));
    return isGone ? "gone" : { dark: found.hidden };
  }
  const ours = found.seen.find((one) => removal.idOf(one) === removal.id);
  return ours === undefined ? "gone" : { there: ours };
};

/** What is there before anything is sent; undefined where it is gone. */
const sightBefore = async <T>(
  removal: DeleteSpec<T>,
  deadline: Deadline,
): Promise<T | undefined> => {
  const found = await removal.find(deadline).catch((error: unknown) => {
    const failed = failureIn(error);
    if (removal.absent.includes(codeOf(failed))) return { seen: [] };
    throw notDeleted(failed);
  });
  if ("hidden" in found) throw notDeleted(found.hidden);
  const [first] = found.seen;
  if (first !== undefined && removal.idOf(first) !== removal.id) throw otherOne(removal);
  return first;
};

/** What Atlas's answer says by itself, or the failure that leaves it open. */
const toldBy = <T>(removal: DeleteSpec<T>, sent: Sent<undefined>): Asked | { open: Failure } => {
  if (sent.fate === "accepted") return { became: "accepted" };
  const { fate, failure } = sent;
  if (fate === "refused" && codeOf(failure) === underWay) return { became: "accepted" };
  const isGone = fate === "refused" && removal.absent.includes(codeOf(failure));
  return isGone ? { became: "absent" } : { open: failure };
};

/** Sends the delete; where Atlas refuses it only because it is behind, again until it has caught up or time is over. */
const send = async <T>(
  removal: DeleteSpec<T>,
  before: T,
  means: Means,
): Promise<Sent<undefined>> => {
  const { clock, deadline } = means;
  for (let count = 0; ; count += 1) {
    if (count === 0 && deadline.callerSignal.aborted) throw cancelled();
    const sent = await removal.send(deadline);
    if (sent.fate === "not_sent") throw notDeleted(sent.failure);
    if (sent.fate !== "refused" || !("open" in toldBy(removal, sent))) return sent;
    const why = await removal.explain(sent.failure, deadline);
    if (why !== undefined) throw notDeleted(mayPass(why, removal.stateOf(before)));
    const pause = Math.min(2000 + 500 * count, 4500);
    const stop = AbortSignal.any([deadline.writeSignal, deadline.callerSignal]);
    const isTime = pause < deadline.remaining() - reserveMs;
    if (isTime) await clock.sleep(pause, stop);
    if (!isTime || stop.aborted) throw notDeleted(later(sent.failure));
  }
};

/** Looks several times whether it is gone or going; what was seen last, or undefined where nothing could be seen. */
const findOut = async <T>(removal: DeleteSpec<T>, means: Means): Promise<Look<T> | undefined> => {
  let last: Look<T> | undefined;
  for (const delay of lookUpDelays) {
    if (delay >= means.deadline.remaining()) break;
    await means.clock.sleep(delay, means.deadline.readSignal);
    const seen = await look(removal, means.deadline);
    if (seen === "gone") return seen;
    if ("dark" in seen) continue;
    last = seen;
    if (isLeaving(removal, seen.there)) break;
  }
  return last;
};

/** What looking has told of a delete whose answer was lost; undefined where it is there as before, or not to be seen. */
const settled = <T>(removal: DeleteSpec<T>, seen: Look<T> | undefined): Asked | undefined => {
  if (seen === "gone") return { became: "gone", reconciled: true };
  if (seen === undefined || "dark" in seen || !isLeaving(removal, seen.there)) return undefined;
  return { became: "accepted", reconciled: true };
};

/** Finds out what became of a delete whose answer was lost. It does its work once, so while that id is there it may be sent once more. */
const reconcile = async <T>(
  removal: DeleteSpec<T>,
  lost: Failure,
  means: Means,
): Promise<Asked> => {
  const seen = await findOut(removal, means);
  const known = settled(removal, seen);
  if (known !== undefined) return known;
  const over = means.deadline.callerSignal.aborted || means.deadline.remaining() === 0;
  if (seen === undefined || over) throw unknownRemoval(removal, lost, seen !== undefined);
  const second = await removal
    .send(means.deadline)
    .catch((error): Sent<undefined> => ({ fate: "unknown", failure: failureIn(error) }));
  const told = toldBy(removal, second);
  if (!("open" in told))
    return told.became === "absent" ? { became: "gone", reconciled: true } : told;
  const afterwards = settled(removal, await findOut(removal, means));
  if (afterwards === undefined) throw unknownRemoval(removal, lost, true);
  return afterwards;
};

/** Asks Atlas for it, once it is seen to be what was planned for. */
const ask = async <T>(removal: DeleteSpec<T>, means: Means): Promise<Asked> => {
  const before = await sightBefore(removal, means.deadline);
  if (before === undefined) return { became: "absent" };
  if (isLeaving(removal, before)) return { became: "accepted" };
  const told = toldBy(removal, await send(removal, before, means));
  return "open" in told ? reconcile(removal, told.open, means) : told;
};

/** Waits until it is gone, within the deadline. Failed looks are passed over; the answer is the last thing that was seen. */
const awaitGone = async <T>(
  removal: DeleteSpec<T>,
  work: OperationContext,
): Promise<{ gone: true } | { gone: false; last?: T }> => {
  const { clock, deadline } = work;
  const startedAt = clock.now();
  const totalMs = Math.max(0, deadline.remaining() - reserveMs);
  let last: { last?: T } = {};
  let unmoved = 0;
  for (let poll = 0; ; poll += 1) {
    const waitedMs = clock.now() - startedAt;
    if (waitedMs >= totalMs || deadline.cancelled()) return { gone: false, ...last };
    const state = last.last === undefined ? undefined : removal.stateOf(last.last);
    const message = `Waiting for the deletion of ${removal.noun}${state === undefined ? "" : `: ${state}`}.`;
    await work.progress(Math.floor(waitedMs / 1000), Math.ceil(totalMs / 1000), message);
    // 0.5 s at first, then up to 4.5 s: a deletion has taken 30 to 45 s (facts 5).
    const pause = Math.min(500 * 2 ** poll, 4500) * (0.9 + 0.2 * clock.random());
    await clock.sleep(Math.min(pause, totalMs - waitedMs), deadline.readSignal);
    const seen = await look(removal, deadline);
    if (seen === "gone") return { gone: true };
    if ("dark" in seen) continue;
    last = { last: seen.there };
    unmoved = isLeaving(removal, seen.there) ? Number.NEGATIVE_INFINITY : unmoved + 1;
    if (unmoved === ignoredAfter && !deadline.cancelled())
      await removal.send(deadline).catch(failureIn);
  }
};

/** Deletes what was planned, and nothing else that has its name by now; answers with what is true afterwards. */
export const remove = async <T>(
  removal: DeleteSpec<T>,
  work: OperationContext,
): Promise<DeleteResult<T>> => {
  const { clock, deadline } = work;
  if (deadline.cancelled()) throw cancelled();
  const late = (joined: boolean) => removalTookTooLong(removal, joined);
  const asked = await work.flights.removals.run(
    removal.key,
    removal.id,
    deadline,
    late,
    (unwanted) => ask(removal, { clock, deadline: deadline.detached(unwanted) }),
  );
  if (asked.became === "absent") return { outcome: "absent" };
  const reconciled = asked.reconciled ? { reconciled: true as const } : {};
  const end = asked.became === "gone" ? { gone: true as const } : await awaitGone(removal, work);
  if (end.gone) return { outcome: "deleted", gone: true, ...reconciled };
  const stateName = end.last === undefined ? undefined : removal.stateOf(end.last);
  return {
    outcome: "accepted",
    ...end,
    ...(stateName === undefined ? {} : { stateName }),
    ...reconciled,
  };
};
