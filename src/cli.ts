#!/usr/bin/env node
/** The launcher: what has to be set before anything else is loaded, then the program. */
import module from "node:module";
import { setFlagsFromString } from "node:v8";

// Node's compile cache (22.1 and later) does nothing for this file itself, so this file is small and the program is another.
const enableCompileCache: unknown = Reflect.get(module, "enableCompileCache");
if (typeof enableCompileCache === "function") enableCompileCache();
// A server that waits most of its time: a heap that grows slowly costs no speed and keeps 50 MB free under load.
setFlagsFromString("--optimize-for-size");
void import("./main.ts").then(({ main }) => main(process.argv.slice(2)));
