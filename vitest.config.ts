import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/witness.setup.ts",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Most of the time is spent waiting for child processes, so two cores carry two workers.
    maxWorkers: 2,
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "coverage/vitest.json" }]]
      : ["default"],
  },
});
