import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goByItself } from "../e2e/bare-way.ts";
import { bundle, programEnv, type Ran, runCommand } from "../support/bundle.ts";
import { liveNames } from "../support/contract.ts";
import { serveHttp } from "../support/http.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { mint, tokenFile } from "../support/token-file.ts";
import { installed, node24 } from "./tools.ts";

let sandbox: LiveSandbox;
let home: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  home = mkdtempSync(join(tmpdir(), "inspector-"));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(home, { recursive: true, force: true });
});

/** One run of the Inspector's command line, with the built program as its server. */
const inspect = (...args: string[]): Promise<Ran> => {
  const program = installed("@modelcontextprotocol/inspector/clients/launcher/build/index.js");
  const env = Object.entries(sandbox.env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const all = [program, "--cli", process.execPath, bundle, ...env, ...args, "--format", "json"];
  return runCommand(node24(), all, { ...programEnv(), HOME: home }, 50_000);
};

// Deletes of data are off on what counts as live Atlas.
const offered = liveNames.filter((name) => !/^delete_(project|flex_cluster)$/.test(name));

describe("the Inspector over HTTP", () => {
  it.each(["legacy", "modern"])("lists the tools for who has a token, %s era", async (era) => {
    const { token, entry } = await mint("inspector");
    const file = tokenFile(entry);
    const server = await serveHttp(["--tokens", file.path], sandbox.env);
    try {
      const program = installed("@modelcontextprotocol/inspector/clients/launcher/build/index.js");
      const how = ["--transport", "http", "--protocol-era", era, "--method", "tools/list"];
      const header = ["--header", `Authorization: Bearer ${token}`, "--stored-auth-only"];
      const args = [program, "--cli", server.url, ...how, ...header, "--format", "json"];
      const ran = await runCommand(node24(), args, { ...programEnv(), HOME: home }, 50_000);
      const { tools } = JSON.parse(ran.stdout).result;
      expect(tools.map((tool: { name: string }) => tool.name)).toEqual(offered);
    } finally {
      await server.end("SIGTERM");
      file.remove();
    }
  });
});

describe("the Inspector", () => {
  it.each(["legacy", "modern"])("goes the way there and back over HTTP, %s era", async (era) => {
    const atlas = await startSandbox();
    const server = await serveHttp(["--allow-delete"], atlas.env);
    const program = installed("@modelcontextprotocol/inspector/clients/launcher/build/index.js");
    const how = ["--transport", "http", "--protocol-era", era, "--method", "tools/call"];
    try {
      await goByItself(async (tool, given) => {
        const call = ["--tool-name", tool, "--tool-args-json", JSON.stringify(given)];
        const args = [program, "--cli", server.url, ...how, ...call, "--format", "json"];
        const ran = await runCommand(node24(), args, { ...programEnv(), HOME: home }, 50_000);
        return JSON.parse(ran.stdout).result.structuredContent;
      }, atlas);
    } finally {
      await server.end("SIGTERM");
      await atlas.close();
    }
  });
});

describe.each(["legacy", "modern"])("the Inspector, %s era", (era) => {
  const method = (name: string) => ["--protocol-era", era, "--method", name];

  it("lists the tools", async () => {
    const { code, stdout } = await inspect(...method("tools/list"));
    expect(code).toBe(0);
    const { tools } = JSON.parse(stdout).result;
    expect(tools.map((tool: { name: string }) => tool.name)).toEqual(offered);
  });

  it("calls create_project", async () => {
    const args = JSON.stringify({ name: `by-${era}`, orgId: sandbox.orgId });
    const call = ["--tool-name", "create_project", "--tool-args-json", args];
    const { code, stdout } = await inspect(...method("tools/call"), ...call);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).result.structuredContent).toMatchObject({
      status: "ok",
      outcome: "created",
      project: { name: `by-${era}` },
    });
    const { projects } = await sandbox.state();
    expect(projects.map(({ name }) => name)).toContain(`by-${era}`);
  });

  it("shows a failure with its exit code for one", async () => {
    const call = ["--tool-name", "create_project", "--tool-args-json", '{"name":"my shop"}'];
    const { code, stdout } = await inspect(...method("tools/call"), ...call);
    expect(code).toBe(5);
    expect(JSON.parse(stdout).result.structuredContent.error.code).toBe("invalid_input");
  });
});

it("the Inspector's portability lint has nothing against the catalogue", async () => {
  const { code, stderr } = await inspect("--method", "tools/list", "--strict");
  // It warns of members that are only named, which is on purpose (docs/atlas.md#hosts-and-protocol).
  expect({ code, errors: /^\s*error\b/im.test(stderr) }).toEqual({ code: 0, errors: false });
});
