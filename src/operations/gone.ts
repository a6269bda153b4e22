/** Looks whether a resource is gone. Reads lag behind changes, so one look that finds nothing proves nothing (docs/atlas.md#consistency). */
import { failureOf } from "../common/failure.ts";
import type { Timing } from "./context.ts";
import type { DeleteSpec, Look } from "./delete-spec.ts";
import { atlasCodeOf, type Lookup } from "./lookup.ts";

/** Milliseconds between the looks that must all find nothing once Atlas has accepted the delete, or DELETING was seen. */
export const afterDelete: readonly number[] = [500];

/** The same where nothing else speaks for a delete: a resource that was made a moment ago may not be shown yet. */
export const withoutDelete: readonly number[] = [1000, 1000];

/** Looks up the planned resource once. A failed look-up proves nothing. */
export const look = async <T>(spec: DeleteSpec<T>, { deadline }: Timing): Promise<Look<T>> => {
  const lookup = await spec
    .find(deadline)
    .catch((error): Lookup<T> => ({ notPermitted: failureOf(error) }));
  if ("notPermitted" in lookup) {
    const failed = lookup.notPermitted;
    const isGone = [...spec.absent, ...spec.vanished].includes(atlasCodeOf(failed));
    return isGone ? "gone" : { failed };
  }
  const ours = lookup.found.find((resource) => spec.idOf(resource) === spec.id);
  return ours === undefined ? "gone" : { found: ours };
};

/** Looks up the planned resource; where nothing is found, again after each of these waits. Undefined if time is up before. */
export const lookSeveralTimes = async <T>(
  spec: DeleteSpec<T>,
  waits: readonly number[],
  timing: Timing,
): Promise<Look<T> | undefined> =>
  lookAgain(await look(spec, timing), () => look(spec, timing), waits, timing);

/** Looks again after each of these waits, as long as nothing is found. Returns the last look; undefined if time is up before. */
export const lookAgain = async <T>(
  first: Look<T>,
  again: () => Promise<Look<T>>,
  waits: readonly number[],
  { clock, deadline }: Timing,
): Promise<Look<T> | undefined> => {
  let last = first;
  for (const wait of waits) {
    if (last !== "gone") break;
    if (wait >= deadline.remaining() || deadline.readSignal.aborted) return undefined;
    await clock.sleep(wait, deadline.readSignal);
    last = await again();
  }
  return last;
};
