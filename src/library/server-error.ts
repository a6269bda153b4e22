/** The error of a server that the library cannot create, or that is closed. */

/** What went wrong. */
export type ServerErrorCode = "invalid_option" | "invalid_setting" | "closed";

/** Thrown by `createServer` and by `connect`. The message is one sentence, and `code` is for programs. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;
  constructor(code: ServerErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = "ServerError";
    this.code = code;
  }
}
