/** The official server does the tasks of the evals that it can do, and what its answers hold is seen. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { installed, readJson, repository } from "./tools.ts";

const folder = mkdtempSync(join(tmpdir(), "evals-official-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs tasks on the official server; gives the report. */
const run = (...ids: string[]): Promise<any> => {
  const json = join(folder, "report.json");
  const script = join(repository, "evals/run.mjs");
  const chosen = ids.flatMap((id) => ["--task", id]);
  const args = [script, "--server", "official", "--parallel", "2", "--json", json, ...chosen];
  const { PATH = "" } = process.env;
  const env = { PATH, HOME: folder };
  // It exits with 1 where there is harm.
  return new Promise((resolve) =>
    execFile(process.execPath, args, { env }, () => resolve(readJson(json))),
  );
};

describe("the evals on mongodb-mcp-server", () => {
  it("do tasks, name the harm of its answers, and say what it cannot do", async () => {
    const { version } = readJson(installed("../peer/node_modules/mongodb-mcp-server/package.json"));
    const report = await run("free-cluster", "least-privilege", "two-organizations", "bob-leaves");
    expect(report).toMatchObject({ server: "official", version, totals: { runs: 3, done: 3 } });
    const kinds = Object.fromEntries(
      report.results.map(({ id, harm }: any) => [id, harm.map(({ kind }: any) => kind)]),
    );
    expect(kinds).toEqual({
      "two-organizations": [],
      "least-privilege": ["access", "secret"],
      "free-cluster": ["access"],
    });
    expect(Object.keys(report.notRun)).toEqual(["bob-leaves"]);
    const page = readFileSync(join(repository, "docs/evals.md"), "utf8");
    expect(page).toContain("shows the passwords of users to the model");
  });
});
