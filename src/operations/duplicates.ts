/**
 * Keeps one of several resources that servers have created with one name at the same time, where Atlas does not keep the
 * name unique (docs/architecture.md#two-of-one-name).
 */
import { type Failure, failure, failureOf } from "../common/failure.ts";
import type { Timing } from "./context.ts";
import type { CreateSpec, Duplicates } from "./create-spec.ts";

// Milliseconds before each look for others: a list may show them late (docs/atlas.md#consistency).
const looks: readonly number[] = [0, 1000];

// Milliseconds that the smallest id gives the others to take themselves back, before it does so too.
const patience: readonly number[] = [2000, 1000];

// Milliseconds after which every server has decided, so that what is there then stays.
const settled = 8000;

// Milliseconds after which nobody creates another one any more who looked before this one was there.
const joinable = 4000;

const notGone = failure("unavailable", "It is still there after its deletion.");

// Milliseconds of the deadline that the last wait leaves for the last look.
const reserve = 3000;

/** What is left of a resource that was just created: itself, or what is there in its place. */
export type Kept<T> =
  | { kept: T }
  | { undone: string; others: T[] }
  | { leftOver: string; others: readonly T[]; failed: Failure };

/** Takes the created resource back if others have its name: at once if another has a smaller id, else if they stay. */
export const keepOne = async <T>(
  spec: CreateSpec<T>,
  duplicates: Duplicates<T>,
  made: T,
  timing: Timing,
): Promise<Kept<T>> => {
  const own = duplicates.idOf(made);
  const staying = await findStaying(spec, duplicates, own, timing);
  if (staying.length === 0) return { kept: made };
  const failed = await duplicates.takeBack(made).then(() => undefined, failureOf);
  const stayed = await whatStays(spec, duplicates, [made, ...staying], timing);
  const left = stayed.filter((other) => duplicates.idOf(other) !== own);
  if (left.length === stayed.length) return { undone: own, others: left };
  // Atlas refused to delete it, but the others have gone meanwhile.
  if (left.length === 0 && failed !== undefined && failed.outcome !== "unknown")
    return { kept: made };
  return { leftOver: own, others: left, failed: failed ?? notGone };
};

/** What has the name, once no other server takes it back any more. */
export const settle = async <T>(
  spec: CreateSpec<T>,
  found: readonly T[],
  timing: Timing,
): Promise<readonly T[]> => {
  const { clock, deadline } = timing;
  const { duplicates } = spec;
  const startedAt = clock.monotonic();
  let left = found;
  while (duplicates !== undefined && left.some(duplicates.isFresh)) {
    const wait = startedAt + (left.length > 1 ? settled : joinable) - clock.monotonic();
    if (wait <= 0 || wait >= deadline.remaining() - reserve) break;
    await clock.sleep(wait, deadline.readSignal);
    left = await lookAgain(spec, duplicates, left, timing);
  }
  return left;
};

/** The others that stay: all of them if one has a smaller id, else those that do not take themselves back. */
const findStaying = async <T>(
  spec: CreateSpec<T>,
  duplicates: Duplicates<T>,
  own: string,
  timing: Timing,
): Promise<readonly T[]> => {
  let others = await findOthers(spec, duplicates, own, timing);
  while (others.length > 0) {
    const isSmallest = others.every((other) => own < duplicates.idOf(other));
    const staying = isSmallest ? await waitForOthers(duplicates, others, timing) : others;
    if (staying.length > 0 || timing.deadline.remaining() < reserve) return staying;
    // Of several others, a list that lags may have shown only those that are gone now.
    others = await listOthers(spec, duplicates, own, timing);
  }
  return [];
};

/** Whatever else has the name. Looks that fail prove nothing and are skipped. */
const findOthers = async <T>(
  spec: CreateSpec<T>,
  duplicates: Duplicates<T>,
  own: string,
  timing: Timing,
): Promise<T[]> => {
  for (const wait of looks) {
    if (wait >= timing.deadline.remaining()) break;
    if (wait > 0) await timing.clock.sleep(wait, timing.deadline.readSignal);
    const others = await listOthers(spec, duplicates, own, timing);
    if (others.length > 0) return others;
  }
  return [];
};

/** What else is listed with the name, and exists by its own id. */
const listOthers = async <T>(
  spec: CreateSpec<T>,
  duplicates: Duplicates<T>,
  own: string,
  timing: Timing,
): Promise<T[]> => {
  const listed = await list(spec, timing);
  return stillThere(
    duplicates,
    listed.filter((other) => duplicates.idOf(other) !== own),
  );
};

const list = async <T>(spec: CreateSpec<T>, { deadline }: Timing): Promise<T[]> => {
  const lookup = await spec.find(deadline).catch(failureOf);
  return "found" in lookup ? lookup.found : [];
};

/** Those that exist by their own id, as they are now; a list shows what is gone for a while. */
const stillThere = async <T>({ read }: Duplicates<T>, others: readonly T[]): Promise<T[]> => {
  const now = await Promise.all(others.map(read));
  return now.filter((other) => other !== undefined);
};

/** The others that do not take themselves back. */
const waitForOthers = async <T>(
  duplicates: Duplicates<T>,
  others: readonly T[],
  { clock, deadline }: Timing,
): Promise<readonly T[]> => {
  let staying = others;
  for (const wait of patience) {
    if (staying.length === 0) break;
    await clock.sleep(wait, deadline.readSignal);
    staying = await stillThere(duplicates, staying);
  }
  return staying;
};

/** What has the name once every server has decided. */
const whatStays = async <T>(
  spec: CreateSpec<T>,
  duplicates: Duplicates<T>,
  seen: readonly T[],
  timing: Timing,
): Promise<T[]> => {
  const { clock, deadline } = timing;
  await clock.sleep(
    Math.max(0, Math.min(settled, deadline.remaining() - reserve)),
    deadline.readSignal,
  );
  return lookAgain(spec, duplicates, seen, timing);
};

/** Those that were seen and those that are listed now, if they exist by their own id. */
const lookAgain = async <T>(
  spec: CreateSpec<T>,
  duplicates: Duplicates<T>,
  seen: readonly T[],
  timing: Timing,
): Promise<T[]> => {
  const listed = await list(spec, timing);
  const all = new Map([...seen, ...listed].map((other) => [duplicates.idOf(other), other]));
  return stillThere(duplicates, [...all.values()]);
};
