/** Finds what a delete is bound to, when it is planned. */
import { type Failure, failure, failureOf, raise } from "../common/failure.ts";
import type { Timing } from "./context.ts";
import type { DeleteSpec, DeleteTarget } from "./delete-spec.ts";
import { withoutDelete } from "./gone.ts";
import type { Lookup } from "./lookup.ts";

/** Throws a failure that has changed nothing. */
export const notDeleted = (cause: Failure): never => raise({ ...cause, outcome: "not_deleted" });

/** Looks until the resource is found; several times, since one look may miss what was made a moment ago. */
const lookRepeatedly = async <T>(
  find: () => Promise<Lookup<T>>,
  { clock, deadline }: Timing,
): Promise<Lookup<T>> => {
  let lookup = await find();
  for (const wait of withoutDelete) {
    if ("notPermitted" in lookup || lookup.found.length > 0) return lookup;
    await clock.sleep(wait, deadline.readSignal);
    lookup = await find();
  }
  return lookup;
};

/** Looks up the resource that a planned delete is about. */
export const findDeleteTarget = async <T>(
  { noun, idOf }: Pick<DeleteSpec<T>, "noun" | "idOf">,
  find: () => Promise<Lookup<T>>,
  timing: Timing,
): Promise<DeleteTarget<T>> => {
  const lookup = await lookRepeatedly(find, timing).catch((error: unknown) =>
    notDeleted(failureOf(error)),
  );
  if ("notPermitted" in lookup) return notDeleted(lookup.notPermitted);
  const [resource] = lookup.found;
  if (resource === undefined) return { absent: true };
  const id = idOf(resource);
  if (id !== undefined) return { id, resource };
  const message = `Atlas did not return the id of ${noun}, so this server cannot make sure that it deletes the right one. Nothing was sent.`;
  return notDeleted(failure("unavailable", message, { retry: "same_arguments" }));
};
