import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { settings } from "../../src/config/settings.ts";
import { programEnv, runBundle } from "../support/bundle.ts";
import { somebodyElse } from "../support/leased.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const read = (name: string) => parse(readFileSync(`${examples}${name}`, "utf8"));

const known = new Set(
  settings.flatMap(({ env, file }) => [...env, ...(file ? env.map((one) => `${one}_FILE`) : [])]),
);
const unknownIn = (names: string[]) =>
  names.filter((name) => /^(ATLAS|MONGODB_ATLAS)_/.test(name) && !known.has(name));

let folder: string;
let sandbox: LiveSandbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sweep-examples-"));
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const makeLeased = async () => {
  await sandbox.reset();
  const { leasedProject, leasedCluster } = somebodyElse(sandbox);
  await leasedCluster(await leasedProject("over", -1), "orders", -1);
  await leasedProject("wanted", 5);
};

const names = async () => (await sandbox.state()).projects.map(({ name }) => name);

describe("the CronJob", () => {
  const job = read("sweep-cronjob.yaml").spec.jobTemplate.spec;
  const { spec: pod } = job.template;
  const [container] = pod.containers;
  type Variable = { name: string; value: string };

  it("sweeps with its own command and variables", async () => {
    await makeLeased();
    writeFileSync(join(folder, "client-id"), `${sandbox.clientId}\n`);
    writeFileSync(join(folder, "client-secret"), `${sandbox.clientSecret}\n`);
    const env = Object.fromEntries(
      container.env.map(({ name, value }: Variable) => [
        name,
        value.replace("/etc/atlas-provision-mcp", folder),
      ]),
    );
    const [, , ...args] = container.command;
    const { code, stdout } = await runBundle(args, {
      ...env,
      MONGODB_ATLAS_BASE_URL: sandbox.url,
    });
    expect([code, await names()]).toEqual([0, ["wanted"]]);
    expect(stdout).toContain("Nothing that is over remains.");
  });

  it("sets no variable that the program does not know", () => {
    expect(unknownIn(container.env.map(({ name }: Variable) => name))).toEqual([]);
  });

  it("has time for its wait, and does not repeat what a repeat cannot change", () => {
    const wait = Number(container.command.at(-1));
    expect(job.activeDeadlineSeconds).toBeGreaterThan(wait);
    expect(pod.restartPolicy).toBe("Never");
    const [{ onExitCodes }] = job.podFailurePolicy.rules;
    expect(onExitCodes).toEqual({ containerName: container.name, operator: "In", values: [2, 3] });
  });
});

describe("the GitHub workflow", () => {
  const workflow = read("github-actions.yml");
  type Step = {
    name?: string;
    run?: string;
    uses?: string;
    with?: { path?: string };
    env?: Record<string, string>;
    "working-directory"?: string;
  };
  const stepsOf = (job: string): Step[] => workflow.jobs[job].steps;

  it("sweeps with the command of its job", async () => {
    await makeLeased();
    const line = stepsOf("sweep").at(-1)?.run ?? "";
    const [node, file, ...args] = line.split(" ");
    expect([node, file]).toEqual(["node", "dist/cli.cjs"]);
    const { code } = await runBundle(args, {
      ...sandbox.env,
      ATLAS_MCP_BACKEND: workflow.env.ATLAS_MCP_BACKEND,
      MONGODB_ATLAS_ORG_ID: sandbox.orgId,
    });
    expect([code, await names()]).toEqual([0, ["wanted"]]);
  });

  it("runs each step where its project is checked out", () => {
    const steps = Object.keys(workflow.jobs).flatMap(stepsOf);
    const folders = new Set(
      steps.flatMap(({ uses, with: { path } = {} }) =>
        uses?.startsWith("actions/checkout@") ? [path] : [],
      ),
    );
    expect(folders).toEqual(new Set(["app", "atlas-provision-mcp"]));
    for (const step of steps)
      if (step.run !== undefined) expect(folders).toContain(step["working-directory"]);
  });

  it("ends the step where the file has no address of a database", () => {
    const script = stepsOf("test").find(({ name }) => name !== undefined)?.run ?? "";
    const from = script.slice(script.indexOf("uri=$("));
    writeFileSync(join(folder, "none.env"), "MONGODB_USERNAME='app'\n");
    const added = join(folder, "github-env");
    writeFileSync(added, "");
    const env = { PATH: process.env.PATH, file: join(folder, "none.env"), GITHUB_ENV: added };
    const { status, stderr } = spawnSync("sh", ["-e", "-c", from], { encoding: "utf8", env });
    expect([status, stderr, readFileSync(added, "utf8")]).toEqual([
      1,
      expect.stringMatching(/^there is no MONGODB_URI in /),
      "",
    ]);
  });

  it("sets no variable that the program does not know", () => {
    const all = Object.keys(workflow.jobs).flatMap(stepsOf);
    const variables = [workflow.env, ...all.map(({ env = {} }) => env)].flatMap(Object.keys);
    expect(unknownIn(variables)).toEqual([]);
  });

  it("runs one job for pull requests and the other at night", () => {
    expect(workflow.on.schedule).toEqual([{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }]);
    expect(workflow.jobs.test.if).toContain("== 'pull_request'");
    expect(workflow.jobs.sweep.if).toContain("!= 'pull_request'");
  });

  it("takes the address of the database out of the file as it is written", () => {
    const script = stepsOf("test").find(({ name }) => name !== undefined)?.run ?? "";
    const sed = /uri=\$\((sed .*) "\$file"\)/.exec(script)?.[1] ?? "";
    const file = join(folder, "user.env");
    const uri = "mongodb+srv://app:abc@tests.x1y2z.mongodb.invalid/?authSource=admin";
    writeFileSync(file, `# A comment\nMONGODB_USERNAME='app'\nMONGODB_URI='${uri}'\n`);
    const { stdout } = spawnSync("sh", ["-c", `${sed} "${file}"`], { encoding: "utf8" });
    expect(stdout).toBe(`${uri}\n`);
  });
});

describe("the script for a pull request", () => {
  type Step = { env?: Record<string, string> };
  const steps: Step[] = read("github-actions.yml").jobs.test.steps;
  const runScript = (...args: string[]): Promise<{ code: number | null; stdout: string }> =>
    new Promise((resolve) => {
      const { env: set = {} } = steps.find(({ env }) => env?.ATLAS_MCP_CONFIRM !== undefined) ?? {};
      const files = { ATLAS_MCP_CREDENTIALS_DIR: join(folder, "files") };
      const env = programEnv({ ...sandbox.env, ...set, ...files });
      const child = spawn(process.execPath, [`${examples}pull-request.mjs`, ...args], { env });
      let stdout = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.once("close", (code) => resolve({ code, stdout }));
    });

  it("makes a database that is swept after its hours, and keeps it longer at the next push", async () => {
    await sandbox.reset();
    const datesOf = async () => {
      const { projects, clusters } = await sandbox.state();
      return [...projects, ...clusters].map(({ tags }) => tags[0].value.split(".")[0]);
    };
    const first = await runScript("pr-1", "1", "203.0.113.7");
    expect([first.code, readFileSync(first.stdout.trim(), "utf8")]).toEqual([
      0,
      expect.stringMatching(/^MONGODB_URI='mongodb\+srv:/m),
    ]);
    const [before, same] = await datesOf();
    expect(same).toBe(before);
    const second = await runScript("pr-1", "2", "203.0.113.7");
    expect([second.code, second.stdout === first.stdout]).toEqual([0, false]);
    const [after = "", both] = await datesOf();
    expect([both, after > (before ?? "")]).toEqual([after, true]);
    const { code, stdout } = await runBundle(["sweep"], sandbox.env);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^later .*pr-1\nlater .*pr-1\/tests\n/),
    ]);
  });

  it("lets an address in for longer at the next push, and never for less", async () => {
    await sandbox.reset();
    const endOf = async () => {
      const { accessList } = await sandbox.state();
      return accessList.map(({ deleteAfterDate }) => deleteAfterDate);
    };
    expect((await runScript("pr-1", "2", "203.0.113.7")).code).toBe(0);
    const first = await endOf();
    expect(first).toHaveLength(1);
    expect((await runScript("pr-1", "1", " 203.0.113.7 ")).code).toBe(0);
    expect(await endOf()).toEqual(first);
    expect((await runScript("pr-1", "168", "203.0.113.7")).code).toBe(0);
    const [last = "", ...others] = await endOf();
    expect([others, last > (first[0] ?? "")]).toEqual([[], true]);
  });

  it.each([
    [[]],
    [["pr-1", "soon", "203.0.113.7"]],
    [["pr-1", "0.5", "203.0.113.7"]],
    [["pr-1", "169", "203.0.113.7"]],
    [["pr-1", "24"]],
    [["pr-1", "24", "203.0.113.0/24"]],
  ])("with %j says how it is used", (args) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [`${examples}pull-request.mjs`, ...args],
      { encoding: "utf8", env: programEnv() },
    );
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^usage: .* NAME HOURS/)]);
  });
});
