/** Resolves when the process is asked to end, by SIGTERM or SIGINT. */
export const endSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
