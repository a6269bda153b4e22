import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { actionsOf, callAll, readNames, rpcCodeOf } from "../support/contract.ts";
import type { Listed } from "../support/journey.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

const reads = readNames;

describe("a read-only server", () => {
  let sandbox: LiveSandbox;
  let driver: Driver;
  let groupId: string;

  beforeAll(async () => {
    sandbox = await startSandbox();
    const writer = await connect("v1", { env: sandbox.env });
    const made = await writer.call("create_project", { name: "shop", orgId: sandbox.orgId });
    groupId = made.structured.project.id;
    await writer.call("create_project", { name: "second", orgId: sandbox.orgId });
    for (const name of ["db", "second"])
      await writer.call("create_flex_cluster", { groupId, name, providerSettings: aws });
    await writer.close();
    driver = await connect("v1", { env: { ...sandbox.env, ATLAS_MCP_READ_ONLY: "true" } });
  });
  afterAll(async () => {
    await driver.close();
    await sandbox.close();
  });

  it("lists only tools that read", async () => {
    const tools: Listed[] = await driver.listTools();
    expect(tools.map(({ name }) => name)).toEqual(reads);
    for (const { annotations } of tools) expect(annotations?.readOnlyHint).toBe(true);
  });

  it.each([
    ["create_project", { name: "more" }],
    ["create_flex_cluster", { name: "more", providerSettings: aws }],
  ])("refuses %s as an unknown tool", async (name, args) => {
    const all = { ...args, orgId: sandbox.orgId, groupId };
    expect(await rpcCodeOf(driver.call(name, all))).toBe(-32602);
  });

  it("reads", async () => {
    const { structured } = await driver.call("get_flex_cluster", { groupId, name: "db" });
    expect(structured).toMatchObject({ status: "ok", ready: true });
  });

  it.each([
    ["a cluster that is not there", "get_flex_cluster", { name: "missing" }],
    ["a project that is not there", "get_flex_cluster", { groupId: "f".repeat(24), name: "db" }],
    ["no project", "get_flex_cluster", { groupId: undefined, name: "db" }],
    ["another page", "list_projects", { itemsPerPage: 1 }],
  ])("names only tools that are on after %s", async (_what, tool, args) => {
    const all = tool === "get_flex_cluster" ? { groupId, ...args } : args;
    const result = await driver.call(tool, all);
    const actions = actionsOf(result);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(reads).toContain(action.tool);
    for (const { structured } of await callAll(driver, actions))
      expect(structured.error?.code).not.toBe("invalid_input");
  });

  it("names no tool that is off in its account either", async () => {
    const result = await driver.call("get_account");
    for (const action of actionsOf(result)) expect(reads).toContain(action.tool);
  });

  it("tells in get_account that it is read-only, and what that switches off", async () => {
    const { structured } = await driver.call("get_account");
    expect(structured.policy.readOnly).toBe(true);
    expect(structured.switchedOff.map((one: { tool: string }) => one.tool)).toEqual(
      expect.arrayContaining(["create_project", "create_flex_cluster"]),
    );
  });

  it("is what --read-only makes of a server as well", async () => {
    const flagged = await connect("v2 modern", { env: sandbox.env, args: ["--read-only"] });
    try {
      const tools = await flagged.listTools();
      expect(tools.map(({ name }) => name)).toEqual(reads);
    } finally {
      await flagged.close();
    }
  });
});
