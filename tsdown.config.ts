import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";
import { builtins } from "./bundle/builtins.ts";
import { esm } from "./bundle/esm.ts";
import { evaluate } from "./bundle/evaluate.ts";
import { notices } from "./bundle/notices.ts";
import { shake } from "./bundle/shake.ts";

// The package has no dependencies to install: the bundle holds everything that runs. Dynamic imports keep what a start
// does not need (undici, hono, pino, mongodb, the sandbox) in separate chunks. bundle/README.md says what each trick buys.
export default defineConfig({
  entry: { cli: "src/cli/bin.ts", index: "src/index.ts" },
  format: "cjs",
  platform: "node",
  target: "node20.19",
  minify: true,
  plugins: [notices(), shake(), evaluate(), builtins(), esm()],
  // The types of the sandbox come from a workspace, which TypeScript emits only if it has read all files before.
  dts: { entry: "src/index.ts", eager: true },
  // A sandbox can be had with `await using`, whose types are in no library of TypeScript's but this one.
  banner: { dts: '/// <reference lib="esnext.disposable" />' },
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  alias: {
    // Its CommonJS build is UMD, whose `require` no bundler follows.
    "jsonc-parser": fileURLToPath(
      new URL("node_modules/jsonc-parser/lib/esm/main.js", import.meta.url),
    ),
    "@modelcontextprotocol/server/_shims": fileURLToPath(
      new URL("bundle/shims/mcp-platform.ts", import.meta.url),
    ),
    "whatwg-url": fileURLToPath(new URL("bundle/shims/whatwg-url.ts", import.meta.url)),
    "@opentelemetry/api": fileURLToPath(new URL("bundle/shims/opentelemetry.ts", import.meta.url)),
  },
});
