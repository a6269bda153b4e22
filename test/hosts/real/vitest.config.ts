import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Every host that runs here. CI drives four of them (test/hosts/vitest.config.ts).
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    include: ["test/hosts/real/**/*.host.ts"],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
