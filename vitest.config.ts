import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "**/node_modules/**"],
    globalSetup: "test/output-record.setup.ts",
    setupFiles: "test/support/seed.ts",
    // Modules are loaded once by each worker and not again for each file.
    isolate: false,
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "coverage/vitest.json" }]]
      : ["default"],
  },
});
