/** The error of a sandbox that cannot start, or cannot do what a method was asked for. */
import { inspect } from "node:util";

/** What went wrong. */
export type SandboxErrorCode =
  | "invalid_option"
  | "invalid_fault"
  | "invalid_argument"
  | "port_in_use"
  | "cannot_listen"
  | "state_file_in_use"
  | "state_file_damaged"
  | "state_file_unusable"
  | "closed";

/** Thrown by `createSandbox` and by the methods of a sandbox. The message is one sentence, and `code` is for programs. */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode;
  constructor(code: SandboxErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = "SandboxError";
    this.code = code;
  }
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** A value of a caller, for a message. */
export const shown = (value: unknown): string => inspect(value, { depth: 0, maxStringLength: 60 });
