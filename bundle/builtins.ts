// Leaves no `require` of a package or of Node in the chunks: Node's own modules come from `process.getBuiltinModule` (Node
// 20.16), which is the same for Node. A bundler that makes an ES module of the package has no `require`: esbuild's throws
// "Dynamic require is not supported".
import { isBuiltin } from "node:module";

type Chunk = { type: string; code?: string };

const calls = /(?<![\w$.])require\((["'`])(?!\.)([^"'`]+)\1\)/g;

// Optional parts of the MongoDB driver and of debug, which go on without them, and a module that is younger than the
// oldest Node of this project. Bundlers would warn of the ones, and import the other at the start of the program.
const missing = (name: string): string => `(()=>{throw Error(\`${name} is not bundled\`)})()`;

export const builtins = () => ({
  name: "builtins",
  // After minifying, which renames every variable that is called `process`.
  generateBundle(_options: unknown, bundle: Record<string, Chunk>) {
    for (const chunk of Object.values(bundle))
      if (chunk.code !== undefined)
        chunk.code = chunk.code.replace(calls, (_call, quote, name) =>
          isBuiltin(name) && name !== "node:sqlite"
            ? `process.getBuiltinModule(${quote}${name}${quote})`
            : missing(name),
        );
  },
});
