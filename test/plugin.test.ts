/** The plugin for Claude Code: what its skill names is there, and how its launcher finds the program. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../src/cli/commands.ts";
import { errorCodes, failureSchema } from "../src/common/failure.ts";
import { settings } from "../src/config/settings.ts";
import { causes } from "../src/connection/cause.ts";
import { tools } from "../src/tools/index.ts";
import { members } from "../src/tools/schema/members.ts";
import { inputSchemaOf } from "../src/tools/schema/normalize.ts";
import { runCommand } from "./support/bundle.ts";

const plugin = fileURLToPath(new URL("../plugin", import.meta.url));
const read = (name: string) => readFileSync(join(plugin, name), "utf8");
const manifest = JSON.parse(read(".claude-plugin/plugin.json"));
const skill = read("skills/mongodb-for-app/SKILL.md");
const pages = [skill, read("README.md")].join("\n");

/** What stands between backticks, in lines of code too. */
const quoted = [...pages.matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text);
const lines = [...quoted, ...pages.split("\n").filter((line) => line.startsWith("claude "))];

describe("the skill", () => {
  it("is short, and says when it is for", () => {
    expect(skill.split("\n").length).toBeLessThanOrEqual(120);
    const [, name, description = ""] =
      /^---\nname: (.+)\ndescription: (.+)\n---\n/.exec(skill) ?? [];
    expect(name).toBe("mongodb-for-app");
    expect(description).toMatch(/MONGODB_URI/);
    expect(description.length).toBeLessThan(1024);
  });

  it("names tools, errors and causes that there are", () => {
    const known = [
      ...tools.map(({ name }) => name),
      ...errorCodes,
      ...causes,
      "needs_confirmation",
    ];
    const named = quoted.flatMap((text) => text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("names arguments and members of results that there are", () => {
    const known = [
      ...tools.flatMap((tool) => Object.keys(inputSchemaOf(tool).properties ?? {})),
      ...Object.keys(members),
      ...Object.keys(failureSchema().shape),
      ...["switchedOff", "ephemeral", "nextActions", "roleName"],
    ];
    const named = quoted.flatMap((text) => /^[a-z]+(?:[A-Z][a-z]+)+(?=$|:)/.exec(text) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.includes(name) && name !== "dbName")).toEqual([]);
  });

  it("names commands and flags that there are", () => {
    const calls = lines.flatMap((line) => [
      ...line.matchAll(/atlas-provision-mcp ([a-z]+)((?: (?!-- )[^ ]+)*)/g),
    ]);
    expect(calls.length).toBeGreaterThan(4);
    for (const [, name = "", words = ""] of calls) {
      const flags = [...words.matchAll(/ --([a-z-]+)/g)].map(([, flag]) => flag);
      expect(Object.keys(commands[name]?.flags ?? {})).toEqual(expect.arrayContaining(flags));
    }
    const alone = quoted.flatMap((text) => /^--([a-z-]+)/.exec(text)?.[1] ?? []);
    const all = Object.values(commands).flatMap(({ flags }) => Object.keys(flags));
    expect(all).toEqual(expect.arrayContaining(alone));
  });

  it("names variables that an application gets, or that configure the server", () => {
    const known = [
      ...["MONGODB_URI", "MONGODB_USERNAME", "MONGODB_PASSWORD", "ATLAS_CLAIM_URL"],
      ...settings.flatMap(({ env }) => env),
    ];
    const named = quoted.flatMap((text) => text.match(/\b(?:MONGODB|ATLAS)_[A-Z_]+\b/g) ?? []);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("the skill's lines for a shell", () => {
  const groupId = "6b09e5bf57af2e7d7fb3a9f1";
  const credentials = fileURLToPath(new URL("upgrade/0.1.0/credentials", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "skill-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  // A checkout does not keep who may read a file.
  const file = join(folder, groupId, "app.env");
  mkdirSync(join(folder, groupId), { mode: 0o700 });
  writeFileSync(file, readFileSync(join(credentials, groupId, "app.env")), { mode: 0o600 });

  const app = (variable: string) =>
    `node -e "console.log(/^mongodb.srv:..app:.+@/.test(process.env.${variable}))"`;
  const run = (line: string) =>
    runCommand("sh", ["-c", line], {
      PATH: `${join(plugin, "bin")}:${process.env.PATH}`,
      ATLAS_MCP_CREDENTIALS_DIR: folder,
    });
  const lineWith = (text: string) => quoted.find((line) => line.includes(text)) ?? "";

  it("start an application in another language with the file of a temporary cluster", async () => {
    const line = lineWith("set -a").replace("FILE", file).replace("COMMAND", app("MONGODB_URI"));
    expect(await run(line)).toEqual({ code: 0, stdout: "true\n", stderr: "" });
  });

  it("give an application the connection string in a variable of its own", async () => {
    const line = lineWith("DATABASE_URL")
      .replace("ID", groupId)
      .replace("NAME", "app")
      .replace("COMMAND", app("DATABASE_URL"));
    const stderr = expect.stringContaining("This is the sandbox");
    expect(await run(line)).toEqual({ code: 0, stdout: "true\n", stderr });
  });
});

describe("the manifest of the plugin", () => {
  const { env } = manifest.mcpServers.atlas;

  it("fills settings from fields of its form, and hides the credentials", () => {
    const filled = Object.entries<string>(env).map(([name, value]) => {
      expect(settings.flatMap(({ env }) => env)).toContain(name.replace(/^PLUGIN_OPTION_/, ""));
      const [, field = ""] = /^\$\{user_config\.(\w+)\}$/.exec(value) ?? [];
      expect(manifest.userConfig[field].sensitive === true).toBe(name.includes("CLIENT"));
      return field;
    });
    expect(filled).toEqual(Object.keys(manifest.userConfig));
  });

  it("names no tool that is too long for the API of a model", () => {
    const before = `mcp__plugin_${manifest.name}_${Object.keys(manifest.mcpServers)[0]}__`;
    for (const { name } of tools) expect(`${before}${name}`.length).toBeLessThanOrEqual(64);
  });

  it("is what the marketplace of this repository offers", () => {
    const file = join(plugin, "../.claude-plugin/marketplace.json");
    const { plugins } = JSON.parse(readFileSync(file, "utf8"));
    expect(plugins).toHaveLength(1);
    expect(plugins[0]).toMatchObject({ name: manifest.name, source: "./plugin" });
  });
});

describe("the launcher of the plugin", () => {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const copy = join(folder, "plugin");
  cpSync(plugin, copy, { recursive: true, filter: (path) => !path.endsWith("built") });
  const PATH = process.env.PATH ?? "";

  /** A program that says what it was called with, and which settings it got. */
  const shown = `console.log(JSON.stringify([process.argv.slice(2),
    Object.entries(process.env).filter(([name]) => /ATLAS|OPTION/.test(name)).sort()])); process.exitCode = 7`;
  const start = async (env: Record<string, string> = {}) => {
    const { code, stdout } = await runCommand(
      join(copy, "bin/atlas-provision-mcp"),
      ["env", "--out", "a b"],
      { PATH, ...env },
    );
    expect(code).toBe(7);
    return JSON.parse(stdout);
  };

  it("says what to do where nothing was built, and starts nothing", async () => {
    const { code, stdout, stderr } = await runCommand(
      join(copy, "bin/atlas-provision-mcp"),
      ["doctor"],
      { PATH },
    );
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("npm ci && npm run build");
  });

  it("starts what was built, with the form before the environment, and without what the form leaves open", async () => {
    mkdirSync(join(copy, "built"));
    writeFileSync(join(copy, "built/cli.cjs"), shown);
    const settings = {
      ATLAS_MCP_READ_ONLY: "true",
      MONGODB_ATLAS_ORG_ID: "of the shell",
      MONGODB_ATLAS_CLIENT_ID: "of the shell",
      PLUGIN_OPTION_MONGODB_ATLAS_ORG_ID: "of the form",
      PLUGIN_OPTION_MONGODB_ATLAS_CLIENT_ID: "",
      PLUGIN_OPTION_MONGODB_ATLAS_CLIENT_SECRET: "$" + "{user_config.client_secret}",
      PLUGIN_OPTION_ATLAS_MCP_READ_ONLY: "false",
      PLUGIN_OPTION_ATLAS_MCP_ALLOW_DELETE: "true",
    };
    expect(await start(settings)).toEqual([
      ["env", "--out", "a b"],
      [
        ["ATLAS_MCP_ALLOW_DELETE", "true"],
        ["ATLAS_MCP_READ_ONLY", "true"],
        ["MONGODB_ATLAS_CLIENT_ID", "of the shell"],
        ["MONGODB_ATLAS_ORG_ID", "of the form"],
      ],
    ]);
  });

  it("finds in a checkout what `npm run build` makes", () => {
    expect(existsSync(join(plugin, "built/cli.cjs"))).toBe(true);
  });
});
