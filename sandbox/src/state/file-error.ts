/** The errors of a state file. */
/** The process that has a state file, and the address of its sandbox. */
export type Holder = { pid: number; url: string };

/** Thrown if a state file cannot be used; the message is one clause. A sandbox does not start with such a file. */
export class StateFileError extends Error {
  /** Why, if another sandbox has the file. */
  readonly reason: "in_use" | undefined;
  constructor(path: string, problem: string, reason?: "in_use") {
    super(`the state file ${path} ${problem}`);
    this.name = "StateFileError";
    this.reason = reason;
  }
}

/** The system's code of an error, such as ENOSPC. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
