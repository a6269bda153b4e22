import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { actionsOf, callAll, liveNames, rpcCodeOf } from "../support/contract.ts";
import type { Listed } from "../support/journey.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

describe("a server that is fixed to one project", () => {
  let sandbox: LiveSandbox;
  let driver: Driver;
  let tools: Listed[];
  let mine: string;
  let other: string;

  const project = async (name: string): Promise<string> => {
    const everyone = await connect("v2 modern", { env: sandbox.env });
    try {
      const made = await everyone.call("create_project", { name, orgId: sandbox.orgId });
      return made.structured.project.id;
    } finally {
      await everyone.close();
    }
  };

  beforeAll(async () => {
    sandbox = await startSandbox();
    [mine, other] = await Promise.all([project("mine"), project("other")]);
    driver = await connect("v2 legacy", {
      env: { ...sandbox.env, MONGODB_ATLAS_PROJECT_ID: mine },
    });
    tools = await driver.listTools();
  });
  afterAll(async () => {
    await driver.close();
    await sandbox.close();
  });

  it.each(["create_flex_cluster", "get_flex_cluster"])("hides the project from %s", (name) => {
    const schema = tools.find((tool) => tool.name === name)?.inputSchema;
    expect(schema?.properties).not.toHaveProperty("groupId");
    expect(schema?.required).not.toContain("groupId");
  });

  it("does not list create_project, nor deletes of data that nobody has allowed", () => {
    const off = /^create_project$|^delete_(project|flex_cluster)$/;
    expect(tools.map(({ name }) => name)).toEqual(liveNames.filter((name) => !off.test(name)));
  });

  it("refuses a call of create_project as one of an unknown tool", async () => {
    const call = driver.call("create_project", { name: "shop", orgId: sandbox.orgId });
    expect(await rpcCodeOf(call)).toBe(-32602);
  });

  it("fills the project in", async () => {
    const args = { name: "filled", providerSettings: aws };
    const { structured } = await driver.call("create_flex_cluster", args);
    expect(structured).toMatchObject({ outcome: "created", cluster: { groupId: mine } });
  });

  it("accepts the same project", async () => {
    const args = { groupId: mine, name: "equal", providerSettings: aws };
    const { structured } = await driver.call("create_flex_cluster", args);
    expect(structured).toMatchObject({ outcome: "created", cluster: { groupId: mine } });
  });

  it("denies another project by policy, and sends nothing", async () => {
    const before = (await sandbox.state()).requests.length;
    const args = { groupId: other, name: "db", providerSettings: aws };
    const { structured } = await driver.call("create_flex_cluster", args);
    expect(structured.error).toMatchObject({ code: "policy_denied", outcome: "not_created" });
    expect((await sandbox.state()).requests).toHaveLength(before);
  });

  it("denies another project to a read, and sends nothing", async () => {
    const before = (await sandbox.state()).requests.length;
    const { structured } = await driver.call("get_flex_cluster", { groupId: other, name: "db" });
    expect(structured.error).toMatchObject({ code: "policy_denied", outcome: "no_change" });
    expect((await sandbox.state()).requests).toHaveLength(before);
  });

  it("lists no other project", async () => {
    const { structured } = await driver.call("list_projects");
    expect(structured.projects.map((one: { id: string }) => one.id)).toEqual([mine]);
    expect(structured.totalCount).toBe(1);
  });

  it("tells in get_account of its scope and of what it has switched off", async () => {
    const { structured } = await driver.call("get_account");
    expect(structured.scope).toEqual({ groupId: mine });
    expect(structured.projects.map((one: { id: string }) => one.id)).toEqual([mine]);
    expect(structured.switchedOff).toContainEqual({
      tool: "create_project",
      reason: expect.stringContaining("project"),
    });
  });

  it("leaves the hidden argument out of its next actions, which work as they stand", async () => {
    const args = { name: "twice", providerSettings: aws };
    await driver.call("create_flex_cluster", args);
    const actions = actionsOf(await driver.call("create_flex_cluster", args));
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action.arguments).not.toHaveProperty("groupId");
    const results = await callAll(driver, actions);
    expect(results.map(({ structured }) => structured.status)).toEqual(results.map(() => "ok"));
  });
});
