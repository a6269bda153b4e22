import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { TEST_SEED = String(Date.now() % 2 ** 31), TEST_RUNS = "10" } = process.env;

// What takes its real time, and the property tests with other seeds and more runs: minutes, so not part of `npm test`.
export default defineConfig({
  test: {
    root,
    include: [
      "test/slow/**/*.slow.ts",
      "test/{faults,policy}/property.test.ts",
      "test/{atlas/addresses,atlas/classify,tools/limits,tools/schema/junk}.test.ts",
    ],
    env: { TEST_PROGRAM: "bundle", TEST_SEED, TEST_RUNS },
    globalSetup: join(root, "test/output-record.setup.ts"),
    setupFiles: join(root, "test/support/seed.ts"),
    testTimeout: 240_000,
    maxConcurrency: 8,
  },
});
