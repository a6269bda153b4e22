import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Harness, openHarness } from "../faults/harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness(20);
});
beforeEach(() => harness.reset());
afterAll(() => harness.close());

/** So many hours from now. */
const within = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

const project = (more: object = {}) => ({ name: "shop", orgId: harness.sandbox.orgId, ...more });

describe("a policy that requires leases", () => {
  const open = () => harness.process({ rules: { requireSweepAfter: true } });

  it.each([
    ["no lease", {}],
    ["no end", { sweepAfter: "never" }],
  ])("refuses a project with %s, and sends nothing", async (_what, more) => {
    const { error } = await open().call("create_project", project(more));
    expect(error).toMatchObject({
      code: "policy_denied",
      outcome: "not_created",
      message: expect.stringContaining("requireSweepAfter"),
      fields: [{ path: "sweepAfter" }],
    });
    expect((await harness.state()).projects).toEqual([]);
  });

  it("takes the lease that a cluster has from its project", async () => {
    const server = open();
    const made = await server.call("create_project", project({ sweepAfter: within(5) }));
    const groupId = made.project.id;
    const db = {
      groupId,
      name: "db",
      providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
    };
    expect((await server.call("create_flex_cluster", db)).cluster.sweepAfter).toBe(
      made.project.sweepAfter,
    );
    const bare = await harness.makeProject("bare");
    const { error } = await server.call("create_flex_cluster", { ...db, groupId: bare });
    expect(error.code).toBe("policy_denied");
  });

  it("lets nobody take a lease away, and lets everything else change", async () => {
    const server = open();
    const groupId = await harness.makeProject("shop");
    await harness.makeCluster(groupId, "db");
    const update = (more: object) =>
      server.call("update_flex_cluster", { groupId, name: "db", ...more });
    const tags = [{ key: "team", value: "shop" }];
    expect((await update({ tags })).outcome).toBe("updated");
    expect((await update({ sweepAfter: within(5) })).outcome).toBe("updated");
    expect((await update({ sweepAfter: "never" })).error).toMatchObject({
      code: "policy_denied",
      outcome: "not_updated",
    });
  });
});

describe("a policy that bounds lives", () => {
  const open = () => harness.process({ rules: { maxLifetimeHours: 24 } });

  it.each([
    ["a later end", { sweepAfter: within(25) }],
    ["no end", { sweepAfter: "never" }],
    ["nothing said of the end", {}],
  ])("refuses %s", async (_what, more) => {
    const { error } = await open().call("create_project", project(more));
    expect(error).toMatchObject({
      code: "policy_denied",
      message: expect.stringContaining("maxLifetimeHours"),
      fields: [{ path: "sweepAfter", problem: expect.stringContaining("24 hours") }],
    });
  });

  it("counts from the creation, so that small steps lead no further", async () => {
    const server = open();
    const made = await server.call("create_project", project({ sweepAfter: within(20) }));
    const groupId = made.project.id;
    const extend = (hours: number) =>
      server.call("update_project", { groupId, sweepAfter: within(hours) });
    expect((await extend(23)).outcome).toBe("updated");
    expect((await extend(26)).error).toMatchObject({
      code: "policy_denied",
      outcome: "not_updated",
    });
  });
});
