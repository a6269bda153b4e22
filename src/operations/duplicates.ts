/**
 * Keeps one of several resources that servers have created with one name at the same time, where Atlas does not keep the
 * name unique (docs/architecture.md#two-of-one-name).
 */
import { type Failure, failureOf } from "../common/failure.ts";
import type { Timing } from "./context.ts";
import type { CreateSpec, Duplicates } from "./create-spec.ts";

// How many looks for others must be answered, and how many are tried: a list may show others late (docs/atlas.md#consistency).
const looksWanted = 2;
const looksTried = 5;
const betweenLooksMs = 1000;

// The smallest id gives the others these times to take themselves back, before it does so too (milliseconds).
const patienceMs: readonly number[] = [2000, 1000];

// The smallest id decides after two looks and both waits. With the requests in between, every server has decided by then.
const decidedMs = 8000;

// A look-up counts for 2 s before a POST, which takes less than 2 s: after that, nobody creates another one because of it.
const joinableMs = 4000;

// Milliseconds of the deadline that a wait leaves for the looks after it.
const reserveMs = 3000;

/** One name that servers may have created twice; `own` is the id of what this call has created. */
type Name<T> = { spec: CreateSpec<T>; duplicates: Duplicates<T>; own: string; timing: Timing };

/** What has become of a resource that was just created. */
export type Kept<T> =
  | { kept: T }
  | { undone: string; others: T[] }
  | { leftOver: string; others: T[]; failed: Failure };

/** Takes the created resource back if others have its name: at once if another has a smaller id, else if they stay. */
export const keepOne = async <T>(
  spec: CreateSpec<T>,
  duplicates: Duplicates<T>,
  made: T,
  timing: Timing,
): Promise<Kept<T>> => {
  const name = { spec, duplicates, own: duplicates.idOf(made), timing };
  await duplicates.announce(made);
  const staying = await findStaying(name);
  if (staying.length === 0) {
    duplicates.decided(made);
    return { kept: made };
  }
  const failed = await duplicates.takeBack(made).then(() => undefined, failureOf);
  // A delete that has ended is proof; a read of what is gone may fail in other ways.
  const seen = failed === undefined ? staying : [made, ...staying];
  const stayed = await whatStays(name, seen);
  const others = stayed.filter((other) => duplicates.idOf(other) !== name.own);
  if (failed === undefined || others.length === stayed.length) return { undone: name.own, others };
  // Atlas refused to delete it, but the others have gone meanwhile.
  if (others.length === 0 && failed.outcome !== "unknown") return { kept: made };
  return { leftOver: name.own, others, failed };
};

/**
 * What has the name, once no other server takes it back any more. Throws if a look fails: then nothing shows that the name is
 * free.
 */
export const awaitDecision = async <T>(
  spec: CreateSpec<T>,
  found: readonly T[],
  { clock, deadline }: Timing,
): Promise<readonly T[]> => {
  const { duplicates } = spec;
  const startedAt = clock.monotonic();
  let left = found;
  while (duplicates !== undefined && left.some(duplicates.isFresh)) {
    const wait = startedAt + (left.length > 1 ? decidedMs : joinableMs) - clock.monotonic();
    if (wait <= 0 || wait >= deadline.remaining() - reserveMs) break;
    await waitUntilKept(duplicates, left, wait, { clock, deadline });
    const lookup = await spec.find(deadline);
    left = await stillThere(duplicates, [...left, ...("found" in lookup ? lookup.found : [])]);
  }
  return left;
};

// Milliseconds between two questions to other servers, whether they keep what they have made.
const learningMs = 250;

/** Waits, no longer than until other servers have said that they keep all of these. */
const waitUntilKept = async <T>(
  { learn, isFresh }: Duplicates<T>,
  left: readonly T[],
  ms: number,
  { clock, deadline }: Timing,
): Promise<void> => {
  if (learn === undefined) return clock.sleep(ms, deadline.readSignal);
  const endsAt = clock.monotonic() + ms;
  for (let rest = ms; rest > 0 && left.some(isFresh); rest = endsAt - clock.monotonic()) {
    await clock.sleep(Math.min(rest, learningMs), deadline.readSignal);
    await learn();
  }
};

/** The others that stay: all of them if one has a smaller id, else those that do not take themselves back. */
const findStaying = async <T>(name: Name<T>): Promise<readonly T[]> => {
  const { duplicates, own, timing } = name;
  let others = await findOthers(name);
  while (others.length > 0) {
    const isSmallest = others.every((other) => own < duplicates.idOf(other));
    const staying = isSmallest ? await waitForOthers(name, others) : others;
    if (staying.length > 0 || timing.deadline.remaining() < reserveMs) return staying;
    // Of several others, a list that lags may have shown only those that are gone now.
    others = (await listOthers(name)) ?? [];
  }
  return [];
};

/** Whatever else has the name, at once or a second later. A look that fails proves nothing and is repeated. */
const findOthers = async <T>(name: Name<T>): Promise<T[]> => {
  const { clock, deadline } = name.timing;
  let answered = 0;
  for (let look = 0; look < looksTried && answered < looksWanted; look += 1) {
    if (look > 0 && betweenLooksMs >= deadline.remaining()) break;
    if (look > 0) await clock.sleep(betweenLooksMs, deadline.readSignal);
    const others = await listOthers(name);
    if (others !== undefined && others.length > 0) return others;
    if (others !== undefined) answered += 1;
  }
  return [];
};

/** What else is listed with the name, and exists by its own id; undefined if the list was not answered. */
const listOthers = async <T>(name: Name<T>): Promise<T[] | undefined> => {
  const { duplicates, own } = name;
  const listed = await list(name);
  const others = listed?.filter((other) => duplicates.idOf(other) !== own);
  return others && stillThere(duplicates, others);
};

/** What is listed with the name; undefined if the list was not answered. A list that is not permitted has nothing. */
const list = async <T>({ spec, timing }: Name<T>): Promise<T[] | undefined> => {
  const lookup = await spec.find(timing.deadline).catch(failureOf);
  if ("code" in lookup) return undefined;
  return "found" in lookup ? lookup.found : [];
};

/** Those that exist by their own id, as they are now; a list shows what is gone for a while. */
const stillThere = async <T>({ idOf, read }: Duplicates<T>, others: readonly T[]): Promise<T[]> => {
  const byId = new Map(others.map((other) => [idOf(other), other]));
  const now = await Promise.all([...byId.values()].map(read));
  return now.filter((other) => other !== undefined);
};

/** The others that do not take themselves back. */
const waitForOthers = async <T>(
  { duplicates, timing }: Name<T>,
  others: readonly T[],
): Promise<readonly T[]> => {
  let staying = others;
  for (const wait of patienceMs) {
    if (staying.length === 0) break;
    await timing.clock.sleep(wait, timing.deadline.readSignal);
    staying = await stillThere(duplicates, staying);
  }
  return staying;
};

/** What has the name once every server has decided. */
const whatStays = async <T>(name: Name<T>, seen: readonly T[]): Promise<T[]> => {
  const { clock, deadline } = name.timing;
  const wait = Math.min(decidedMs, deadline.remaining() - reserveMs);
  await clock.sleep(Math.max(0, wait), deadline.readSignal);
  return stillThere(name.duplicates, [...seen, ...((await list(name)) ?? [])]);
};
