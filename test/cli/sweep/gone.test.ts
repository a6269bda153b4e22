import { describe, expect, it, vi } from "vitest";
import { inShort, startSweeping } from "../../support/sweeping.ts";
import { startHiding } from "./hiding.ts";

const start = async () => {
  const sweeping = await startSweeping({}, 50);
  const shop = await sweeping.leasedProject("shop", 1);
  await sweeping.leasedCluster(shop, "orders", -1);
  return { ...sweeping, shop };
};

describe("a cluster of which Atlas says that its project is not there", () => {
  it("once, is deleted later", async () => {
    const { run, names, script } = await start();
    await script("getGroupFlexCluster", "error:404:GROUP_NOT_FOUND");
    const report = await run();
    expect(report.deleted).toMatchObject([{ name: "orders", outcome: "deleted" }]);
    expect([report.exitCode, await names()]).toEqual([0, ["shop"]]);
  });

  it("always, is left while the looks show it", async () => {
    const { run, names, script } = await start();
    await script("getGroupFlexCluster", "error:404:GROUP_NOT_FOUND", 99);
    const report = await run();
    expect(report).toMatchObject({
      deleted: [],
      left: [{ name: "orders", code: "not_deleted", reason: expect.stringMatching(/not there/) }],
      exitCode: 3,
    });
    expect(await names()).toEqual(["shop", "shop/orders"]);
  });

  it("and that two looks do not show either, was gone", async () => {
    const { run, names, script, shop, deleteCluster } = await start();
    await script("getGroupFlexCluster", "error:404:GROUP_NOT_FOUND");
    const report = await run({ before: () => deleteCluster(shop, "orders") });
    expect(report.deleted).toMatchObject([{ name: "orders", outcome: "absent" }]);
    expect([report.exitCode, report.left, await names()]).toEqual([0, [], ["shop"]]);
  });
});

describe("a project that the list does not have any more", () => {
  const startHidden = async (provisionMs = 600_000) => {
    const sweeping = await startSweeping({ provisionMs }, 50);
    const shop = await sweeping.leasedProject("shop", -1);
    await sweeping.leasedCluster(shop, "orders", -1);
    const hiding = await startHiding(sweeping.sandbox.url);
    const run = (onEnd: (judged: { kind: string }) => unknown) =>
      sweeping.run({ env: { MONGODB_ATLAS_BASE_URL: hiding.url }, wait: 30, onEnd });
    return { ...sweeping, run, hide: hiding.hide, shop };
  };

  it("and that is there all the same is left, and its cluster is not gone", async () => {
    const { run, hide, names } = await startHidden();
    const report = await run(() => hide());
    expect(inShort(report)).toMatchObject({
      deleted: [],
      left: { shop: "not_readable", "shop/orders": "being_deleted" },
      exitCode: 3,
    });
    expect(await names()).toContain("shop");
  });

  it("and then has it again is waited for", async () => {
    const { run, hide, count, names, clock } = await startHidden(1000);
    const report = await run(async ({ kind }) => {
      if (kind === "project") return;
      hide();
      const before = await count("getGroup");
      const isAsked = async () => (await count("getGroup")) > before;
      void vi
        .waitUntil(isAsked, 5000)
        .then(() => clock.sleep(2000))
        .then(() => hide(false));
    });
    expect(inShort(report)).toMatchObject({ deleted: ["shop", "shop/orders"], exitCode: 0 });
    expect(await names()).toEqual([]);
  });

  it.each(["error:403:USER_UNAUTHORIZED", "error:401:NOT_IN_GROUP", "html_503"])(
    "and that cannot be read (%s) is left",
    async (fault) => {
      const { run, hide, script } = await startHidden();
      const report = await run(async () => {
        hide();
        await script("getGroup", fault, 99);
      });
      expect(inShort(report)).toMatchObject({
        deleted: [],
        left: { shop: "not_readable", "shop/orders": "being_deleted" },
        exitCode: 3,
      });
    },
  );

  it("and that Atlas twice does not find is gone, with its clusters", async () => {
    const { run, hide, script, count } = await startHidden();
    const report = await run(async () => {
      hide();
      await script("getGroup", "error:404:GROUP_NOT_FOUND", 99);
    });
    expect(inShort(report)).toMatchObject({ deleted: ["shop/orders"], left: {}, exitCode: 0 });
    expect(await count("getGroup")).toBeGreaterThan(1);
  });
});

describe("a list that fails during the wait", () => {
  it.each(["html_503", "reset", "rate_limit:1", "json_portal"])(
    "(%s) is read again until it is there",
    async (fault) => {
      const { run, names, script } = await start();
      const report = await run({ onEnd: () => script("listGroups", fault, 7) });
      expect(inShort(report)).toMatchObject({ deleted: ["shop/orders"], exitCode: 0 });
      expect(await names()).toEqual(["shop"]);
    },
  );

  it("and may not pass ends the sweep at once", async () => {
    const { run, script, count } = await start();
    const report = await run({ onEnd: () => script("listGroups", "error:403:FORBIDDEN", 99) });
    expect([report.exitCode, report.error?.code]).toEqual([1, "forbidden"]);
    expect(await count("listGroups")).toBeLessThanOrEqual(3);
  });

  it("is not read again without a wait", async () => {
    const { run, script } = await start();
    const report = await run({ wait: 0, onEnd: () => script("listGroups", "html_503", 4) });
    expect([report.exitCode, report.error?.code]).toEqual([1, "unavailable"]);
  });
});
