import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";
import { evaluate } from "./bundle/evaluate.ts";
import { notices } from "./bundle/notices.ts";
import { shake } from "./bundle/shake.ts";

// One package with nothing to install: whatever runs is bundled, and what start-up does not need
// (undici, hono, pino, the sandbox) stays in chunks of its own, loaded by the first call that needs them.
export default defineConfig({
  entry: { cli: "src/cli/bin.ts", index: "src/index.ts" },
  format: "cjs",
  platform: "node",
  target: "node20.19",
  minify: true,
  plugins: [notices(), shake(), evaluate()],
  // The types of the sandbox come from a workspace, which TypeScript emits only if it has read all files before.
  dts: { entry: "src/index.ts", eager: true },
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  alias: {
    // Its other face loads its parts in a way that no bundler follows.
    "jsonc-parser": fileURLToPath(
      new URL("node_modules/jsonc-parser/lib/esm/main.js", import.meta.url),
    ),
    "@modelcontextprotocol/server/_shims": fileURLToPath(
      new URL("bundle/shims/mcp-platform.ts", import.meta.url),
    ),
    "@opentelemetry/api": fileURLToPath(new URL("bundle/shims/opentelemetry.ts", import.meta.url)),
  },
  // The SDK does not say so itself; without it stdio would load what only HTTP uses.
  outputOptions: {
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: "mcp-http", test: /@modelcontextprotocol.server.dist.index/ }],
    },
  },
  treeshake: {
    moduleSideEffects: [{ test: /@modelcontextprotocol.server.dist/, sideEffects: false }],
  },
});
