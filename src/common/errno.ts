/** The system's code of an error, such as ENOENT or EADDRINUSE; undefined where it has none. */
export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;
