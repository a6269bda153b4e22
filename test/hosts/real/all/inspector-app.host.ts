/** The card of the MCP App in the MCP Inspector, which shows apps on its page. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { aws } from "../../../support/live-sandbox.ts";
import { until } from "../../../support/until.ts";
import { type Inspector, openInspector } from "../inspector.ts";

let opened: Inspector | undefined;
let { stage, page, open } = {} as Inspector;
beforeEach(async () => {
  // The Inspector can show a form too, and the server would ask there.
  opened = await openInspector({ ATLAS_MCP_CONFIRM: "token" });
  ({ stage, page, open } = opened);
});
afterEach(() => opened?.close());

it("asks on its card, and shows the cluster until it is ready", async () => {
  const { id } = await stage.sandbox.make("/groups", { name: "shop", orgId: stage.sandbox.orgId });
  await open("Apps");
  await open("Create flex cluster");
  await page.getByLabel("backingProviderName").first().click();
  await page.getByRole("option", { name: aws.backingProviderName }).click();
  await page.getByLabel("groupId").first().fill(id);
  await page.getByLabel("regionName").first().fill(aws.regionName);
  await page.getByLabel(/^name/).first().fill("orders");
  await page.getByRole("button", { name: "Open App" }).click();
  const card = page.frameLocator("iframe").frameLocator("iframe").locator("#card");
  await card.locator("#text", { hasText: /"orders".* 8 to 30 USD a month/ }).waitFor();
  expect((await stage.sandbox.state()).clusters).toEqual([]);

  const agree = card.getByRole("button", { name: "Agree" });
  await until(
    async () => {
      await agree.click({ timeout: 500 }).catch(() => {});
      return (await stage.sandbox.state()).clusters.length > 0;
    },
    "the cluster",
    10_000,
  );
  await card.locator("#badge", { hasText: "Ready" }).waitFor();
  await card.getByText("you, on this card").waitFor();
  await card.getByText("an IP access list entry").first().waitFor();
  expect((await stage.sandbox.state()).clusters).toHaveLength(1);
  expect(stage.outside()).toEqual([]);
});
