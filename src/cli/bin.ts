#!/usr/bin/env node
/** Sets what has to be set before anything else is loaded, then loads and runs the program. */
import module from "node:module";
import { takeUncaught } from "../common/guard.ts";
import { problemOf, sayProblem } from "./problem.ts";

// Node's compile cache (22.1 and later) does not cover this file itself, so the program is in another one.
const enableCompileCache: unknown = Reflect.get(module, "enableCompileCache");
if (typeof enableCompileCache === "function") enableCompileCache();
// Without this, zod compiles a parser for each schema it uses, a tenth of the start (https://github.com/colinhacks/zod/pull/5889).
Reflect.set(globalThis, "__zod_globalConfig", { jitless: true });
// An error that nobody waits for, such as one in a timer while the server runs.
process.on("uncaughtException", (error) => {
  if (takeUncaught(error)) return;
  const { text, code } = problemOf(error, false);
  sayProblem(text);
  process.exit(code);
});
void import("./main.ts").then(({ main }) => main(process.argv.slice(2)));
