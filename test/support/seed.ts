/** The random values of the tests: the same in each run of the gate; others, and more, in `npm run test:slow`. */
import fc from "fast-check";

export const seed = Number(process.env.TEST_SEED ?? 1);

/** How often to try, where the gate tries so often. */
export const runs = (gate: number): number => gate * Number(process.env.TEST_RUNS ?? 1);

// A test that fails prints its seed.
fc.configureGlobal({ seed, numRuns: runs(100) });
