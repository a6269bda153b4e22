import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "**/node_modules/**"],
    globalSetup: "test/output-record.setup.ts",
    pool: "threads",
    // Modules are loaded once for a worker and not for each file: what they hold is constant.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "coverage/vitest.json" }]]
      : ["default"],
  },
});
