import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, programEnv } from "../support/bundle.ts";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

// Whoever runs an example finds nothing of it at home afterwards.
const place = mkdtempSync(join(tmpdir(), "examples-"));
const [home, temporary] = ["home", "tmp"].map((name) => join(place, name)) as [string, string];
for (const folder of [home, temporary]) mkdirSync(folder);
afterAll(() => {
  const left = readdirSync(home, { recursive: true });
  rmSync(place, { recursive: true });
  expect(left).toEqual([]);
});

const run = (file: string, args: string[] = []) => {
  const { ATLAS_MCP_CREDENTIALS_DIR: _, ...env } = programEnv({ HOME: home, TMPDIR: temporary });
  return spawnSync(process.execPath, [`${examples}${file}`, ...args], {
    encoding: "utf8",
    env,
    timeout: 25_000,
  });
};

type Entry = { command: string; args: string[]; env?: Record<string, string> };

/** These have another form, or lead to a server that runs: test/hosts/real starts them in their hosts. */
const inTheirHosts = ["codex.toml", "mcp-remote.json", "opencode.json"];

describe("the host configurations", () => {
  it.each(readdirSync(`${examples}hosts`).filter((file) => !inTheirHosts.includes(file)))(
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

/** All that the server says by itself. */
const whereToWatch = expect.stringMatching(
  /^\{"level":40,[^\n]*"msg":"Sandbox console: http:[^"\n]+"\}\n$/,
);

describe("the script without a model", () => {
  it("prints the connection string of the cluster it made", () => {
    const { stdout, stderr, status } = run("provision.mjs", ["shop", "orders"]);
    expect({ stderr, status }).toEqual({ stderr: whereToWatch, status: 0 });
    expect(stdout).toMatch(/^mongodb\+srv:\/\/orders\.\w+\.mongodb\.invalid\n$/);
  });

  it("ends with what the server says to do when a region is not right", () => {
    const { stderr, status } = run("provision.mjs", ["shop", "orders", "GCP", "us-central1"]);
    expect(status).toBe(1);
    expect(stderr).toContain("create_flex_cluster: invalid_input");
    expect(stderr).toContain('"regionName":"CENTRAL_US"');
  });
});

describe("the script for a pull request", () => {
  it("says which file has the password, which on a sandbox is a temporary one", () => {
    const { stdout, status } = run("pull-request.mjs", ["pr-1", "1", "203.0.113.7"]);
    const file = stdout.trim();
    expect(status).toBe(0);
    expect(file.startsWith(join(temporary, "atlas-provision-mcp-"))).toBe(true);
    expect(readFileSync(file, "utf8")).toMatch(/^MONGODB_URI=/m);
  });
});

describe("the script that makes an ephemeral cluster", () => {
  const name = `try-${randomUUID()}`;

  it("waits until it runs, and says that one of the sandbox is not real", () => {
    const { stdout, stderr, status } = run("ephemeral/make.mjs", [name]);
    expect({ stderr, status }).toEqual({ stderr: whereToWatch, status: 0 });
    const first = `${name} \\(sandbox\\) is ACTIVE at \\S+\\.mongodb\\.invalid\\.`;
    expect(stdout).toMatch(new RegExp(`^${first}$`, "m"));
    expect(stdout).toContain("Nothing of it is real");
    expect(stdout).not.toMatch(/mongodb\+srv:|claimId|node --env-file/);
  });

  it("can be run again", () => {
    expect(run("ephemeral/make.mjs", [name]).status).toBe(0);
  });

  it("has an application that says when it has no connection string", () => {
    const { stderr, status } = run("ephemeral/app.mjs");
    expect(status).toBe(2);
    expect(stderr).toContain("MONGODB_URI is not set");
  });
});

describe("the demo", () => {
  let demo: ReturnType<typeof run>;
  beforeAll(() => {
    demo = run("demo.mjs");
  });

  it("goes to its end without a word on stderr, in plain text when it is no terminal", () => {
    const { stdout, stderr, status } = demo;
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).not.toContain("\u001b[");
  });

  it("shows nothing doubled by a repeated call, and a region mended as the answer says", () => {
    const ids = [...demo.stdout.matchAll(/ (?:created|existing) +shop (\w+)/g)];
    expect(ids.map(([, id]) => id)).toEqual([ids[0]?.[1], ids[0]?.[1]]);
    expect(demo.stdout).toContain("us-east-1 is US_EAST_1 in Atlas.");
  });

  it("lets one address in and has its user decline to let everyone in", () => {
    expect(demo.stdout).toMatch(/created +203\.0\.113\.7\/32/);
    expect(demo.stdout).toMatch(/asks +Create IP access list entry "0\.0\.0\.0\/0"/);
    expect(demo.stdout).toMatch(/declined +The user declined\. Nothing was sent\./);
    expect(demo.stdout).toMatch(/address +203\.0\.113\.7\/32\n/);
  });

  it("ends up with a connection string whose password is masked", () => {
    expect(demo.stdout).toMatch(
      /MONGODB_URI +mongodb\+srv:\/\/app:\*{8}@orders\.\w+\.mongodb\.invalid\/\?\S+\n/,
    );
    expect(demo.stdout).toMatch(/file +\S+\/app\.env mode 0600/);
    // A password is 32 letters and digits; ids have 24 and the words of a demo fewer.
    expect(demo.stdout).not.toMatch(/[A-Za-z0-9]{32}/);
  });

  it("goes back to an empty organization, and leaves no password behind", () => {
    expect(demo.stdout).toMatch(/deleted +orders\n/);
    expect(demo.stdout).toMatch(/deleted +shop, /);
    expect(demo.stdout).toMatch(/empty again\n.*\n +projects +0\n/);
    const [, folder = ""] = /file +(\S+atlas-provision-demo-\w+)/.exec(demo.stdout) ?? [];
    expect([folder === "", existsSync(folder)]).toEqual([false, false]);
  });
});
