/** The plugin for Claude Code, installed from this checkout as from a marketplace. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { installed, repository } from "../tools.ts";
import { objectIn, type Script } from "./model/server.ts";
import { type Stage, startStage } from "./stage.ts";

const claude = installed("../real/node_modules/@anthropic-ai/claude-code-linux-x64/claude");
const plugin = "atlas-provision@atlas-provision-mcp";
const before = "mcp__plugin_atlas-provision_atlas__";

let stage: Stage;

const env = (): Record<string, string> => ({
  ANTHROPIC_BASE_URL: stage.model.url,
  ANTHROPIC_AUTH_TOKEN: "none",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: "1",
});

const run = (args: string[], more: Record<string, string> = {}) =>
  stage.run(claude, args, { ...env(), ...more });

afterEach(() => stage.close());

it("is valid, also by the rules of the directory of plugins", async () => {
  stage = await startStage(() => []);
  for (const args of [["."], ["--profile", "directory", "plugin"]]) {
    const [path = "", ...flags] = args.toReversed();
    const options = ["plugin", "validate", "--strict", ...flags.toReversed()];
    const { code, stdout } = await run([...options, join(repository, path)]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("✔ Validation passed")]);
  }
});

it("is installed from a checkout, with its tools, its skill and its command; no model reads the password", async () => {
  let groupId = "";
  const uri = "node -e 'console.log(/^mongodb.srv:..app:.{20,}@/.test(process.env.MONGODB_URI))'";
  const find = ["create_project", "create_flex_cluster", "create_database_user"];
  const script = (orgId: string): Script => [
    ["Skill", { skill: "atlas-provision:mongodb-for-app" }],
    ["ToolSearch", { query: `select:${find.map((name) => before + name).join()}` }],
    ["get_account", {}],
    ["create_project", { name: "shop", orgId }],
    ({ project }) => {
      groupId = project.id;
      const providerSettings = { backingProviderName: "AWS", regionName: "EU_CENTRAL_1" };
      const args = { groupId, name: "orders", providerSettings, waitSeconds: 20 };
      return ["create_flex_cluster", args];
    },
    () => ["create_database_user", { groupId, username: "app" }],
    () => {
      const words = `atlas-provision-mcp run --project ${groupId} --user app -- ${uri}`;
      return ["Bash", { command: words, description: "Starts the application" }];
    },
    "It runs.",
  ];
  stage = await startStage(script);
  const added = await run(["plugin", "marketplace", "add", repository]);
  expect(added).toMatchObject({ code: 0, stderr: "" });
  // The form has the account; where it is empty, as for Atlas's address, the environment counts.
  const {
    HOST_TAP: _,
    MONGODB_ATLAS_CLIENT_ID: id,
    MONGODB_ATLAS_CLIENT_SECRET: secret = "none",
    ...server
  } = stage.serverEnv;
  const form = [`client_id=${id}`, `client_secret=${secret}`, `org_id=${stage.sandbox.orgId}`];
  const options = form.flatMap((field) => ["--config", field]);
  const installing = await run(["plugin", "install", plugin, ...options]);
  expect(installing).toMatchObject({ code: 0, stderr: "" });
  const settings = readFileSync(join(stage.home, ".claude/settings.json"), "utf8");
  expect(settings).toContain(stage.sandbox.orgId);
  expect(settings).not.toContain(secret);

  const allowed = ["mcp__plugin_atlas-provision_atlas", "Skill", "Bash(atlas-provision-mcp:*)"];
  const more = { ...server, ATLAS_MCP_CONFIRM: "never", ATLAS_MCP_ALLOW_DELETE: "true" };
  const { stdout } = await run(["-p", "I need a MongoDB", "--allowedTools", ...allowed], more);
  expect([stdout, stage.model.problems]).toEqual(["It runs.\n", []]);

  const [first] = stage.model.heard;
  const heard = JSON.stringify(stage.model.heard);
  expect(heard).toContain("mongodb-for-app");
  expect(first?.user).toContain(`${before}delete_project`);
  const [, , account, , , user, started] = stage.model.results();
  expect(heard).toContain("Never agree for the user");
  expect(objectIn(account ?? "")).toMatchObject({
    backend: "atlas",
    scope: { orgId: stage.sandbox.orgId },
    policy: { allowDelete: true, readOnly: false },
  });
  // The shell's two streams: what the application says, and what `run` says of the sandbox.
  expect(started?.split("\n").filter((line) => line === "true")).toEqual(["true"]);
  expect(started).toContain("This is the sandbox: no database is behind its address");
  const file = readFileSync(objectIn(user ?? "").credentialsFile, "utf8");
  const [, password = "none"] = /^MONGODB_PASSWORD='(.+)'$/m.exec(file) ?? [];
  expect(password.length).toBeGreaterThan(20);
  for (const hidden of [password, secret]) expect(heard).not.toContain(hidden);
  expect(stage.outside()).toEqual([]);
});
