/** The algorithm of every update: read, send what differs, find out the outcome if the response was lost, look whether it stays (docs/architecture.md#updates). */
import type { Sent } from "../atlas/client.ts";
import { type Failure, failureOf, raise, rethrowFault } from "../common/failure.ts";
import type { Timing } from "./context.ts";
import { asRetryLater, cancelled, lost, mayHaveActed } from "./failures.ts";
import { lookUpDelays } from "./lookup.ts";
import type { SingleFlight } from "./single-flight.ts";
import { beingDeleted, changedBack, otherResource } from "./update-failures.ts";
import type { UpdateResult, UpdateSpec } from "./update-spec.ts";

// Milliseconds until an update is looked at again: another server may have replaced it with what it had read before.
const settlingMs = 1000;

// Milliseconds before each look-up after Atlas has refused an update that it may have done all the same.
const refusedDelays: readonly number[] = [500, 1500];

/** What was sent, with the resource as Atlas returned it or as a look-up showed it. */
type Written<T> = { resource: T; reconciled?: true };

/** Why the resource as it is now may not be changed: it goes, or it has a risk that nobody has agreed to. */
const objectionTo = <T>(spec: UpdateSpec<T>, resource: T): Failure | undefined =>
  spec.stateOf(resource) === "DELETING" ? beingDeleted(spec, resource) : spec.refusal?.(resource);

/** Reads the resource to change. Throws if it cannot be changed in this way. */
export const readForUpdate = async <T>(spec: UpdateSpec<T>, { deadline }: Timing): Promise<T> => {
  const resource = await spec.read(deadline);
  if (spec.id !== undefined && spec.idOf(resource) !== spec.id) return raise(otherResource(spec));
  const objection = objectionTo(spec, resource);
  return objection === undefined ? resource : raise(objection);
};

/** Whether nothing is left to do. */
export const isAsAsked = <T>(spec: UpdateSpec<T>, resource: T): boolean =>
  spec.isAlwaysSent !== true && spec.differences(resource).length === 0;

/** Makes the resource as asked, and returns what is true afterwards. Equal concurrent calls share their requests. */
export const updateResource = async <T>(
  spec: UpdateSpec<T>,
  { clock, deadline }: Timing,
  singleFlight: SingleFlight<UpdateResult<T>>,
): Promise<UpdateResult<T>> => {
  if (deadline.cancelled()) return raise(cancelled("update"));
  const waiting = { effect: "update", ...spec } as const;
  const turn = await singleFlight.joinOrTakeTurn(spec.key, spec.fingerprint, deadline, waiting);
  if ("result" in turn) return turn.result;
  const updating = updateNow(spec, { clock, deadline: turn.deadline });
  return turn.finish(spec.complete?.(updating) ?? updating);
};

const updateNow = async <T>(spec: UpdateSpec<T>, timing: Timing): Promise<UpdateResult<T>> => {
  // Just before the request: what the plan has read may be as old as the question to the user.
  const before = await readForUpdate(spec, timing);
  if (isAsAsked(spec, before)) return { outcome: "unchanged", resource: before, differences: [] };
  if (timing.deadline.callerSignal.aborted) return raise(cancelled("update"));
  const differences = spec.differences(before);
  const written = await write(spec, before, timing);
  const resource = await settle(spec, written.resource, timing);
  return { outcome: "updated", ...written, resource, differences };
};

/** The waits before up to so many looks; one is enough where no look can show what was done. */
const looksFor = <T>({ isAlwaysSent }: UpdateSpec<T>, most: number): readonly number[] =>
  lookUpDelays.slice(0, isAlwaysSent ? 1 : most);

/** Sends the request until its outcome is known. An update may be sent again: it has the same effect. */
const write = async <T>(spec: UpdateSpec<T>, before: T, timing: Timing): Promise<Written<T>> => {
  const { deadline } = timing;
  const sent = await spec.send(before, deadline);
  if (sent.fate === "accepted") return { resource: sent.value };
  if (sent.fate === "not_sent") return raise(sent.failure);
  if (sent.fate === "refused") return afterRefusal(spec, sent.failure, before, timing);
  const found = await search(spec, timing, looksFor(spec, 3));
  if (found !== undefined && isAsAsked(spec, found)) return { resource: found, reconciled: true };
  const isOver = deadline.callerSignal.aborted || deadline.remaining() === 0;
  if (found === undefined || isOver || objectionTo(spec, found) !== undefined)
    return raise(unknownUpdate(spec, sent.failure));
  const second = await spec.send(found, deadline).catch((error: unknown): Sent<T> => {
    rethrowFault(error);
    return sent;
  });
  if (second.fate === "accepted") return { resource: second.value };
  const last = await search(spec, timing, looksFor(spec, lookUpDelays.length));
  if (last !== undefined && isAsAsked(spec, last)) return { resource: last, reconciled: true };
  return raise(unknownUpdate(spec, sent.failure));
};

/** Atlas has refused an update. Where its code does not rule out an effect, a look decides (terraform#4124). */
const afterRefusal = async <T>(
  spec: UpdateSpec<T>,
  refused: Failure,
  before: T,
  timing: Timing,
): Promise<Written<T>> => {
  const mayBeDone = mayHaveActed(refused);
  const found = mayBeDone ? await search(spec, timing, refusedDelays) : undefined;
  if (found !== undefined && isAsAsked(spec, found)) return { resource: found, reconciled: true };
  const state = spec.stateOf(found ?? before);
  const isSeen = found !== undefined && spec.isAlwaysSent !== true;
  const outcome = mayBeDone && !isSeen ? "unknown" : "not_updated";
  return raise({ ...asRetryLater("update", refused, state), outcome });
};

const unknownUpdate = <T>(spec: UpdateSpec<T>, cause: Failure): Failure =>
  lost(
    "update",
    spec,
    ", and this call did not see the change afterwards. It may come later.",
    cause,
  );

/** Looks after each of these waits, until the resource is as asked. The last resource seen; undefined if no look was answered. */
const search = async <T>(
  spec: UpdateSpec<T>,
  timing: Timing,
  delays: readonly number[],
): Promise<T | undefined> => {
  const { clock, deadline } = timing;
  let last: T | undefined;
  for (const delay of delays) {
    if (delay >= deadline.remaining() || deadline.readSignal.aborted) break;
    await clock.sleep(delay, deadline.readSignal);
    last = (await look(spec, timing)) ?? last;
    if (last !== undefined && isAsAsked(spec, last)) break;
  }
  return last;
};

/** The resource as it is now; undefined if a look does not show it. */
const look = async <T>(spec: UpdateSpec<T>, { deadline }: Timing): Promise<T | undefined> => {
  const found = await spec.read(deadline).catch((error: unknown) => {
    rethrowFault(error);
    return undefined;
  });
  return found !== undefined && (spec.id === undefined || spec.idOf(found) === spec.id)
    ? found
    : undefined;
};

/** Sends the request once more, unless the resource may not be changed any more. */
const sendAgain = async <T>(
  spec: UpdateSpec<T>,
  found: T,
  { deadline }: Timing,
): Promise<Sent<T>> => {
  const objection = objectionTo(spec, found);
  if (objection !== undefined) return { fate: "not_sent", failure: objection };
  return spec
    .send(found, deadline)
    .catch((error: unknown): Sent<T> => ({ fate: "unknown", failure: failureOf(error) }));
};

/**
 * Looks whether an update stays. Servers that change one resource at the same moment read the same lists and replace each
 * other's: the one whose change has gone writes it once more, into what is there now.
 */
const settle = async <T>(spec: UpdateSpec<T>, written: T, timing: Timing): Promise<T> => {
  const found = await search(spec, timing, [settlingMs]);
  if (found === undefined || spec.differences(found).length === 0) return found ?? written;
  const again = await sendAgain(spec, found, timing);
  const resource = again.fate === "accepted" ? again.value : found;
  const last = (await search(spec, timing, [settlingMs])) ?? resource;
  return spec.differences(last).length === 0 ? last : raise(changedBack(spec, last, again));
};
