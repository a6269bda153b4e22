/** The errors of a state file. */
/** Thrown if a state file cannot be used; the message is one clause. A sandbox does not start with such a file. */
export class StateFileError extends Error {
  constructor(path: string, problem: string) {
    super(`the state file ${path} ${problem}`);
    this.name = "StateFileError";
  }
}

/** The system's code of an error, such as ENOSPC. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
