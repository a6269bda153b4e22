/** Codex CLI, driven with `exec` and in a terminal. */
import { afterEach, describe, expect, it } from "vitest";
import { installed } from "../tools.ts";
import * as expected from "./journey.ts";
import { objectIn, type Script } from "./model/server.ts";
import { rowOf, wordsOf } from "./page.ts";
import { type Stage, startStage } from "./stage.ts";
import { keys, readAsAPerson } from "./terminal.ts";

const host = "Codex CLI";
// The group of the tools, and a space before the name of each.
const before = "mcp__atlas_provision ";
const row = rowOf(host);

const codex = installed(
  "../real/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex",
);

const settings = ({ work, model }: Stage) => `
model = "scripted"
model_provider = "scripted"
check_for_update_on_startup = false

[analytics]
enabled = false

[features]
apps = false
plugins = false

[tui]
show_tooltips = false

[projects."${work}"]
trust_level = "trusted"

[model_providers.scripted]
name = "scripted"
base_url = "${model.url}/v1"
wire_api = "responses"
`;

const approve = ["-c", 'mcp_servers.atlas-provision.default_tools_approval_mode="approve"'];

let stage: Stage;
const start = async (script: (orgId: string) => Script, server = {}) => {
  stage = await startStage(script, server);
  stage.write(".codex/config.toml", settings(stage));
  expect(await stage.run(codex, wordsOf(host, "--env", stage.serverEnv))).toMatchObject({
    code: 0,
  });
};
afterEach(() => stage.close());

const exec = (...args: string[]) =>
  stage.run(codex, ["exec", "--skip-git-repo-check", ...args, "Make a cluster"]);

describe("Codex CLI", () => {
  it("lets its model do the journey", async () => {
    stage = await startStage(expected.journey, { ATLAS_MCP_CONFIRM: "never" });
    stage.write(".codex/config.toml", settings(stage));
    await stage.setUp("codex");
    expect(await exec(...approve)).toMatchObject({ code: 0, stdout: "All done.\n" });
    expect(expected.protocolOf(stage)).toBe(row.Protocol);
    expect(expected.offered(stage.model.heard[0], before)).toEqual(expected.listed(stage));
    expect(expected.isInstructed(stage)).toBe(true);
    await expected.expectJourney(stage, row["Model reads"]);
    expect(stage.outside()).toEqual([]);
  });

  it("calls nothing without a person, unless the entry approves it", async () => {
    await start(expected.journey);
    await exec();
    const refused = /requires approval, but approval policy is never/;
    expect(stage.model.results()).toEqual(Array(3).fill(expect.stringMatching(refused)));
    expect(expected.answered(stage)).toEqual([]);
  });

  it("answers a question by itself where nobody can be asked", async () => {
    await start(expected.confirmation);
    const { stdout } = await exec(...approve);
    expect(stdout).toMatch(/^May I\? This host answered the question by itself, .* 8 to 30 USD/);
    expect(await expected.clusterNames(stage)).toEqual([]);
  });

  it("shows a question, and ends", async () => {
    await start(expected.questions);
    const terminal = stage.open(codex, approve);
    await terminal.shows(/Ask Codex to do anything/);
    await terminal.send("Make two clusters");
    await terminal.shows(
      /Create flex cluster "orders"[\s\S]*8 to 30 USD[\s\S]*I agree[\s\S]*› 2\. False/,
    );
    await terminal.type(keys.up);
    await terminal.shows(/› 1\. True/);
    await terminal.type(keys.enter);
    // Enter alone is no yes.
    await terminal.shows(/Create flex cluster "second"[\s\S]*I agree[\s\S]*› 2\. False/);
    await readAsAPerson();
    await terminal.type(keys.enter);
    await terminal.shows(/Both were asked/);
    expect(stage.model.results().map((text) => objectIn(text).error?.code)).toContain("declined");
    expect(await expected.clusterNames(stage)).toEqual(["orders"]);

    await terminal.send("/mcp");
    await terminal.shows(/atlas-provision: connected \(15 tools\)/);
    await terminal.send("/quit");
    expect(await terminal.exited).toBe(0);
    // It asks for a line of news, and for nothing else.
    expect(stage.outside()).toEqual(["CONNECT raw.githubusercontent.com:443"]);
  });
});
