import { describe, expect, it } from "vitest";
import { inShort, startSweeping } from "../../support/sweeping.ts";

describe("a sweep of one project", () => {
  it("that is in another organization than the settings say fails, and deletes nothing", async () => {
    const { run, names, leasedProject, leasedCluster } = await startSweeping();
    const shop = await leasedProject("shop", -1);
    await leasedCluster(shop, "orders", -1);
    const env = {
      MONGODB_ATLAS_PROJECT_ID: shop,
      MONGODB_ATLAS_ORG_ID: "32b6e34b3d91647abb20e7b9",
    };
    const report = await run({ env });
    expect(inShort(report)).toMatchObject({ deleted: [], left: {}, exitCode: 1 });
    expect(report.error?.message).toBe("The project is in another organization.");
    expect(await names()).toEqual(["shop", "shop/orders"]);
  });

  it("that is in the organization of the settings deletes its clusters", async () => {
    const { run, names, leasedProject, leasedCluster, sandbox } = await startSweeping();
    const shop = await leasedProject("shop", -1);
    await leasedCluster(shop, "orders", -1);
    const env = { MONGODB_ATLAS_PROJECT_ID: shop, MONGODB_ATLAS_ORG_ID: sandbox.orgId };
    expect(inShort(await run({ env }))).toMatchObject({ deleted: ["shop/orders"] });
    expect(await names()).toEqual(["shop"]);
  });
});
