import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// The tests that are about the mutated files and run in this process: the bundle has no mutants. Those of other files,
// and those of test/faults, would run for nearly every mutant too, for five times as long and hardly a kill more.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: [
      "test/common/failure.test.ts",
      "test/atlas/*.test.ts",
      "test/atlas/{auth,resources}/*.test.ts",
      "test/operations/*.test.ts",
    ],
    setupFiles: "test/support/seed.ts",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
