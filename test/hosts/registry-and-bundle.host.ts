/** What is installed from a release, checked by the programs and the schema of those who install it. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Ajv } from "ajv";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { toolNames } from "../support/contract.ts";
import { readJson, repository } from "./tools.ts";

const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), "release-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("has an entry that the registry's schema allows, and the hash of the publisher that sends it", async () => {
  const { jobs } = parse(readFileSync(join(repository, ".github/workflows/release.yml"), "utf8"));
  const { env } = jobs.publish.steps.find(({ env = {} }: any) => "MODULE" in env);
  const args = ["mod", "download", "-json", `${env.MODULE}@${env.VERSION}`];
  const { Dir, Sum } = JSON.parse((await run("go", args, { cwd: folder })).stdout);
  expect(Sum).toBe(env.SUM);

  const entry = readJson(join(repository, "server.json"));
  const [, date] = /schemas\/(.+)\/server\.schema\.json$/.exec(entry.$schema) ?? [];
  const schema = readJson(join(Dir, `internal/validators/schemas/${date}.json`));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  expect([validate(entry), validate.errors]).toEqual([true, null]);
  expect(validate({ ...entry, version: 1 })).toBe(false);
});

describe("the .mcpb bundle", () => {
  const bundle = join(folder, "atlas-provision-mcp.mcpb");
  const opened = join(folder, "opened");
  const packer = join(repository, "mcpb/node_modules/@anthropic-ai/mcpb/dist/cli/cli.js");
  const mcpb = (...args: string[]) => run(process.execPath, [packer, ...args]);

  it("is packed, and can be opened and checked by the program of the format", async () => {
    await run(process.execPath, [join(repository, "scripts/mcpb.mjs"), folder]);
    await mcpb("unpack", bundle, opened);
    const { stdout } = await mcpb("validate", join(opened, "manifest.json"));
    expect(stdout).toContain("Manifest schema validation passes!");
    expect(stdout).not.toMatch(/does not exist|ERROR/i);
  }, 60_000);

  it("is of this version, and serves the tools that it lists, as a host starts it with an empty form", async () => {
    const manifest = readJson(join(opened, "manifest.json"));
    expect(manifest.version).toBe(readJson(join(repository, "package.json")).version);
    const filled = (text: string) =>
      text
        .replace(/\$\{__dirname\}/, opened)
        .replace(/\$\{user_config\.(\w+)\}/, (_, field) => manifest.user_config[field].default);
    const { command, args, env } = manifest.server.mcp_config;
    const transport = new StdioClientTransport({
      command,
      args: args.map(filled),
      env: {
        PATH: process.env.PATH ?? "",
        HOME: folder,
        ...Object.fromEntries(
          Object.entries<string>(env).map(([name, value]) => [name, filled(value)]),
        ),
      },
      stderr: "ignore",
    });
    const client = new Client({ name: "test", version: "1.0.0" });
    await client.connect(transport);
    const { tools } = await client.listTools();
    await client.close();
    const about = tools.map(({ name, description }) => ({ name, description }));
    expect(manifest.tools).toEqual(about);
    expect(about.map(({ name }) => name)).toEqual(toolNames);
  });
});
