#!/usr/bin/env node
/** The launcher: turns on Node's compile cache where there is one (22.1 and later), then loads the program. */
import module from "node:module";

// Does nothing for this file itself, so this file is small and the program is another.
const enableCompileCache: unknown = Reflect.get(module, "enableCompileCache");
if (typeof enableCompileCache === "function") enableCompileCache();
void import("./main.ts").then(({ main }) => main(process.argv.slice(2)));
