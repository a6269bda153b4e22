/** Where the hosts have their files on each system, and how they start the program. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hosts } from "../../../src/cli/setup/hosts.ts";
import type { Place } from "../../../src/cli/setup/places.ts";
import { type Running, startsProgram, startWords } from "../../../src/cli/setup/start.ts";
import { version } from "../../../src/common/version.ts";

const on = (platform: NodeJS.Platform, env: Record<string, string> = {}): Place => ({
  platform,
  env,
  home: platform === "win32" ? "C:\\Users\\me" : "/home/me",
  folder: "/work",
});

const fileOf = (name: string, place: Place) => hosts[name]?.user?.(place)[0];

describe("the file of a user", () => {
  it.each([
    ["claude-desktop", "linux", "/home/me/.config/Claude/claude_desktop_config.json"],
    [
      "claude-desktop",
      "darwin",
      "/home/me/Library/Application Support/Claude/claude_desktop_config.json",
    ],
    [
      "claude-desktop",
      "win32",
      "C:\\Users\\me\\AppData\\Roaming\\Claude\\claude_desktop_config.json",
    ],
    ["cursor", "linux", "/home/me/.cursor/mcp.json"],
    ["cursor", "win32", "C:\\Users\\me\\.cursor\\mcp.json"],
    ["vscode", "linux", "/home/me/.config/Code/User/mcp.json"],
    ["vscode", "darwin", "/home/me/Library/Application Support/Code/User/mcp.json"],
    ["vscode", "win32", "C:\\Users\\me\\AppData\\Roaming\\Code\\User\\mcp.json"],
    ["codex", "linux", "/home/me/.codex/config.toml"],
    ["copilot", "darwin", "/home/me/.copilot/mcp-config.json"],
    ["gemini", "win32", "C:\\Users\\me\\.gemini\\settings.json"],
    ["opencode", "darwin", "/home/me/.config/opencode/opencode.json"],
    ["cline", "linux", "/home/me/.cline/data/settings/cline_mcp_settings.json"],
  ] as const)("%s on %s is %s", (name, platform, path) => {
    expect(fileOf(name, on(platform))).toBe(path);
  });

  it.each([
    ["claude-desktop", { XDG_CONFIG_HOME: "/c" }, "/c/Claude/claude_desktop_config.json"],
    ["vscode", { XDG_CONFIG_HOME: "/c" }, "/c/Code/User/mcp.json"],
    ["vscode", { VSCODE_PORTABLE: "/p" }, "/p/user-data/User/mcp.json"],
    ["codex", { CODEX_HOME: "/c" }, "/c/config.toml"],
    ["codex", { CODEX_HOME: "c" }, "/work/c/config.toml"],
    ["copilot", { COPILOT_HOME: "/c", XDG_CONFIG_HOME: "/x" }, "/c/mcp-config.json"],
    ["gemini", { GEMINI_CLI_HOME: "/c" }, "/c/.gemini/settings.json"],
    ["opencode", { XDG_CONFIG_HOME: "/c" }, "/c/opencode/opencode.json"],
    ["cline", { CLINE_DIR: "/c" }, "/c/data/settings/cline_mcp_settings.json"],
    ["cline", { CLINE_DATA_DIR: "/d" }, "/d/settings/cline_mcp_settings.json"],
    ["cline", { CLINE_MCP_SETTINGS_PATH: "/f.json" }, "/f.json"],
  ])("%s follows %o", (name, env, path) => {
    expect(fileOf(name, on("linux", env as unknown as Record<string, string>))).toBe(path);
  });
});

const npx = "a/_npx/0123456789abcdef/node_modules/atlas-provision-mcp/dist";
const dlx = `c/pnpm/dlx/${"0a".repeat(32)}/19a-1f/node_modules/atlas-provision-mcp/dist`;

describe("the program starts", () => {
  let folder: string;
  let running: Running;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "setup-start-"));
    for (const name of ["bin", "other", npx, dlx, "a/_npx/atlas", "dlx/atlas"])
      mkdirSync(join(folder, name), { recursive: true });
    for (const name of ["real-node", "cli.cjs", "other/node"])
      writeFileSync(join(folder, name), "");
    for (const name of [npx, dlx, "a/_npx/atlas", "dlx/atlas"])
      writeFileSync(join(folder, name, "cli.cjs"), "");
    chmodSync(join(folder, "real-node"), 0o755);
    symlinkSync(join(folder, "real-node"), join(folder, "bin/node"));
    symlinkSync(join(folder, "cli.cjs"), join(folder, "bin/atlas-provision-mcp"));
    running = {
      platform: "linux",
      env: { PATH: `/nowhere:${join(folder, "bin")}` },
      node: join(folder, "real-node"),
      script: join(folder, "bin/atlas-provision-mcp"),
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("with node by its name in a terminal, and by the path of PATH in a desktop", () => {
    const script = join(folder, "cli.cjs");
    expect(startWords(running, false)).toEqual(["node", script]);
    expect(startWords(running, true)).toEqual([join(folder, "bin/node"), script]);
  });

  it("with the node that runs, if PATH has another one or none", () => {
    for (const PATH of [`${join(folder, "other")}:${join(folder, "bin")}`, "/nowhere", ""])
      for (const graphical of [false, true])
        expect(startWords({ ...running, env: { PATH } }, graphical)).toEqual([
          running.node,
          join(folder, "cli.cjs"),
        ]);
  });

  it.each([npx, dlx])("with npx and this version from %s, which may be gone tomorrow", (path) => {
    const fetched = { ...running, script: join(folder, path, "cli.cjs") };
    const words = ["npx", "-y", `atlas-provision-mcp@${version}`];
    expect(startWords(fetched, true)).toEqual(words);
    const onWindows = { ...fetched, platform: "win32" as const };
    expect(startWords(onWindows, true)).toEqual(["cmd", "/c", ...words]);
  });

  it.each(["a/_npx/atlas", "dlx/atlas"])("by its path from a checkout in %s", (path) => {
    const script = join(folder, path, "cli.cjs");
    expect(startWords({ ...running, script }, false)).toEqual(["node", script]);
  });
});

describe("an entry of this program", () => {
  it.each([
    [true, { command: "node", args: ["/work/dist/cli.cjs", "--read-only"] }],
    [true, { command: ["node", "/opt/atlas-provision-mcp/dist/cli.cjs"] }],
    [true, { command: "C:\\node.exe", args: ["C:\\x\\atlas-provision-mcp\\dist\\cli.cjs"] }],
    [true, { command: "npx", args: ["-y", "atlas-provision-mcp@0.1.0"] }],
    [true, { command: "/usr/local/bin/atlas-provision-mcp" }],
    [false, { command: "node", args: ["/other/dist/cli.cjs"] }],
    [false, { command: "npx", args: ["server-filesystem", "/home/me/atlas-provision-mcp"] }],
    [false, { command: "npx", args: ["-y", "atlas-provision-mcp-other"] }],
    [false, { url: "https://mcp.example.com/atlas-provision-mcp" }],
    [false, "atlas-provision-mcp"],
    [false, null],
  ])("is known: %s for %o", (expected, entry) => {
    expect(startsProgram(entry, "/work/dist/cli.cjs")).toBe(expected);
  });
});
