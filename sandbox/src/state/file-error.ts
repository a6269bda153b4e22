/** The errors of a state file. */
import { SandboxError } from "../error.ts";

/** The process that has a state file, and the address of its sandbox. */
export type Holder = { pid: number; url: string };

type StateFileErrorCode = "state_file_in_use" | "state_file_damaged" | "state_file_unusable";

/** Thrown if a state file cannot be used. A sandbox does not start with such a file. */
export class StateFileError extends SandboxError {
  /** The message as a clause, for a longer sentence. */
  readonly problem: string;
  constructor(path: string, problem: string, code: StateFileErrorCode = "state_file_unusable") {
    super(code, `The state file ${path} ${problem}.`);
    this.problem = `the state file ${path} ${problem}`;
  }
}

/** The system's code of an error, such as ENOSPC. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
