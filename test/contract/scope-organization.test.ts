import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { actionsOf, callAll } from "../support/contract.ts";
import type { Listed } from "../support/journey.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";

const mine = "aaaaaaaaaaaaaaaaaaaaaaaa";
const other = "bbbbbbbbbbbbbbbbbbbbbbbb";

describe("a server that is fixed to one organization", () => {
  let sandbox: LiveSandbox;
  let driver: Driver;
  let everyone: Driver;

  beforeAll(async () => {
    sandbox = await startSandbox({
      organizations: [
        { id: mine, name: "Mine" },
        { id: other, name: "Other" },
      ],
    });
    [driver, everyone] = await Promise.all([
      connect("v2 modern", { env: { ...sandbox.env, MONGODB_ATLAS_ORG_ID: mine } }),
      connect("v2 modern", { env: sandbox.env }),
    ]);
  });
  beforeEach(() => sandbox.reset());
  afterAll(async () => {
    await Promise.all([driver.close(), everyone.close()]);
    await sandbox.close();
  });

  const inputOf = async (from: Driver, name: string) => {
    const tools: Listed[] = await from.listTools();
    return tools.find((tool) => tool.name === name)?.inputSchema ?? {};
  };

  it.each(["create_project", "list_projects"])("hides the organization from %s", async (name) => {
    expect(Object.keys((await inputOf(everyone, name)).properties)).toContain("orgId");
    expect(Object.keys((await inputOf(driver, name)).properties)).not.toContain("orgId");
  });

  it("does not require what it hides", async () => {
    expect((await inputOf(everyone, "create_project")).required).toContain("orgId");
    expect((await inputOf(driver, "create_project")).required).not.toContain("orgId");
  });

  it("takes the same scope from the flag --org", async () => {
    const flagged = await connect("v1", { env: sandbox.env, args: ["--org", mine] });
    try {
      expect(Object.keys((await inputOf(flagged, "create_project")).properties)).not.toContain(
        "orgId",
      );
    } finally {
      await flagged.close();
    }
  });

  it("fills the organization in", async () => {
    const { structured } = await driver.call("create_project", { name: "shop" });
    expect(structured).toMatchObject({ outcome: "created", project: { orgId: mine } });
  });

  it("accepts the same organization", async () => {
    const { structured } = await driver.call("create_project", { name: "shop", orgId: mine });
    expect(structured).toMatchObject({ outcome: "created", project: { orgId: mine } });
  });

  it("denies another organization by policy, and makes nothing", async () => {
    const { structured, isError } = await driver.call("create_project", {
      name: "shop",
      orgId: other,
    });
    expect(isError).toBe(true);
    expect(structured.error).toMatchObject({ code: "policy_denied", outcome: "not_created" });
  });

  it("denies another organization to a read as well", async () => {
    const { structured } = await driver.call("list_projects", { orgId: other });
    expect(structured.error).toMatchObject({ code: "policy_denied", outcome: "no_change" });
  });

  it("sends nothing to Atlas for what it denies", async () => {
    await driver.call("create_project", { name: "shop", orgId: other });
    await driver.call("list_projects", { orgId: other });
    expect((await sandbox.state()).requests).toEqual([]);
  });

  it("lists only the projects of its organization", async () => {
    await everyone.call("create_project", { name: "theirs", orgId: other });
    await everyone.call("create_project", { name: "ours", orgId: mine });
    const { structured } = await driver.call("list_projects");
    expect(structured.projects.map((one: { name: string }) => one.name)).toEqual(["ours"]);
  });

  it("tells of its scope in get_account, and shows no other organization", async () => {
    await everyone.call("create_project", { name: "theirs", orgId: other });
    const { structured } = await driver.call("get_account");
    expect(structured.scope).toEqual({ orgId: mine });
    expect(structured.organizations.map((one: { id: string }) => one.id)).toEqual([mine]);
    expect(structured.projects).toEqual([]);
  });

  it("leaves the hidden argument out of its next actions, which work as they stand", async () => {
    await driver.call("create_project", { name: "shop" });
    const taken = await driver.call("create_project", { name: "shop" });
    const actions = actionsOf(taken);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action.arguments).not.toHaveProperty("orgId");
    const results = await callAll(driver, actions);
    expect(results.map(({ structured }) => structured.status)).toEqual(results.map(() => "ok"));
  });

  it("still takes a cluster's project as an argument", async () => {
    const made = await driver.call("create_project", { name: "shop" });
    const groupId = made.structured.project.id;
    const args = { groupId, name: "db", providerSettings: aws };
    const { structured } = await driver.call("create_flex_cluster", args);
    expect(structured).toMatchObject({ outcome: "created", cluster: { groupId } });
  });
});
