/** Waiting without sleeping for a fixed time: a condition is asked again until it holds or the bound is over. */

/** Asks every few milliseconds until the condition gives something truthy; throws when `boundMs` is over. */
export const until = async <T>(
  condition: () => T | Promise<T>,
  what: string,
  boundMs = 5000,
): Promise<NonNullable<T>> => {
  const endsAt = performance.now() + boundMs;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (performance.now() > endsAt) throw new Error(`Not within ${boundMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** The same promise, or an error when it takes longer than the bound. */
export const within = <T>(boundMs: number, promise: Promise<T>, what: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not within ${boundMs} ms: ${what}`)), boundMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};
