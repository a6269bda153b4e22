/** The algorithm of every create: look up, post, find out the outcome if the response was lost, compare (docs/architecture.md#lost-answers). */
import { rowFor } from "../atlas/classify.ts";
import type { Sent } from "../atlas/client.ts";
import { type Failure, failureOf, raise, rethrowFault } from "../common/failure.ts";
import type { Moment } from "../store/turns.ts";
import type { Timing } from "./context.ts";
import {
  madeDifferently,
  mayBeOurs,
  nameConflict,
  noneLeft,
  notShown,
  refusedTags,
  twoLeft,
  unfinished,
  unknownCreate,
} from "./create-failures.ts";
import type { CreateResult, CreateSpec } from "./create-spec.ts";
import { awaitDecision, keepOne } from "./duplicates.ts";
import { cancelled, mayHaveActed } from "./failures.ts";
import { type Lookup, lookUpDelays } from "./lookup.ts";
import type { SingleFlight } from "./single-flight.ts";

/** Whether an existing resource is an error, or may be returned if it is as requested. */
export type IfExists = "error" | "return";

/** What the look-up before a create has found; `mark` is when it began. */
export type Before<T> =
  | { existing: T }
  | { absent: true; mark: Moment }
  | { notPermitted: Failure; mark: Moment };

/** The look-up before a create found nothing, or was not permitted. */
export type NotFound<T> = Exclude<Before<T>, { existing: T }>;

type Failed<T> = Exclude<Sent<T>, { fate: "accepted" }>;

// A look-up older than this (milliseconds) is repeated before the POST.
const freshMs = 2000;

// Milliseconds before each look-up after Atlas has refused a create with tags, which may have created it all the same.
const refusedDelays: readonly number[] = [500, 1500];

/** Looks up the name before anything is sent. Throws if it is taken, unless an identical resource may be returned. */
export const lookBefore = async <T>(
  spec: CreateSpec<T>,
  ifExists: IfExists,
  timing: Timing,
  singleFlight: SingleFlight<CreateResult<T>>,
): Promise<Before<T>> => {
  const { clock } = timing;
  const mark = singleFlight.mark();
  const lookup = await find(spec, timing);
  if ("notPermitted" in lookup) return { notPermitted: lookup.notPermitted, mark };
  if (lookup.found.length === 0) return { absent: true, mark };
  const found = await awaitDecision(spec, lookup.found, timing);
  if (found.length === 0) return { absent: true, mark: { ...mark, at: clock.monotonic() } };
  const existing = returnable(spec, found, ifExists);
  return existing === undefined ? raise(nameConflict(spec, found)) : { existing };
};

/** Looks up the name until Atlas shows what another server has made a moment ago. Throws if it does not. */
const find = async <T>(spec: CreateSpec<T>, { clock, deadline }: Timing): Promise<Lookup<T>> => {
  for (const delay of lookUpDelays.slice(0, 4)) {
    const lookup = await spec.find(deadline);
    if ("notPermitted" in lookup || lookup.found.length > 0 || !spec.isHidden?.()) return lookup;
    if (delay >= deadline.remaining()) break;
    await clock.sleep(delay, deadline.readSignal);
  }
  return raise(notShown(spec));
};

/** The existing resource to return as a success: the only one found, as requested, and only with `ifExists: "return"`. */
const returnable = <T>(
  spec: CreateSpec<T>,
  found: readonly T[],
  ifExists: IfExists,
): T | undefined => {
  const [only, ...others] = found;
  if (ifExists === "error" || only === undefined || others.length > 0) return undefined;
  return spec.differences(only).length === 0 && !spec.isDeleting(only) ? only : undefined;
};

/** Creates the resource and returns what is true afterwards. Equal concurrent calls share one request. */
export const create = async <T>(
  spec: CreateSpec<T>,
  before: NotFound<T>,
  ifExists: IfExists,
  { clock, deadline }: Timing,
  singleFlight: SingleFlight<CreateResult<T>>,
): Promise<CreateResult<T>> => {
  if (deadline.cancelled()) return raise(cancelled("create"));
  // A caller that wants an error must not join one that accepts an existing resource.
  const turn = await singleFlight.joinOrTakeTurn(
    spec.key,
    `${ifExists} ${spec.fingerprint}`,
    deadline,
    { effect: "create", ...spec },
  );
  if ("result" in turn) return turn.result;
  const timing = { clock, deadline: turn.deadline };
  const isOld = turn.isSince(before.mark) || clock.monotonic() - before.mark.at > freshMs;
  const now = isOld ? lookBefore(spec, ifExists, timing, singleFlight) : Promise.resolve(before);
  const created = now.then((found) => createNow(spec, found, ifExists, timing));
  return turn.finish(spec.complete?.(created) ?? created);
};

/** Creates in this caller's turn what a fresh look-up did not find. */
const createNow = async <T>(
  spec: CreateSpec<T>,
  before: Before<T>,
  ifExists: IfExists,
  timing: Timing,
): Promise<CreateResult<T>> => {
  if ("existing" in before) return { outcome: "existing", resource: before.existing };
  if (timing.deadline.callerSignal.aborted) return raise(cancelled("create"));
  const sentAt = spec.now();
  const sent = await spec.post(timing.deadline);
  if (sent.fate === "accepted") return afterAccepted(spec, sent.value, ifExists, timing);
  if (isTaken(sent.failure)) return afterTaken(spec, sent.failure, ifExists, timing);
  if (!mayHaveCreated(spec, sent)) return raise({ ...sent.failure, outcome: "not_created" });
  if ("absent" in before) return reconcile(spec, sent, sentAt, timing);
  // A resource that was absent before the POST and is there after it is ours. The look-up before it was not permitted, so
  // that proof is missing.
  const found = (await search(spec, timing)) ?? [];
  return found.length > 0 ? raise(nameConflict(spec, found)) : judge(spec, found, sent, sentAt);
};

/** Atlas accepted the POST. If it does not keep the name unique, others may have created it at the same time. */
const afterAccepted = async <T>(
  spec: CreateSpec<T>,
  resource: T,
  ifExists: IfExists,
  timing: Timing,
): Promise<CreateResult<T>> => {
  if (spec.duplicates === undefined) return { outcome: "created", resource };
  const end = await keepOne(spec, spec.duplicates, resource, timing);
  if ("kept" in end) return { outcome: "created", resource: end.kept };
  if ("leftOver" in end)
    return raise(end.others.length === 0 ? unfinished(spec, end) : twoLeft(spec, resource, end));
  const undone = { id: end.undone };
  if (end.others.length === 0) return raise({ ...noneLeft(spec), undone });
  const existing = returnable(spec, end.others, ifExists);
  if (existing !== undefined) return { outcome: "existing", resource: existing, undone };
  return raise({ ...nameConflict(spec, end.others, undone.id), undone });
};

/** Atlas refused the name as taken: somebody created the resource between the look-up and the POST. */
const afterTaken = async <T>(
  spec: CreateSpec<T>,
  refused: Failure,
  ifExists: IfExists,
  timing: Timing,
): Promise<CreateResult<T>> => {
  // Lists lag behind: Atlas refuses a taken name before it lists it (docs/atlas.md#consistency).
  const found = (await search(spec, timing, [0, ...lookUpDelays.slice(0, 3)])) ?? [];
  const existing = returnable(spec, found, ifExists);
  if (existing !== undefined) return { outcome: "existing", resource: existing };
  const conflict = nameConflict(spec, found);
  return raise(refused.atlas ? { ...conflict, atlas: refused.atlas } : conflict);
};

/** Whether a failed POST may have created the resource all the same. */
const mayHaveCreated = <T>(spec: CreateSpec<T>, { fate, failure }: Failed<T>): boolean =>
  fate === "refused" ? spec.hasTags && mayHaveActed(failure) : fate === "unknown";

const isTaken = (refusal: Failure): boolean => rowFor(refusal.atlas)?.taken === true;

/** Finds out what an unclear POST did. If Atlas keeps the name unique and no look-up finds it, posts once more. */
const reconcile = async <T>(
  spec: CreateSpec<T>,
  first: Failed<T>,
  sentAt: number,
  timing: Timing,
): Promise<CreateResult<T>> => {
  const { deadline } = timing;
  // Atlas would refuse tags again, so one more POST could only create what this one has not.
  const isRefused = first.fate === "refused";
  const found = await search(spec, timing, isRefused ? refusedDelays : lookUpDelays);
  const isOver = deadline.callerSignal.aborted || deadline.remaining() === 0;
  // Without a look that was answered, nothing shows that a second POST is needed.
  const mayRepeat = found?.length === 0 && spec.duplicates === undefined && !isRefused && !isOver;
  if (!mayRepeat) return judge(spec, found ?? [], first, sentAt);
  const second = await spec.post(deadline).catch((error: unknown): Sent<T> => {
    rethrowFault(error);
    // What the first POST did is still open.
    return first;
  });
  if (second.fate === "accepted") return { outcome: "created", resource: second.value };
  const again = (await search(spec, timing)) ?? [];
  if (again.length === 0 && isTaken(second.failure)) return raise(mayBeOurs(spec));
  return judge(spec, again, first, sentAt);
};

/** Decides what an unclear POST did: a single resource that is as requested is ours. */
const judge = <T>(
  spec: CreateSpec<T>,
  found: readonly T[],
  { fate, failure: cause }: Failed<T>,
  sentAt: number,
): CreateResult<T> => {
  const [first] = found;
  if (first === undefined)
    return raise(fate === "refused" ? refusedTags(spec, cause) : unknownCreate(spec, cause));
  // Of two, one is ours, but nothing shows which; one from before the POST is not ours.
  if (found.length > 1 || isOlder(spec, first, sentAt)) return raise(nameConflict(spec, found));
  if (spec.differences(first).length > 0) return raise(madeDifferently(spec, first, cause));
  return { outcome: "created", resource: first, reconciled: true };
};

// Atlas's dates have no fractions, and its servers need not agree to the second.
const dateSlackMs = 60_000;

/** Whether a resource was there before the POST, although no look showed it. */
const isOlder = <T>(spec: CreateSpec<T>, found: T, sentAt: number): boolean =>
  Date.parse(spec.createdAt(found) ?? "") < sentAt - dateSlackMs;

/** Looks for the resource several times after a lost response. Failed look-ups prove nothing and are skipped; undefined if all failed. */
const search = async <T>(
  spec: CreateSpec<T>,
  timing: Timing,
  delays = lookUpDelays,
): Promise<readonly T[] | undefined> => {
  const { clock, deadline } = timing;
  let isAnswered = false;
  for (const delay of delays) {
    if (delay >= deadline.remaining()) break;
    if (delay > 0) await clock.sleep(delay, deadline.readSignal);
    const lookup = await spec.find(deadline).catch(failureOf);
    if ("notPermitted" in lookup) break;
    if (!("found" in lookup)) continue;
    isAnswered = true;
    if (lookup.found.length === 0) continue;
    const decided = await awaitDecision(spec, lookup.found, timing).catch(failureOf);
    return "code" in decided ? lookup.found : decided;
  }
  return isAnswered ? [] : undefined;
};
