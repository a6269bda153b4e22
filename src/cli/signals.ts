/** Resolves when the process is asked to end, by SIGTERM or SIGINT. */
export const endSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });

/** Does work with a signal that aborts when the process is asked to end; a second time ends it at once. */
export const untilAskedToEnd = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const asked = new AbortController();
  const stop = () => asked.abort();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
  return work(asked.signal).finally(() => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.off(signal, stop);
  });
};
