#!/usr/bin/env node
/** The launcher: what has to be set before anything else is loaded, then the program. */
import module from "node:module";

// Node's compile cache (22.1 and later) does nothing for this file itself, so this file is small and the program is another.
const enableCompileCache: unknown = Reflect.get(module, "enableCompileCache");
if (typeof enableCompileCache === "function") enableCompileCache();
// zod would compile a parser for each schema that is used once (https://github.com/colinhacks/zod/pull/5889): a tenth of a start.
Reflect.set(globalThis, "__zod_globalConfig", { jitless: true });
void import("./main.ts").then(({ main }) => main(process.argv.slice(2)));
