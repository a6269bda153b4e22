/** Runs tests of the repository as a child process, under any Node and any environment. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../support/bundle.ts";
import { readJson, repository } from "./tools.ts";

export type Suite = { code: number | null; passed: number; failed: string[]; skipped: number };

/** The tests of the built program, or those of another configuration; `paths` are filters as vitest takes them, `!path` leaves one out. */
export const runSuite = async (
  node: string,
  paths: string[],
  env: Record<string, string> = {},
  config = "test/e2e/vitest.config.ts",
): Promise<Suite> => {
  const folder = mkdtempSync(join(tmpdir(), "suite-"));
  try {
    const report = join(folder, "report.json");
    const vitest = join(repository, "node_modules/vitest/vitest.mjs");
    const filters = paths.flatMap((path) =>
      path.startsWith("!") ? ["--exclude", path.slice(1)] : [path],
    );
    const args = [
      "run",
      ...filters,
      "--config",
      join(repository, config),
      "--reporter=json",
      "--outputFile",
      report,
    ];
    const { PATH = "", HOME = "" } = process.env;
    const all = { PATH, HOME, ...env };
    const { code, stderr } = await runCommand(node, [vitest, ...args], all, 590_000);
    if (stderr !== "") console.log(stderr);
    const { numPassedTests, numPendingTests, testResults } = readJson(report);
    const failed = testResults.flatMap((file: any) => [
      ...(file.status === "failed" && file.assertionResults.length === 0 ? [file.name] : []),
      ...file.assertionResults
        .filter((one: any) => one.status === "failed")
        .map((one: any) => `${one.fullName}: ${String(one.failureMessages[0]).split("\n")[0]}`),
    ]);
    return { code, passed: numPassedTests, failed, skipped: numPendingTests };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
