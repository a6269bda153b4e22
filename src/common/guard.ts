/**
 * Errors that a library throws in a callback, where no promise of ours is: they reach the work that the callback belongs to
 * instead of ending the process. The program's own handler asks here first (`cli/bin.ts`).
 */
import { AsyncLocalStorage } from "node:async_hooks";

const guards = new AsyncLocalStorage<(error: unknown) => void>();

/** Settles as the work does, or rejects with what is thrown in a callback that it has started. */
export const guarded = <T>(work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    guards.run(reject, () => void work().then(resolve, reject));
  });

/** Gives an uncaught error to the work that it belongs to. False if it belongs to none. */
export const takeUncaught = (error: unknown): boolean => {
  const reject = guards.getStore();
  reject?.(error);
  return reject !== undefined;
};
