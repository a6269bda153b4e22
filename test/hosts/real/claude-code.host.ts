/** Claude Code, driven with `-p` and in a terminal. */
import { afterEach, describe, expect, it } from "vitest";
import { installed } from "../tools.ts";
import * as expected from "./journey.ts";
import { objectIn, type Script } from "./model/server.ts";
import { rowOf, wordsOf } from "./page.ts";
import { type Stage, startStage } from "./stage.ts";
import { keys, readAsAPerson } from "./terminal.ts";

const host = "Claude Code";
const before = "mcp__atlas-provision__";
const row = rowOf(host);

const claude = installed("../real/node_modules/@anthropic-ai/claude-code-linux-x64/claude");

// The model knows the names of the tools, and finds what they are before it calls them.
const find = `select:${before}create_project,${before}create_flex_cluster`;
const finding =
  (script: (orgId: string) => Script) =>
  (orgId: string): Script => [["ToolSearch", { query: find }], ...script(orgId)];

let stage: Stage;
let env: Record<string, string>;

const begin = async (script: (orgId: string) => Script, settings = {}) => {
  stage = await startStage(finding(script), settings);
  env = {
    ANTHROPIC_BASE_URL: stage.model.url,
    ANTHROPIC_AUTH_TOKEN: "none",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: "1",
  };
};
const start = async (script: (orgId: string) => Script, settings = {}) => {
  await begin(script, settings);
  await stage.setUp("claude-code");
  // Without a person nobody is asked whether to use a server of the project.
  stage.write("work/.claude/settings.local.json", { enabledMcpjsonServers: ["atlas-provision"] });
};

afterEach(() => stage.close());

describe("Claude Code", () => {
  it("connects", async () => {
    await begin(expected.journey);
    const added = await stage.run(claude, wordsOf(host, "-e", stage.serverEnv), env);
    expect(added).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = await stage.run(claude, ["mcp", "list"], env);
    expect(stdout).toMatch(/atlas-provision: node .*cli\.cjs - ✔ Connected/);
    expect(expected.protocolOf(stage)).toBe(row.Protocol);
  });

  it("lets its model do the journey, and shows it only the names of most tools before", async () => {
    await start(expected.journey, { ATLAS_MCP_CONFIRM: "never" });
    const args = ["-p", "Make a cluster", "--allowedTools", "mcp__atlas-provision"];
    const { stdout } = await stage.run(claude, args, env);
    expect(stdout).toBe("All done.\n");
    await expected.expectJourney(stage, row["Model reads"]);
    expect(stage.outside()).toEqual([]);
    const [first, , last] = stage.model.heard;
    expect(expected.offered(first, before)).toEqual(["get_account"]);
    const named = expected.listed(stage).filter((name) => first?.user.includes(before + name));
    expect(named).toHaveLength(14);
    expect(expected.isInstructed(stage)).toBe(true);
    expect(expected.offered(last, before)).toEqual([
      "create_flex_cluster",
      "create_project",
      "get_account",
    ]);
  });

  it("answers a question by itself where nobody can be asked", async () => {
    await start(expected.confirmation);
    const args = ["-p", "Make a cluster", "--allowedTools", "mcp__atlas-provision"];
    const { stdout } = await stage.run(claude, args, env);
    expect(stdout).toMatch(
      /^May I\? This host answered the question by itself, .* 8 to 30 USD a month/,
    );
    expect(await expected.clusterNames(stage)).toEqual([]);
  });

  it("shows titles, a question, progress and the prompt", async () => {
    await begin(expected.questions);
    await stage.setUp("claude-code");
    // What a person answers when they start it for the first time, and trust the folder.
    const projects = { [stage.work]: { hasTrustDialogAccepted: true } };
    stage.write(".claude.json", { projects, hasCompletedOnboarding: true });
    const args = ["--permission-mode", "default", "--allowedTools", "mcp__atlas-provision"];
    const terminal = stage.open(claude, args, env);
    await terminal.shows(/New MCP server found.*atlas-provision[\s\S]*❯ Continue without/);
    await readAsAPerson();
    await terminal.type(keys.up);
    await terminal.shows(/❯ Use this and all/);
    await terminal.type(keys.up);
    await terminal.shows(/❯ Use this MCP server/);
    await terminal.type(keys.enter);
    await terminal.shows(/manual mode/);

    await terminal.send("/mcp");
    await terminal.shows(/✔ atlas-provision +15 tools/);
    await terminal.type(keys.enter);
    await terminal.shows(/Protocol: +2026-07-28[\s\S]*15 tools · 1 prompt/);
    await terminal.type(keys.enter);
    await terminal.shows(/❯ Get account +read-only[\s\S]*Delete IP access list entry +destructive/);
    await terminal.type(keys.escape);
    await terminal.shows(/❯ View tools/);
    await terminal.type(keys.escape);
    await terminal.shows(/❯ ✔ atlas-provision/);
    await terminal.type(keys.escape);
    await terminal.shows(/manual mode/);

    await terminal.send("Make two clusters");
    await terminal.shows(/requests your input\s+Create flex cluster "orders"[\s\S]*8 to 30 USD/);
    await terminal.shows(/❯ ✔ I agree: ☐/);
    await terminal.type(keys.space);
    await terminal.shows(/❯ ✔ I agree: ☒/);
    await terminal.type(keys.enter);
    await terminal.shows(/❯ Accept +Decline/);
    await terminal.type(keys.enter);
    await terminal.shows(/Flex cluster orders is CREATING \(\d of 30 s\)/);

    // Enter alone is no yes.
    await terminal.shows(/Create flex cluster "second"[\s\S]*❯ ✔ I agree: ☐/);
    await readAsAPerson();
    await terminal.type(keys.enter);
    await terminal.shows(/❯ Accept +Decline/);
    await terminal.type(keys.enter);
    await terminal.shows(/Both were asked/);
    expect(stage.model.results().map((text) => objectIn(text).error?.code)).toContain("declined");
    expect(await expected.clusterNames(stage)).toEqual(["orders"]);

    await terminal.type("/provis");
    await terminal.shows(
      /❯ \/atlas-provision:provision_flex_cluster \(MCP\) +From nothing to a connection/,
    );
    await terminal.type(keys.tab);
    await terminal.shows(
      /provision_flex_cluster +\[cluster\] \[ipAddress\] \[project\] \[region\]/,
    );
    await terminal.send("orders 203.0.113.7 shop frankfurt");
    await terminal.shows(/I have read it/);
    expect(stage.model.heard.at(-1)?.user).toContain('cluster "orders", region "frankfurt"');

    await terminal.send("/exit");
    expect(await terminal.exited).toBe(0);
    expect(stage.outside()).toEqual([]);
  });
});
