/** A state file that cannot be used, in one sentence; a sandbox that meets one does not start. */
export class StateFileError extends Error {
  constructor(path: string, problem: string) {
    super(`the state file ${path} ${problem}`);
    this.name = "StateFileError";
  }
}

/** The system's word for what went wrong, such as ENOSPC. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
