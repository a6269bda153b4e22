#!/usr/bin/env node
/** The launcher: what has to be set before anything else is loaded, then the program. */
import module from "node:module";

const args = process.argv.slice(2);
const servesStdio = args[0]?.startsWith("-") ?? true;

// Node's compile cache (22.1 and later) does nothing for this file itself, so this file is small and the program is another.
const enableCompileCache: unknown = Reflect.get(module, "enableCompileCache");
if (typeof enableCompileCache === "function") enableCompileCache();
// zod would compile a parser for each schema that is used once (https://github.com/colinhacks/zod/pull/5889): a tenth of a start.
Reflect.set(globalThis, "__zod_globalConfig", { jitless: true });

/** A server that waits most of its time: a heap that grows slowly costs little speed and keeps 50 MB free under load. */
const saveMemory = async () => {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--optimize-for-size");
  // One caller over stdio gains little from a young generation that grows and shrinks by 30 MB; many over HTTP do.
  if (servesStdio) setFlagsFromString("--semi-space-growth-factor=1");
};

// Not before the start is over, which would take a twelfth longer.
setTimeout(saveMemory, 1000).unref();
void import("./main.ts").then(({ main }) => main(args));
