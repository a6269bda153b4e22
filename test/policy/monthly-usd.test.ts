import { describe, expect, it, onTestFinished } from "vitest";
import type { Rules } from "../../src/policy/rules.ts";
import { aws, type Harness, openHarness } from "../faults/harness.ts";
import { provision } from "../faults/provision.ts";
import { atlasWith, type FakeProject, idOf } from "../operations/many-projects.ts";
import { createFastClock } from "../support/fast-clock.ts";

const limited = (monthlyUsd: number, more: object = {}): Rules => ({
  limits: { monthlyUsd, ...more },
});

/** A server with these rules before a sandbox with two projects. */
const open = async (rules: Rules) => {
  const harness: Harness = await openHarness(20);
  const [one, two] = [await harness.makeProject("one"), await harness.makeProject("two")];
  const server = provision({
    baseUrl: harness.sandbox.url,
    account: harness.sandbox,
    clock: harness.clock,
    rules,
  });
  onTestFinished(async () => {
    await server.close();
    await harness.close();
  });
  const create = (groupId: string, name: string, more = {}) =>
    server.call("create_flex_cluster", { groupId, name, providerSettings: aws, ...more });
  return { harness, one, two, create };
};

const denied = {
  code: "policy_denied",
  outcome: "not_created",
  message: expect.stringContaining("rule limits.monthlyUsd"),
};

describe("a limit on the monthly cost", () => {
  it("counts the clusters of all projects: the last one passes, one more does not", async () => {
    const { harness, one, two, create } = await open(limited(60));
    await harness.makeCluster(one, "old");
    expect((await create(two, "last")).outcome).toBe("created");
    const answer = await create(one, "more");
    expect(answer.error).toMatchObject(denied);
    expect(answer.error.message).toContain("3 flex clusters, which may cost 90 USD a month");
    expect((await harness.state()).clusters).toHaveLength(2);
  });

  it("holds for a dry run, and lets what exists be found", async () => {
    const { harness, one, two, create } = await open(limited(30));
    await harness.makeCluster(one, "old");
    expect((await create(two, "new", { dryRun: true })).error).toMatchObject(denied);
    expect((await create(one, "old", { ifExists: "return" })).outcome).toBe("existing");
  });

  it("is not passed by calls at the same time in different projects", async () => {
    const { harness, one, two, create } = await open(limited(60));
    // None is made before all have counted.
    await harness.script("createGroupFlexCluster", "delay:300", 4);
    const answers = await Promise.all(
      [one, two, one, two].map((groupId, at) => create(groupId, `c-${at}`)),
    );
    const created = answers.filter(({ outcome }) => outcome === "created");
    expect(created).toHaveLength(2);
    for (const { error } of answers.filter(({ status }) => status === "error"))
      expect(error).toMatchObject(denied);
    expect((await harness.state()).clusters).toHaveLength(2);
  });

  it("is told together with another one that is broken", async () => {
    const { harness, one, create } = await open(limited(30, { flexClustersPerProject: 1 }));
    await harness.makeCluster(one, "old");
    const { error } = await create(one, "new");
    expect(error.fields.map(({ path }: { path: string }) => path)).toEqual(["groupId", "name"]);
  });
});

describe("the count for the monthly cost", () => {
  const create = async (projects: FakeProject[], rules: Rules) => {
    const atlas = await atlasWith([{ name: "home", flex: [] }, ...projects]);
    const clock = createFastClock(20);
    const server = provision({
      baseUrl: atlas.url,
      account: { clientId: "mdb_sa_id_1", clientSecret: "mdb_sa_sk_1" },
      clock,
      rules,
    });
    onTestFinished(async () => {
      await server.close();
      clock.stop();
    });
    return server.call("create_flex_cluster", {
      groupId: idOf(0),
      name: "new",
      providerSettings: aws,
      dryRun: true,
    });
  };
  const other = "f".repeat(24);

  it("has clusters out of the caller's bounds, and of projects that say that they have none", async () => {
    const far = { name: "far", orgId: other, clusterCount: 0, flex: ["x"] };
    const bounded = { ...limited(59), projects: [idOf(0)] };
    expect((await create([far], bounded)).error).toMatchObject(denied);
    expect((await create([far], { ...bounded, ...limited(60) })).outcome).toBe("would_create");
  });

  it("leaves out what the credentials may not see", async () => {
    const shut = { name: "shut", flex: { status: 401, errorCode: "NOT_IN_GROUP" } };
    expect((await create([shut], limited(30))).outcome).toBe("would_create");
  });

  it("must be complete: an error that lasts stops the create", async () => {
    const broken = { name: "broken", flex: { status: 500, errorCode: "UNEXPECTED_ERROR" } };
    const { error } = await create([broken], limited(1000));
    expect(error).toMatchObject({
      code: "unavailable",
      outcome: "not_created",
      retry: "same_arguments",
      message: expect.stringContaining("limits.monthlyUsd"),
    });
  });
});
