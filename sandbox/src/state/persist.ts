/** Saves each change before its response is sent, if the sandbox has a state file. */
import type { StoredCredentials } from "../auth/credentials.ts";
import type { StateFile } from "./file.ts";
import { StateFileError } from "./file-error.ts";
import { resourcesOf, type SandboxState } from "./resources.ts";

/** What is saved, and where. */
export type Persisted = {
  state: SandboxState;
  credentials: StoredCredentials;
  /** Undefined if the state ends with the process. */
  stateFile: StateFile | undefined;
  warn: (problem: string) => void;
};

/** Writes the state to its file, if there is one. */
export const saveState = ({ stateFile, credentials, state }: Persisted): void => {
  const organizations = [...state.organizations];
  const { clockAheadMs } = state;
  stateFile?.save({ credentials, organizations, clockAheadMs, resources: resourcesOf(state) });
};

/** Applies a change and saves it. If it cannot be saved, it is undone and a StateFileError is thrown. */
export const commitChange = <T>(sandbox: Persisted, apply: () => T): T => {
  const { stateFile, state, warn } = sandbox;
  if (stateFile === undefined) return apply();
  const { clockAheadMs } = state;
  const before = structuredClone({ ...resourcesOf(state), clockAheadMs });
  const result = apply();
  try {
    saveState(sandbox);
  } catch (error) {
    Object.assign(state, before);
    if (error instanceof StateFileError) warn(`${error.problem}; nothing was changed`);
    throw error;
  }
  return result;
};
