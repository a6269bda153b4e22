import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { actionsOf, callAll } from "../support/contract.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { sharedFixture } from "./fixture.ts";

const shared = sharedFixture({ kind: "v2 modern", atlas: { rateLimits: false } });

const makeCluster = (sandbox: LiveSandbox, groupId: string, name: string) =>
  sandbox.make(`/groups/${groupId}/flexClusters`, { name, providerSettings: aws });

describe("list_flex_clusters", () => {
  it("of an account without clusters says that there is none", () =>
    shared(async ({ driver, sandbox }) => {
      const before = (await sandbox.state()).requests.length;
      const { structured } = await driver.call("list_flex_clusters");
      expect(structured).toEqual({
        status: "ok",
        backend: "atlas",
        outcome: "found",
        clusters: [],
        totalCount: 0,
        estimatedMonthlyUsd: { from: 0, to: 0 },
        otherClusters: [],
      });
      const asked = (await sandbox.state()).requests.slice(before);
      expect(asked.map(({ operation }) => operation)).toEqual([
        "listGroups",
        "listGroupFlexClusters",
      ]);
    }));

  it("shows short rows of all projects by name, and what they may cost", () =>
    shared(async ({ driver, sandbox, groupId }) => {
      const { id: first } = await sandbox.make("/groups", { name: "a", orgId: sandbox.orgId });
      await makeCluster(sandbox, groupId, "db");
      await makeCluster(sandbox, first, "two");
      await makeCluster(sandbox, first, "one");
      const { structured } = await driver.call("list_flex_clusters");
      const row = { stateName: "IDLE", provider: "AWS", region: "US_EAST_1" };
      expect(structured).toMatchObject({
        totalCount: 3,
        estimatedMonthlyUsd: { from: 24, to: 90 },
        otherClusters: [],
      });
      expect(structured.clusters).toEqual([
        { groupId: first, projectName: "a", name: "one", ...row },
        { groupId: first, projectName: "a", name: "two", ...row },
        { groupId, projectName: "home", name: "db", ...row },
      ]);
      for (const member of ["notReadable", "note", "nextActions"])
        expect(structured).not.toHaveProperty(member);
    }));

  it("shows those of one project, or says that there is no such project", () =>
    shared(async ({ driver, sandbox, groupId }) => {
      const { id: first } = await sandbox.make("/groups", { name: "a", orgId: sandbox.orgId });
      for (const id of [groupId, first]) await makeCluster(sandbox, id, "db");
      const { structured } = await driver.call("list_flex_clusters", { groupId });
      expect([structured.totalCount, structured.clusters[0].groupId]).toEqual([1, groupId]);
      const none = await driver.call("list_flex_clusters", { groupId: "a".repeat(24) });
      expect(none.structured.error).toMatchObject({ code: "not_found", outcome: "no_change" });
    }));

  it("shows 100 at a time, in one order, with the next page as next action", () =>
    shared(async ({ driver, sandbox }) => {
      for (let at = 0; at < 7; at += 1) {
        const { id } = await sandbox.make("/groups", { name: `p-${at}`, orgId: sandbox.orgId });
        for (let n = 0; n < 15; n += 1) await makeCluster(sandbox, id, `c-${n}`);
      }
      const first = await driver.call("list_flex_clusters", { orgId: sandbox.orgId });
      expect(first.structured).toMatchObject({
        totalCount: 105,
        estimatedMonthlyUsd: { from: 840, to: 3150 },
      });
      expect(Buffer.byteLength(first.text)).toBeLessThan(40_000);
      const actions = actionsOf(first);
      expect(actions).toMatchObject([
        { tool: "list_flex_clusters", arguments: { orgId: sandbox.orgId, pageNum: 2 } },
      ]);
      const [second] = await callAll(driver, actions);
      expect(second?.structured.totalCount).toBe(105);
      expect(second?.structured).not.toHaveProperty("nextActions");
      const rows = [...first.structured.clusters, ...(second?.structured.clusters ?? [])];
      const keys = rows.map(({ projectName, name }) => `${projectName}/${name}`);
      expect(first.structured.clusters).toHaveLength(100);
      expect(new Set(keys).size).toBe(105);
      expect(keys).toEqual(keys.toSorted());
    }));

  it("leaves out a project that refuses to be read, and says that the figures are at least", () =>
    shared(async ({ driver, sandbox, groupId }) => {
      const { id: first } = await sandbox.make("/groups", { name: "a", orgId: sandbox.orgId });
      for (const id of [groupId, first]) await makeCluster(sandbox, id, "db");
      await sandbox.script("listGroupFlexClusters", "error:401:USER_CANNOT_ACCESS_GROUP");
      const { structured } = await driver.call("list_flex_clusters");
      expect(structured).toMatchObject({
        totalCount: 1,
        estimatedMonthlyUsd: { from: 8, to: 30 },
        notReadable: 1,
        note: expect.stringMatching(
          /^At least: 1 project could not be read: \w{24} \(forbidden\)\.$/,
        ),
      });
    }));

  it("counts a project whose error lasts as not read, and gets over one that passes", () =>
    shared(async ({ driver, sandbox, groupId }) => {
      const { id: first } = await sandbox.make("/groups", { name: "a", orgId: sandbox.orgId });
      await makeCluster(sandbox, groupId, "db");
      await sandbox.script("listGroupFlexClusters", "error:500:UNEXPECTED_ERROR", 2);
      expect((await driver.call("list_flex_clusters")).structured.totalCount).toBe(1);
      await makeCluster(sandbox, first, "db");
      await sandbox.script("listGroupFlexClusters", "error:500:UNEXPECTED_ERROR", 5);
      const { structured } = await driver.call("list_flex_clusters");
      expect(structured).toMatchObject({ totalCount: 1, notReadable: 1 });
      expect(structured.note).toContain("(unavailable)");
    }));
});

describe("list_flex_clusters within bounds", () => {
  const [mine, other] = ["a".repeat(24), "b".repeat(24)];
  let sandbox: LiveSandbox;
  const drivers: Driver[] = [];
  beforeAll(async () => {
    sandbox = await startSandbox({
      rateLimits: false,
      organizations: [
        { id: mine, name: "Mine" },
        { id: other, name: "Other" },
      ],
    });
  });
  afterAll(async () => {
    await Promise.all(drivers.map((driver) => driver.close()));
    await sandbox.close();
  });
  let [near, far] = ["", ""];
  beforeEach(async () => {
    await sandbox.reset();
    near = (await sandbox.make("/groups", { name: "near", orgId: mine })).id;
    far = (await sandbox.make("/groups", { name: "far", orgId: other })).id;
    for (const id of [near, far]) await makeCluster(sandbox, id, "db");
  });

  const under = async (args: string[]) => {
    const driver = await connect("v2 modern", { env: sandbox.env, args });
    drivers.push(driver);
    return driver;
  };

  it("of an organization sees nothing of another", async () => {
    const driver = await under(["--org", mine]);
    const { structured } = await driver.call("list_flex_clusters");
    expect(structured).toMatchObject({ totalCount: 1, clusters: [{ projectName: "near" }] });
    for (const args of [{ orgId: other }, { groupId: far }])
      expect((await driver.call("list_flex_clusters", args)).structured.error).toMatchObject({
        code: "policy_denied",
      });
  });

  it("of a project sees that one alone", async () => {
    const driver = await under(["--project", near]);
    const { structured } = await driver.call("list_flex_clusters");
    expect(structured).toMatchObject({ totalCount: 1, clusters: [{ groupId: near }] });
  });
});
