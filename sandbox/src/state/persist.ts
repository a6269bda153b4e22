import type { Twin } from "../context.ts";
import { StateFileError } from "./file-error.ts";
import { resourcesOf } from "./resources.ts";

/** Writes the state of a twin to its file, if it has one. */
export const keep = ({ store, credentials, world }: Twin): void => {
  const organizations = [...world.organizations];
  store?.save({ credentials, organizations, resources: resourcesOf(world) });
};

/**
 * Does what changes the world, and keeps the change before anybody hears of it. Where it cannot be kept it
 * is undone, and a StateFileError tells the caller.
 */
export const durably = <T>(twin: Twin, act: () => T): T => {
  const { store, world, warn } = twin;
  if (store === undefined) return act();
  const before = structuredClone(resourcesOf(world));
  const result = act();
  try {
    keep(twin);
  } catch (error) {
    Object.assign(world, before);
    if (error instanceof StateFileError) warn(`${error.message}; nothing was changed`);
    throw error;
  }
  return result;
};
