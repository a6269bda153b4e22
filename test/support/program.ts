/**
 * Which program the suites talk to: `npm test` runs its parts in this process, `npm run test:e2e` runs the same suites
 * against the built bundle, in processes of its own.
 */
import { runBundle } from "./bundle.ts";
import { runCommandLine } from "./in-process.ts";

export const isBundle = process.env.TEST_PROGRAM === "bundle";

/** Runs a command to its end: arguments in, exit code and output out. */
export const run = isBundle ? runBundle : runCommandLine;
