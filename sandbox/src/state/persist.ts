import type { SandboxContext } from "../context.ts";
import { StateFileError } from "./file-error.ts";
import { resourcesOf } from "./resources.ts";

/** Writes the state of a twin to its file, if it has one. */
export const saveState = ({ stateFile, credentials, state }: SandboxContext): void => {
  const organizations = [...state.organizations];
  stateFile?.save({ credentials, organizations, resources: resourcesOf(state) });
};

/**
 * Does what changes the world, and keeps the change before anybody hears of it. Where it cannot be kept it
 * is undone, and a StateFileError tells the caller.
 */
export const commitChange = <T>(sandbox: SandboxContext, respond: () => T): T => {
  const { stateFile, state, warn } = sandbox;
  if (stateFile === undefined) return respond();
  const before = structuredClone(resourcesOf(state));
  const result = respond();
  try {
    saveState(sandbox);
  } catch (error) {
    Object.assign(state, before);
    if (error instanceof StateFileError) warn(`${error.message}; nothing was changed`);
    throw error;
  }
  return result;
};
