/** OpenCode, driven with `run`. */
import { afterEach, describe, expect, it } from "vitest";
import { installed } from "../../tools.ts";
import * as expected from "../journey.ts";
import type { Script } from "../model/server.ts";
import { rowOf } from "../page.ts";
import { type Stage, startStage } from "../stage.ts";

const host = "OpenCode";
const before = "atlas-provision_";
const row = rowOf(host);

const opencode = installed("../real/all/node_modules/opencode-linux-x64/bin/opencode");

let stage: Stage;
const start = async (script: (orgId: string) => Script, settings = {}) => {
  stage = await startStage(script, settings);
  const options = { baseURL: `${stage.model.url}/v1`, apiKey: "none" };
  stage.write(".config/opencode/opencode.json", {
    autoupdate: false,
    share: "disabled",
    model: "scripted/scripted",
    small_model: "scripted/scripted",
    enabled_providers: ["scripted"],
    provider: {
      scripted: { npm: "@ai-sdk/openai-compatible", options, models: { scripted: {} } },
    },
  });
  await stage.setUp("opencode");
};
afterEach(async () => {
  // It looks for its own plugin, and for nothing else.
  expect(new Set(stage.outside())).toEqual(new Set(["CONNECT registry.npmjs.org:443"]));
  await stage.close();
});

const run = (...args: string[]) =>
  stage.run(opencode, ["run", ...args], {
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
  });

describe("OpenCode", () => {
  it("lets its model do the journey", async () => {
    await start(expected.journey, { ATLAS_MCP_CONFIRM: "never" });
    const { stdout } = await run("Make a cluster");
    expect(stdout).toBe("All done.\n");
    expect(expected.protocolOf(stage)).toBe(row.Protocol);
    expect(expected.offered(stage.model.heard[0], before)).toEqual(expected.listed(stage));
    await expected.expectJourney(stage, row["Model reads"]);
    // It cancels each call that has been answered, which does no harm.
    const cancelled = stage.messages().filter(({ method }) => method === "notifications/cancelled");
    expect(cancelled).toHaveLength(3);
    expect(expected.progressIn(stage)).toContain("Flex cluster orders is CREATING (0 of 30 s).");
  });

  it("has its model ask", async () => {
    await start(expected.confirmation);
    const { stdout } = await run("Make a cluster");
    expect(stdout).toMatch(/^May I\? Create flex cluster "orders" .* 8 to 30 USD a month/);
    expect(await expected.clusterNames(stage)).toEqual([]);
    // Another process takes the confirmation.
    expect((await run("--continue", "Yes, do")).stdout).toBe("All done.\n");
    expect(await expected.clusterNames(stage)).toEqual(["orders"]);
  });

  it("has the prompt as a command", async () => {
    await start(() => ["I have read it."]);
    const command = "atlas-provision:provision_flex_cluster";
    const words = ["orders", "203.0.113.7", "shop", "frankfurt"];
    const { stdout } = await run("--command", command, ...words);
    expect(stdout).toBe("I have read it.\n");
    // The words of its user stand where they belong, and not below the prompt.
    const read = stage.model.heard.at(-1)?.user;
    expect(read).toContain(
      'cluster "orders" (if that is empty: ask me for a name), region "frankfurt"',
    );
    expect(read).not.toContain(words.join(" "));
  });
});
