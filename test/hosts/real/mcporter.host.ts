/** mcporter, which starts a process for each call. Who calls it is a person or a script: there is no model. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aws } from "../../support/live-sandbox.ts";
import { installed, node24 } from "../tools.ts";
import * as expected from "./journey.ts";
import { entryOf, rowOf } from "./page.ts";
import { type Stage, startStage } from "./stage.ts";

const host = "mcporter";
const program = installed("../real/node_modules/mcporter/dist/cli.js");

let stage: Stage;
beforeEach(async () => {
  stage = await startStage(() => []);
  const { mcpServers } = JSON.parse(entryOf(host));
  mcpServers["atlas-provision"].env = stage.serverEnv;
  // Without the servers of other hosts on this machine.
  stage.write("work/config/mcporter.json", { mcpServers, imports: [] });
});
afterEach(() => stage.close());

const mcporter = (...args: string[]) => stage.run(node24(), [program, ...args]);

const call = async (tool: string, args: object) => {
  const given = ["--args", JSON.stringify(args)];
  const { code, stdout } = await mcporter("call", `atlas-provision.${tool}`, ...given);
  return { code, ...JSON.parse(stdout) };
};

describe("mcporter", () => {
  it("connects, and lists the tools as functions", async () => {
    expect((await mcporter("list")).stdout).toMatch(/atlas-provision .*\(15 tools/);
    const { stdout } = await mcporter("list", "atlas-provision");
    const functions = [...stdout.matchAll(/^ {2}function (\w+)\(/gm)].map(([, name]) => name);
    expect(functions.sort()).toEqual(expected.listed(stage));
    expect(expected.protocolOf(stage)).toBe(rowOf(host).Protocol);
    expect(stage.outside()).toEqual([]);
  });

  it("calls, is asked for a confirmation, and shows an error with its exit code", async () => {
    const { shown, ...made } = await call("create_project", {
      name: "shop",
      orgId: stage.sandbox.orgId,
    });
    expect(made).toMatchObject({ code: 0, outcome: "created" });
    expect(shown).toBe(rowOf(host)["Model reads"]);

    const cluster = { groupId: made.project.id, name: "orders", providerSettings: aws };
    const asked = await call("create_flex_cluster", { ...cluster, waitSeconds: 30 });
    expect(asked).toMatchObject({ code: 0, status: "needs_confirmation" });
    expect(await expected.clusterNames(stage)).toEqual([]);
    // Another process takes the confirmation.
    const [{ tool, arguments: args }] = asked.nextActions;
    expect(await call(tool, args)).toMatchObject({ code: 0, outcome: "created", ready: true });
    expect(await expected.clusterNames(stage)).toEqual(["orders"]);

    const refused = await call("create_project", { name: "shop!", orgId: stage.sandbox.orgId });
    expect(refused).toMatchObject({ code: 1, error: { code: "invalid_input" } });
    expect(stage.outside()).toEqual([]);
  });
});
