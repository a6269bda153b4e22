import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, it } from "vitest";
import { bundle, childEnv } from "./support/clients.ts";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));

const run = (file: string, args: string[] = []) =>
  spawnSync(process.execPath, [`${examples}${file}`, ...args], {
    encoding: "utf8",
    env: childEnv(),
    timeout: 25_000,
  });

type Entry = { command: string; args: string[]; env?: Record<string, string> };

describe("the host configurations", () => {
  it.each(readdirSync(`${examples}hosts`))(
    "%s starts a server that lists its tools",
    async (file) => {
      const config = JSON.parse(readFileSync(`${examples}hosts/${file}`, "utf8"));
      const entry: Entry = (config.mcpServers ?? config.servers)["atlas-provision"];
      const args = entry.args.map((one) => (one.endsWith("/dist/cli.cjs") ? bundle : one));
      // A host that asks for inputs hands over empty strings where none are given.
      const given = Object.fromEntries(Object.keys(entry.env ?? {}).map((name) => [name, ""]));
      const client = new Client({ name: "host", version: "1" });
      const { PATH = "" } = process.env;
      await client.connect(
        new StdioClientTransport({ command: entry.command, args, env: { PATH, ...given } }),
      );
      const { tools } = await client.listTools();
      await client.close();
      expect(tools.map((tool) => tool.name)).toContain("create_flex_cluster");
    },
  );
});

describe("the script without a model", () => {
  it("prints the connection string of the cluster it made", () => {
    const { stdout, stderr, status } = run("provision.mjs", ["shop", "orders"]);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toMatch(/^mongodb\+srv:\/\/orders\.\w+\.mongodb\.invalid\n$/);
  });

  it("ends with what the server says to do when a region is not right", () => {
    const { stderr, status } = run("provision.mjs", ["shop", "orders", "GCP", "us-central1"]);
    expect(status).toBe(1);
    expect(stderr).toContain("create_flex_cluster: invalid_input");
    expect(stderr).toContain('"regionName":"CENTRAL_US"');
  });
});

describe("the demo", () => {
  it("goes from an empty organization to connection strings, in plain text when it is no terminal", () => {
    const { stdout, stderr, status } = run("demo.mjs");
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toContain("us-east-1 is US_EAST_1 in Atlas.");
    expect(stdout).toMatch(/srv\s+mongodb\+srv:\/\/orders\.\w+\.mongodb\.invalid/);
    expect(stdout).not.toContain("\u001b[");
  });
});
