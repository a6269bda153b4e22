/** What runs: the version of the program and of Node. */
import { version } from "../../common/version.ts";
import type { Check } from "./check.ts";

export const programChecks = (): Check[] => [
  { check: "version", result: "ok", says: version },
  { check: "node", result: "ok", says: `${process.version} (20.19 or later is needed)` },
];
