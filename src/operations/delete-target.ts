/** Finds what a delete is bound to, when it is planned. */
import { type Failure, failure, failureOf, raise } from "../common/failure.ts";
import type { DeleteTarget } from "./delete-spec.ts";
import type { Lookup } from "./lookup.ts";

/** Throws a failure that has changed nothing. */
export const notDeleted = (cause: Failure): never => raise({ ...cause, outcome: "not_deleted" });

/** Looks up the resource that a planned delete is about. */
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
  const message = `Atlas did not return the id of ${noun}, so this server cannot make sure that it deletes the right one. Nothing was sent.`;
  return notDeleted(failure("unavailable", message, { retry: "same_arguments" }));
};
