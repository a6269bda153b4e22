import { describe, expect, it } from "vitest";
import { bundle, programEnv, runCommand } from "../support/bundle.ts";
import { runSuite } from "./suites.ts";
import { node22, node24 } from "./tools.ts";

// The tests start the program with the Node that runs them. The newest release runs more of them: long tables of answers
// are left out of both, whose way through Node these go as well.
const start = ["test/contract/journey", "test/e2e/stdio", "test/e2e/start"];
const contracts = ["cli", "embedded-sandbox", "json-rpc", "password-files", "wire"];
const all = [...start, ...contracts.map((name) => `test/contract/${name}`), "test/e2e/credentials"];

describe.each([
  { release: "22", node: node22, suites: start, least: 30 },
  { release: "24", node: node24, suites: all, least: 300 },
])("under Node $release", ({ release, node, suites, least }) => {
  it("the program says that it runs there", async () => {
    const { code, stdout } = await runCommand(node(), [bundle, "doctor"], programEnv());
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`node +v${release}\\.`));
  });

  it("the tests of the built program pass", { timeout: 600_000 }, async () => {
    const suite = await runSuite(node(), suites);
    console.log(`Node ${release}: ${suite.passed} passed, ${suite.failed.length} failed`);
    expect(suite).toMatchObject({ code: 0, failed: [], skipped: 0 });
    expect(suite.passed).toBeGreaterThan(least);
  });

  it("connections fail as docs/connections.md says", { timeout: 600_000 }, async () => {
    const file = "test/hosts/connections.host.ts";
    const suite = await runSuite(node(), [file], {}, "test/hosts/vitest.config.ts");
    expect(suite).toMatchObject({ code: 0, failed: [], skipped: 0 });
    expect(suite.passed).toBeGreaterThan(30);
  });
});
