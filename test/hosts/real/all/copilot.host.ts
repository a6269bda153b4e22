/** Copilot CLI, driven with `-p` and in a terminal. */
import { afterEach, describe, expect, it } from "vitest";
import { installed } from "../../tools.ts";
import * as expected from "../journey.ts";
import { objectIn, type Script } from "../model/server.ts";
import { rowOf } from "../page.ts";
import { type Stage, startStage } from "../stage.ts";
import { keys, readAsAPerson } from "../terminal.ts";

const host = "Copilot CLI";
const before = "atlas-provision-";
const row = rowOf(host);

const copilot = installed("../real/all/node_modules/@github/copilot-linux-x64/copilot");
const always = ["--allow-all-tools", "--no-auto-update", "--disable-client-telemetry"];

let stage: Stage;
let env: Record<string, string>;
const start = async (script: (orgId: string) => Script, settings = {}) => {
  stage = await startStage(script, settings);
  env = {
    COPILOT_MODEL: "scripted",
    COPILOT_OFFLINE: "true",
    COPILOT_PROVIDER_API_KEY: "none",
    COPILOT_PROVIDER_BASE_URL: `${stage.model.url}/v1`,
  };
  await stage.setUp("copilot");
};
afterEach(() => stage.close());

describe("Copilot CLI", () => {
  it("lets its model do the journey", async () => {
    await start(expected.journey, { ATLAS_MCP_CONFIRM: "never", HOST_MARK: "no" });
    const { stdout } = await stage.run(copilot, ["-p", "Make a cluster", ...always], env);
    expect(stdout).toMatch(/● Create flex cluster \(MCP: atlas-provision\)[\s\S]*All done\./);
    expect(expected.protocolOf(stage)).toBe(row.Protocol);
    expect(expected.offered(stage.model.heard[0], before)).toEqual(expected.listed(stage));
    expect(expected.isInstructed(stage)).toBe(false);
    await expected.expectJourney(stage);
    expect(stage.outside()).toEqual([]);
    // Both forms say the same, so it leaves one out.
    for (const text of stage.model.results()) expect(text.split('"status"')).toHaveLength(2);
  });

  it("shows its model both forms of a result if they differ", async () => {
    await start(expected.journey, { ATLAS_MCP_CONFIRM: "never" });
    await stage.run(copilot, ["-p", "Make a cluster", ...always], env);
    const [first = ""] = stage.model.results();
    expect(first.match(/"shown":"\w+"/g)).toEqual(['"shown":"text"', '"shown":"structure"']);
    expect(row["Model reads"]).toBe("both");
  });

  it("answers a question by itself where nobody can be asked", async () => {
    await start(expected.confirmation);
    const { stdout } = await stage.run(copilot, ["-p", "Make a cluster", ...always], env);
    expect(stdout).toMatch(/May I\? This host answered the question by itself/);
    expect(await expected.clusterNames(stage)).toEqual([]);
  });

  it("shows the server's title, a question and progress, and ends", async () => {
    await start(expected.questions);
    const terminal = stage.open(copilot, always, env);
    await terminal.shows(/Do you trust the files in this folder/);
    await terminal.type(keys.enter);
    await terminal.shows(/1 server connected/);
    await terminal.send("Make two clusters");
    await terminal.shows(/atlas-provision needs information\.\s+Create flex cluster "orders"/);
    await terminal.shows(/8 to 30 USD a month[\s\S]*I agree:\s+Yes\s+❯ No/);
    await terminal.type(keys.up);
    await terminal.shows(/❯ Yes/);
    await terminal.type(keys.enter);
    await terminal.shows(/\d\.0: Flex cluster orders is CREATING \(\d of 30 s\)/);
    // Enter alone is no yes.
    await terminal.shows(/Create flex cluster "second"[\s\S]*I agree:\s+Yes\s+❯ No/);
    await readAsAPerson();
    await terminal.type(keys.enter);
    await terminal.shows(/Both were asked/);
    expect(stage.model.results().map((text) => objectIn(text).error?.code)).toContain("declined");
    expect(await expected.clusterNames(stage)).toEqual(["orders"]);

    await terminal.send("/mcp");
    await terminal.shows(/MongoDB Atlas provisioning/);
    await terminal.type(keys.escape);
    await terminal.shows(/\/ commands/);
    await terminal.send("/exit");
    expect(await terminal.exited).toBe(0);
    expect(stage.messages().map(({ method }) => method)).not.toContain("prompts/list");
    expect(stage.outside()).toEqual([]);
  });
});
