/** Gemini CLI, driven with `-p` and in a terminal. */
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../../support/until.ts";
import { installed, node24 } from "../tools.ts";
import * as expected from "./journey.ts";
import type { Script } from "./model/server.ts";
import { rowOf } from "./page.ts";
import { type Stage, startStage } from "./stage.ts";

const host = "Gemini CLI";
const before = "mcp_atlas-provision_";
const row = rowOf(host);

const gemini = installed("../real/node_modules/@google/gemini-cli/bundle/gemini.js");

let stage: Stage;
let env: Record<string, string>;
const start = async (script: (orgId: string) => Script, server = {}) => {
  stage = await startStage(script, server);
  env = { GEMINI_API_KEY: "none", GOOGLE_GEMINI_BASE_URL: stage.model.url };
  stage.write(".gemini/settings.json", {
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    privacy: { usageStatisticsEnabled: false },
    security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
  });
  await stage.setUp("gemini");
};
afterEach(() => stage.close());

// With a model that is named it does not ask another which to take.
const named = [gemini, "--model", "gemini-2.5-pro"];

describe("Gemini CLI", () => {
  it("lets its model do the journey", async () => {
    await start(expected.journey, { ATLAS_MCP_CONFIRM: "never" });
    const args = [...named, "--approval-mode", "yolo", "-p", "Make a cluster"];
    const { stdout } = await stage.run(node24(), args, env);
    expect(stdout).toBe("All done.\n");
    expect(expected.protocolOf(stage)).toBe(row.Protocol);
    expect(expected.offered(stage.model.heard[0], before)).toEqual(expected.listed(stage));
    expect(expected.isInstructed(stage)).toBe(true);
    await expected.expectJourney(stage, row["Model reads"]);
    expect(stage.outside()).toEqual([]);
  });

  it("shows the prompt, has its model ask, and ends", async () => {
    await start((orgId) => ["I have read it.", ...expected.confirmation(orgId)]);
    const terminal = stage.open(node24(), [...named, "--approval-mode", "yolo"], env);
    await terminal.shows(/Type your message/);
    // Before it is connected, even its own commands go to the model.
    await until(() => expected.listed(stage).length > 0, "the list of tools");
    // It knows the prompts only of servers that were quicker than it was; a reload asks again.
    await terminal.send("/mcp reload");
    await terminal.shows(/atlas-provision - Ready \(15 tools, 1 prompt\)/);
    await terminal.send("/provision_flex_cluster help");
    await terminal.shows(
      /--ipAddress\s+The IP address that will connect: one word, such as 203\.0\.113\.7/,
    );
    await terminal.send("/provision_flex_cluster --cluster=orders --region=frankfurt");
    await terminal.shows(/I have read it/);
    // As the text of a JSON string.
    expect(stage.model.heard.at(-1)?.user).toContain(
      'cluster \\"orders\\", region \\"frankfurt\\"',
    );

    await terminal.send("Make a cluster");
    await terminal.shows(/May I\? Create flex cluster "orders"[\s\S]*8 to 30 USD a month/);
    expect(await expected.clusterNames(stage)).toEqual([]);
    await terminal.send("Yes, do");
    await terminal.shows(/All done/);
    expect(await expected.clusterNames(stage)).toEqual(["orders"]);

    await terminal.send("/quit");
    expect(await terminal.exited).toBe(0);
    expect(stage.outside()).toEqual([]);
  });
});
