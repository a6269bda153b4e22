import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Whether a suite talks to the program: `npm test` runs it in process, and this run against the bundle. */
const talks = (file: string): boolean =>
  /^test\/(contract|e2e)\//.test(file) ||
  /support\/(clients|journey|program|raw)\.ts"|\bserveHttp\b/.test(
    readFileSync(join(root, file), "utf8"),
  );

/** Long tables of answers and waits, which `npm test` holds: others like them go the same way through the bundle. */
const inProcess = [
  ...["delete-cluster", "delete-entry", "delete-project", "delete-user", "error-table", "lease"],
  ...["limits", "missing", "name-conflict", "rotate-password", "snapshots", "update-cluster"],
  ...["update-user", "young-resources"],
].map((name) => `test/contract/${name}.test.ts`);

const suites = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .map((name) => `test/${name}`)
  .filter((name) => name.endsWith(".test.ts") && !name.startsWith("test/hosts"))
  .filter((file) => talks(file) && !inProcess.includes(file));

// The built program, as processes of its own.
export default defineConfig({
  test: {
    root,
    include: suites,
    env: { TEST_PROGRAM: "bundle" },
    globalSetup: join(root, "test/output-record.setup.ts"),
    setupFiles: join(root, "test/support/seed.ts"),
    isolate: false,
    pool: "threads",
    maxWorkers: 2,
    // Each has a process of its own: more of them at once are late.
    maxConcurrency: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "coverage/e2e.json" }]]
      : ["default"],
  },
});
