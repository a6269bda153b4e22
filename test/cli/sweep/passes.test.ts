import { describe, expect, it } from "vitest";
import { rawTag } from "../../support/leased.ts";
import { inShort, startSweeping } from "../../support/sweeping.ts";

const nothing = { deleted: [], wouldDelete: [], left: {}, later: [], exitCode: 0 };

describe("a sweep", () => {
  it("of nothing ends with 0", async () => {
    const { run } = await startSweeping();
    expect(inShort(await run())).toEqual(nothing);
  });

  it("without --apply shows what would go, sends nothing, and ends with 3", async () => {
    const { run, leasedProject, leasedCluster, names, count } = await startSweeping();
    const shop = await leasedProject("shop", -1);
    await leasedCluster(shop, "orders", -1);
    await leasedProject("later", 5);
    const before = await names();
    const report = await run({ apply: false });
    expect(inShort(report)).toEqual({
      ...nothing,
      wouldDelete: ["shop", "shop/orders"],
      later: ["later"],
      exitCode: 3,
    });
    expect([await names(), await count("deleteGroupFlexCluster")]).toEqual([before, 0]);
  });

  it("deletes clusters, and then their project, in one run", async () => {
    const { run, leasedProject, leasedCluster, names } = await startSweeping({ provisionMs: 1000 });
    const shop = await leasedProject("shop", -1);
    await leasedCluster(shop, "orders", -1);
    await leasedCluster(shop, "carts", -2);
    expect(inShort(await run())).toEqual({
      ...nothing,
      deleted: ["shop", "shop/carts", "shop/orders"],
    });
    expect(await names()).toEqual([]);
  });

  it("deletes users and access list entries with their project", async () => {
    const { run, leasedProject, send, state } = await startSweeping();
    const shop = await leasedProject("shop", -1);
    await send("POST", `/groups/${shop}/accessList`, [{ ipAddress: "203.0.113.7" }]);
    expect((await run()).exitCode).toBe(0);
    expect((await state()).accessList).toEqual([]);
  });

  it("leaves what is not over, protected, without a lease, or has a tag that is no lease", async () => {
    const sweeping = await startSweeping();
    const { run, project, cluster, leasedProject, leasedCluster, names, changeCluster } = sweeping;
    const shop = await leasedProject("shop", -1);
    await leasedCluster(shop, "kept", -1, { terminationProtectionEnabled: true });
    await leasedCluster(shop, "longer", 1);
    await leasedCluster(shop, "gone", -1);
    const own = await leasedProject("own", -1);
    await cluster(own, "mine");
    const copy = await project("copy", [rawTag("20200101T000000Z.00000000")]);
    await cluster(copy, "broken", [rawTag("soon")]);
    await changeCluster(shop, "longer", { terminationProtectionEnabled: true });
    const report = await run();
    expect(inShort(report)).toEqual({
      deleted: ["shop/gone"],
      wouldDelete: [],
      left: {
        shop: "not_empty",
        "shop/kept": "protected",
        own: "not_empty",
        copy: "copied_tag",
        "copy/broken": "unreadable_tag",
      },
      later: ["shop/longer"],
      exitCode: 3,
    });
    expect(await names()).toEqual([
      ...["copy", "copy/broken", "own", "own/mine", "shop", "shop/kept", "shop/longer"],
    ]);
    expect(report.left.find(({ name }) => name === "shop")?.reason).toMatch(
      /"kept" \(protected\), "longer" \(wanted until 20/,
    );
  });

  it("ends with 0 if all that is left is no lease", async () => {
    const { run, project } = await startSweeping();
    await project("copy", [rawTag("20200101T000000Z.00000000")]);
    expect(inShort(await run())).toEqual({ ...nothing, left: { copy: "copied_tag" } });
  });

  it("does not wait for deletions with --wait 0, and says what goes on", async () => {
    const { run, leasedProject, leasedCluster } = await startSweeping({ provisionMs: 60_000 });
    const shop = await leasedProject("shop", -1);
    await leasedCluster(shop, "orders", -1);
    expect(inShort(await run({ wait: 0 }))).toEqual({
      ...nothing,
      left: { shop: "being_deleted", "shop/orders": "being_deleted" },
      exitCode: 3,
    });
  });

  it("counts what somebody else deletes as going", async () => {
    const sweeping = await startSweeping({ provisionMs: 1000 });
    const shop = await sweeping.leasedProject("shop", -1);
    await sweeping.leasedCluster(shop, "orders", -1);
    await sweeping.deleteCluster(shop, "orders");
    expect(inShort(await sweeping.run())).toEqual({ ...nothing, deleted: ["shop"] });
  });
});

describe("what changes between the survey and the delete", () => {
  const start = async () => {
    const sweeping = await startSweeping();
    const shop = await sweeping.leasedProject("shop", 1);
    await sweeping.leasedCluster(shop, "orders", -1);
    return { ...sweeping, shop };
  };

  it.each([
    ["a lease that is extended", "later"],
    ["a lease that is removed", "none"],
    ["a tag that is damaged", "unreadable_tag"],
    ["protection that is switched on", "protected"],
  ])("%s keeps the cluster", async (_what, end) => {
    const { run, shop, changeCluster, names, clock, count } = await start();
    const { clusterLease, hour } = await import("../../support/leased.ts");
    const bodies: Record<string, object> = {
      later: { tags: [clusterLease(shop, "orders", clock.now() + 9 * hour)] },
      none: { tags: [] },
      unreadable_tag: { tags: [rawTag("x")] },
      protected: { terminationProtectionEnabled: true },
    };
    const report = inShort(
      await run({ before: () => changeCluster(shop, "orders", bodies[end] ?? {}) }),
    );
    expect(await names()).toEqual(["shop", "shop/orders"]);
    expect(await count("deleteGroupFlexCluster")).toBe(0);
    const isListed = end === "protected" || end === "unreadable_tag";
    expect(report).toEqual({
      ...nothing,
      left: isListed ? { "shop/orders": end } : {},
      later: end === "later" ? ["shop", "shop/orders"] : ["shop"],
      exitCode: end === "protected" ? 3 : 0,
    });
  });

  it("another cluster that has the name by then is looked at as any other", async () => {
    const { run, shop, cluster, deleteCluster, names } = await start();
    const report = await run({
      before: async () => {
        await deleteCluster(shop, "orders");
        await cluster(shop, "orders");
      },
    });
    expect(report.deleted).toMatchObject([{ name: "orders", outcome: "absent" }]);
    expect(report.exitCode).toBe(0);
    expect(await names()).toEqual(["shop", "shop/orders"]);
  });

  it("a lease that is shortened is seen in the next pass", async () => {
    const { run, shop, leasedCluster, changeCluster, clock, names } = await start();
    const { clusterLease } = await import("../../support/leased.ts");
    await leasedCluster(shop, "carts", 1);
    const tags = [clusterLease(shop, "carts", clock.now() - 1000)];
    const report = await run({ before: () => changeCluster(shop, "carts", { tags }) });
    expect(inShort(report).deleted).toEqual(["shop/carts", "shop/orders"]);
    expect(await names()).toEqual(["shop"]);
  });

  it("a new cluster keeps its project", async () => {
    const { run, leasedProject, cluster, names } = await startSweeping();
    const shop = await leasedProject("shop", -1);
    const report = await run({ before: () => cluster(shop, "new").catch(() => {}) });
    expect(inShort(report)).toEqual({ ...nothing, left: { shop: "not_empty" }, exitCode: 3 });
    expect(await names()).toEqual(["shop", "shop/new"]);
  });
});
