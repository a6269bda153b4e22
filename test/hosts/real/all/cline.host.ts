/** Cline's command line, driven without a terminal. */
import { afterEach, describe, expect, it } from "vitest";
import { installed } from "../../tools.ts";
import * as expected from "../journey.ts";
import type { Script } from "../model/server.ts";
import { rowOf } from "../page.ts";
import { type Stage, startStage } from "../stage.ts";

const host = "Cline";
const before = "atlas-provision__";
const row = rowOf(host);

const cline = installed("../real/all/node_modules/@cline/cli-linux-x64/bin/cline");

let stage: Stage;
const env = { CLINE_DISABLE_CLINE_PASS_NOTICE: "1" };
const run = (...args: string[]) => stage.run(cline, args, env);

const start = async (script: (orgId: string) => Script, settings = {}) => {
  stage = await startStage(script, settings);
  const quiet = { telemetryOptOut: true, autoUpdateEnabled: false };
  stage.write(".cline/data/settings/global-settings.json", quiet);
  await stage.setUp("cline");
  const model = ["-p", "openai", "-k", "none", "-m", "scripted", "-b", `${stage.model.url}/v1`];
  expect(await run("auth", ...model)).toMatchObject({ code: 0 });
};
afterEach(async () => {
  // Telemetry is off; it asks for its features, its models and its user.
  const asked = /^CONNECT (data\.cline\.bot|api\.cline\.bot|models\.dev):443$/;
  expect(stage.outside().filter((what) => !asked.test(what))).toEqual([]);
  await stage.close();
});

describe("Cline", () => {
  it("lets its model do the journey", async () => {
    await start(expected.journey, { ATLAS_MCP_CONFIRM: "never" });
    const { stdout } = await run("Make a cluster");
    expect(stdout).toContain("All done.");
    expect(expected.protocolOf(stage)).toBe(row.Protocol);
    expect(expected.offered(stage.model.heard[0], before)).toEqual(expected.listed(stage));
    // Its protocol has no structured content, and it shows the whole result: once, as JSON within JSON.
    await expected.expectJourney(stage, row["Model reads"]);
  });

  it("has its model ask", async () => {
    await start(expected.confirmation);
    const terminal = stage.open(cline, ["--tui"], env);
    await terminal.shows(/Use \/ for slash commands/);
    await terminal.send("Make a cluster");
    await terminal.shows(/May I\? Create flex cluster "orders"/);
    expect(await expected.clusterNames(stage)).toEqual([]);
    await terminal.send("Yes, do");
    await terminal.shows(/All done/);
    expect(await expected.clusterNames(stage)).toEqual(["orders"]);
    expect(stage.messages().map(({ method }) => method)).not.toContain("prompts/list");
    await terminal.send("/quit");
    expect(await terminal.exited).toBe(0);
  });
});
