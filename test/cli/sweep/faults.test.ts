import { describe, expect, it } from "vitest";
import { hour } from "../../support/leased.ts";
import { inShort, startSweeping } from "../../support/sweeping.ts";
import { forwardTo } from "./forward.ts";

const start = async () => {
  const sweeping = await startSweeping({ provisionMs: 800 }, 50);
  const shop = await sweeping.leasedProject("shop", -1);
  await sweeping.leasedCluster(shop, "orders", -1);
  return { ...sweeping, shop };
};

/** The same API without the Date of its answers. */
const withoutDates = (url: string): Promise<string> => forwardTo(url, { sendDate: false });

const done = {
  deleted: ["shop", "shop/orders"],
  wouldDelete: [],
  left: {},
  later: [],
  exitCode: 0,
};

describe.each(["deleteGroupFlexCluster", "deleteGroup"])("a %s", (operation) => {
  it.each([
    "commit_then_reset",
    "commit_then_500",
    "commit_then_html:502",
    "reset",
    "truncate",
    "error:500:UNEXPECTED_ERROR",
    "html_503",
    "rate_limit:1",
    "json_portal",
    "ignored_delete",
  ])("that meets %s is done all the same", async (fault) => {
    const { run, names, script } = await start();
    await script(operation, fault);
    expect(inShort(await run())).toEqual(done);
    expect(await names()).toEqual([]);
  });

  it("that Atlas does not allow is left with what Atlas says", async () => {
    const { run, names, script } = await start();
    await script(operation, "error:403:USER_UNAUTHORIZED", 9);
    const report = await run();
    expect(report.exitCode).toBe(3);
    const what = operation === "deleteGroup" ? "shop" : "orders";
    const left = report.left.find(({ name }) => name === what);
    expect(left).toMatchObject({ code: "not_deleted", over: true });
    expect(left?.reason).toMatch(/not allowed|role/);
    expect(await names()).toContain("shop");
  });

  it("that Atlas accepts and ignores is sent at most three times", async () => {
    const { run, script, count } = await start();
    await script(operation, "ignored_delete", 99);
    const report = await run();
    expect(report.exitCode).toBe(3);
    expect(report.left.at(-1)?.reason ?? "").not.toBe("");
    const calls = await count(operation);
    expect(calls).toBeGreaterThan(1);
    expect(calls).toBeLessThanOrEqual(operation === "deleteGroup" ? 6 : 3);
  });
});

describe("what Atlas itself refuses", () => {
  it("is left: a cluster that is protected since the last look", async () => {
    const { run, names, script } = await start();
    const sentence =
      "Cannot terminate cluster orders because termination protection is enabled. Disable it and try again.";
    await script("deleteGroupFlexCluster", `error:400:ATLAS_GENERAL_ERROR:${sentence}`);
    const report = await run({ wait: 0 });
    expect(report.left.find(({ name }) => name === "orders")).toMatchObject({
      code: "not_deleted",
      reason: expect.stringMatching(/protection is on/),
    });
    expect([report.exitCode, await names()]).toEqual([3, ["shop", "shop/orders"]]);
  });

  it("is left: a project that has a cluster since the last look", async () => {
    const { run, names, script, leasedProject } = await startSweeping({}, 50);
    await leasedProject("shop", -1);
    await script("deleteGroup", "error:409:CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS", 99);
    const report = await run({ wait: 0 });
    expect(report.left).toMatchObject([
      { name: "shop", code: "not_deleted", reason: expect.stringMatching(/cluster/) },
    ]);
    expect([report.exitCode, await names()]).toEqual([3, ["shop"]]);
  });
});

describe("a survey", () => {
  it.each([
    ["error:401:UNAUTHORIZED", "forbidden"],
    ["empty_401", "unauthenticated"],
    ["html_503", "unavailable"],
    ["reset", "unavailable"],
    ["json_portal", "unavailable"],
  ])(
    "without the list of projects (%s) is a failure, and nothing is deleted",
    async (fault, code) => {
      const { run, names, script } = await start();
      await script("listGroups", fault, 9);
      const report = await run();
      expect(inShort(report)).toEqual({
        deleted: [],
        wouldDelete: [],
        left: {},
        later: [],
        exitCode: 1,
        error: code,
      });
      expect(await names()).toEqual(["shop", "shop/orders"]);
    },
  );

  it("lists a project whose clusters cannot be read, and leaves it", async () => {
    const { run, names, script, leasedProject } = await start();
    await leasedProject("other", -1);
    await script("listGroupFlexClusters", "error:403:USER_UNAUTHORIZED", 99);
    const report = await run();
    expect(inShort(report)).toMatchObject({
      left: { shop: "not_readable", other: "not_readable" },
      exitCode: 3,
    });
    expect(await names()).toEqual(["other", "shop", "shop/orders"]);
  });

  it("ends with 3 where a project cannot be read that has no lease itself", async () => {
    const { run, script, project, cluster } = await startSweeping();
    await cluster(await project("shop"), "orders");
    await script("listGroupFlexClusters", "error:403:USER_UNAUTHORIZED", 99);
    expect(inShort(await run())).toMatchObject({ left: { shop: "not_readable" }, exitCode: 3 });
  });

  it("that fails later says what is known, and ends with 1", async () => {
    const { run, script, names } = await start();
    const report = await run({ onEnd: () => script("listGroups", "html_503", 999) });
    expect(report).toMatchObject({ exitCode: 1, error: { code: "unavailable" }, deleted: [] });
    expect(inShort(report).left).toEqual({
      shop: "clusters_first",
      "shop/orders": "being_deleted",
    });
    expect(await names()).toContain("shop");
  });
});

describe("a clock that is wrong", () => {
  it.each([
    ["this machine's, behind", -6 * 60_000],
    ["this machine's, ahead", 6 * 60_000],
    ["this machine's, by a year", 365 * 24 * hour],
  ])("%s, deletes nothing and says both times", async (_whose, off) => {
    const { run, names, clock } = await start();
    const report = await run({ off });
    expect([report.exitCode, report.deleted]).toEqual([1, []]);
    const [there = "", here = ""] = report.error?.message.match(/\d{4}-[\dT:-]+Z/g) ?? [];
    expect(Math.abs(Date.parse(there) - clock.now())).toBeLessThan(60_000);
    expect(Math.abs(Date.parse(here) - clock.now() - off)).toBeLessThan(60_000);
    expect(await names()).toEqual(["shop", "shop/orders"]);
  });

  it("where Atlas sends no date, deletes nothing and says so", async () => {
    const { run, names, sandbox } = await start();
    const bare = await withoutDates(sandbox.url);
    const report = await run({ env: { MONGODB_ATLAS_BASE_URL: bare } });
    expect(report).toMatchObject({
      exitCode: 1,
      error: { message: expect.stringMatching(/no date/) },
    });
    expect(await names()).toEqual(["shop", "shop/orders"]);
  });

  it("by four minutes goes by Atlas's", async () => {
    const { run, leasedProject, names } = await startSweeping();
    await leasedProject("soon", 2 / 60);
    expect((await run({ off: 4 * 60_000 })).deleted).toEqual([]);
    expect(await names()).toEqual(["soon"]);
  });
});

describe("two sweeps at once", () => {
  it("delete each resource, and both end well", async () => {
    const sweeping = await startSweeping({ provisionMs: 800 });
    for (let at = 0; at < 6; at += 1) {
      const shop = await sweeping.leasedProject(`shop-${at}`, -1);
      await sweeping.leasedCluster(shop, "orders", -1);
    }
    await sweeping.leasedProject("later", 4);
    const [one, other] = await Promise.all([sweeping.run(), sweeping.run()]);
    expect([one.exitCode, other.exitCode, one.left, other.left]).toEqual([0, 0, [], []]);
    expect(await sweeping.names()).toEqual(["later"]);
  });
});

describe("a sweep that is asked to end", () => {
  it("finishes what was sent, begins nothing more, and says so", async () => {
    const sweeping = await startSweeping({ provisionMs: 800 });
    const shop = await sweeping.leasedProject("shop", -1);
    for (let at = 0; at < 20; at += 1) await sweeping.leasedCluster(shop, `c-${at}`, -1);
    const asked = new AbortController();
    const report = await sweeping.run({ signal: asked.signal, onEnd: () => asked.abort() });
    const codes = report.left.map(({ code }) => code);
    expect(report).toMatchObject({ exitCode: 3, stopped: true, deleted: [] });
    expect(codes).toContain("being_deleted");
    expect(codes).toContain("stopped");
    expect(await sweeping.count("deleteGroupFlexCluster")).toBeLessThanOrEqual(8);
    const again = await sweeping.run();
    expect([again.exitCode, await sweeping.names()]).toEqual([0, []]);
  });

  it("before it has looked fails", async () => {
    const { run } = await start();
    expect((await run({ signal: AbortSignal.abort() })).exitCode).toBe(1);
  });
});
