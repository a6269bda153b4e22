import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Whole suites run as children here: one file at a time, with time for them.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/hosts/**/*.host.ts"],
    exclude: ["test/hosts/real/all/**", "**/node_modules/**"],
    env: { TEST_PROGRAM: "bundle" },
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 600_000,
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "coverage/hosts.json" }]]
      : ["default"],
  },
});
