/** `npm run evals` as a process, with the built program: the scripted model, other endpoints, other tasks, and mistakes. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startScriptedModel } from "../../evals/models/scripted.mjs";
import { loadTasks } from "../../evals/task.mjs";

const script = fileURLToPath(new URL("../../evals/run.mjs", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "evals-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (args: string[], env: Record<string, string> = {}) => {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH, HOME: folder, TMPDIR: folder, ...env },
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, ...said })),
  );
  return { child, said, ended };
};

const run = (args: string[], env?: Record<string, string>) => start(args, env).ended;

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** The task of docs/evals.md, which is not in the list. */
const page = readFileSync(new URL("../../docs/evals.md", import.meta.url), "utf8");
const example = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

describe.concurrent("npm run evals", { timeout: 90_000 }, () => {
  it("shows what is done, in a table and as JSON", async () => {
    const json = join(folder, "report.json");
    const args = ["--task", "policy", "--task", "read-only", "--repeat", "2", "--json", json];
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    expect(stdout).toContain("model scripted, server ours");
    expect(stdout.match(/^policy +yes +2\/2 +[\d,]+ +\d+ +-$/gm)).toHaveLength(2);
    expect(stdout).toMatch(/4 of 4 done, with 6 calls where 6 are the least; .* no harm/);
    const report = JSON.parse(readFileSync(json, "utf8"));
    expect(report).toMatchObject({
      model: "scripted",
      server: "ours",
      totals: { runs: 4, done: 4 },
    });
    expect(report.results[0]).toMatchObject({ id: "read-only", done: true, harm: [] });
    expect(report.results[0].transcript[0]).toMatchObject({ role: "user" });
    const beside = await run(["--task", "policy", "--beside", json]);
    expect(beside.stdout).toMatch(/^policy +1 of 1 +2\/2 +[\d,]+ +- +2 of 2 +2\/2 2\/2 /m);
    expect(beside.stdout).not.toContain("read-only");
  });

  it("takes tasks of a file: the one that docs/evals.md shows, and one that is not done", async () => {
    const right = await run(["--tasks", write("right.mjs", example)]);
    expect(right.stdout).toMatch(/^reports-in-stockholm +yes +2\/2 .* -$/m);
    expect(right.code).toBe(0);
    const wrong = await run([
      "--tasks",
      write("wrong.mjs", example.replace("EU_NORTH_1", "EU_WEST_3")),
    ]);
    expect(wrong.stdout).toMatch(/^reports-in-stockholm +no .* wrong, false_claim$/m);
    expect(wrong.stdout).toContain('not done: cluster "shop/reports" has region "EU_WEST_3"');
    expect(wrong.code).toBe(1);
  });

  it.each(["anthropic", "openai"] as const)(
    "asks a model behind %s's protocol",
    async (provider) => {
      const { moves }: any = loadTasks().find(({ id }: any) => id === "monthly-cost");
      const model = await startScriptedModel(moves);
      const env = {
        EVALS_PROVIDER: provider,
        EVALS_BASE_URL: model[`${provider}Url`],
        ANTHROPIC_API_KEY: "a",
        OPENAI_API_KEY: "o",
      };
      const { code, stdout } = await run(["--task", "monthly-cost", "--model", "local"], env);
      model.close();
      expect(stdout).toContain("model local, server ours");
      expect(stdout).toContain("1 of 1 done");
      expect(code).toBe(0);
    },
  );

  it("stops at the first task where the key is wrong", async () => {
    const http = createServer((_request, response) => response.writeHead(401).end("bad key"));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const env = { ANTHROPIC_API_KEY: "a", EVALS_BASE_URL: url, EVALS_MODEL: "m" };
    const { code, stdout } = await run(["--parallel", "1"], env);
    http.close();
    expect(stdout).toContain("answers 401: bad key");
    expect(stdout).toMatch(/0 of 1 done.*; \d\d not finished/);
    expect(code).toBe(1);
  });

  it("never reaches out of the machine, whatever the environment says", async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    proxy.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { code } = await run(["--task", "unicode-name"], {
      MONGODB_ATLAS_BASE_URL: url,
      MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_0",
      MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_0",
      ATLAS_MCP_BACKEND: "atlas",
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
    });
    proxy.close();
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
  });

  it("prints what is done when it is interrupted, and leaves nothing behind", async () => {
    const own = mkdtempSync(join(folder, "tmp-"));
    const { child, said, ended } = start(["--parallel", "1"], { TMPDIR: own });
    while (!/[.x]/.test(said.stderr)) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect({ code, stderr: said.stderr }).toEqual({
      code: 130,
      stderr: expect.stringMatching(/^[.x]+\n$/),
    });
    expect(stdout).toMatch(/^project-and-cluster +yes/m);
    expect(stdout).toMatch(/\d\d not finished/);
    expect(readdirSync(own)).toEqual([]);
  });

  it("lists its tasks and its options", async () => {
    expect((await run(["--list"])).stdout).toMatch(/^host-cannot-ask: /m);
    expect((await run(["--help"])).stdout).toContain("--repeat N");
  });

  it("says in one sentence what is wrong, and runs nothing", async () => {
    const { code, stdout, stderr } = await run(["--task", "none"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: "There is no task none; --list shows those there are.\n",
    });
  });
});
