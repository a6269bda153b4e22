import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// What takes its real time: minutes, so it is not part of `npm test`.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/slow/**/*.slow.ts"],
    testTimeout: 240_000,
    maxConcurrency: 6,
  },
});
