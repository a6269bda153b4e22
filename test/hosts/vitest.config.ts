import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Those that measure no times and count no processes: two at once, since each mostly waits for other people's programs. */
const besides = [
  ...["agents", "api-clients", "atlas-go-sdk", "bundlers", "connection-bundle", "curl"],
  ...["ephemeral-app", "evals", "go-agent", "go-mcp", "inspector", "life-cycles", "node-releases"],
  ...["peers", "prism", "python", "python-agents", "python-consent", "recordings"],
  ...["registry-and-bundle", "sdk-clients", "types", "validating"],
].map((name) => `test/hosts/${name}.host.ts`);

const common = {
  root: fileURLToPath(new URL("../..", import.meta.url)),
  env: { TEST_PROGRAM: "bundle" },
  testTimeout: 120_000,
  hookTimeout: 600_000,
};

// Whole suites run as children here, with time for them.
export default defineConfig({
  test: {
    ...common,
    projects: [
      {
        test: {
          ...common,
          name: "two at once",
          include: besides,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "alone",
          include: ["test/hosts/**/*.host.ts"],
          exclude: ["test/hosts/real/all/**", "**/node_modules/**", ...besides],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    reporters: process.env.CI
      ? ["default", ["json", { outputFile: "coverage/hosts.json" }]]
      : ["default"],
  },
});
