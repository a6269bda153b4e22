/** The page of the MCP Inspector, in Chromium. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { aws } from "../../../support/live-sandbox.ts";
import { until } from "../../../support/until.ts";
import { host, type Inspector, openInspector } from "../inspector.ts";
import * as expected from "../journey.ts";
import { rowOf } from "../page.ts";

let opened: Inspector | undefined;
let { stage, page, open } = {} as Inspector;
beforeEach(async () => {
  opened = await openInspector();
  ({ stage, page, open } = opened);
});
afterEach(() => opened?.close());

/** Fills the form of a tool and sends it. */
const execute = async (title: string, args: Record<string, string>) => {
  await open(title);
  for (const [name, value] of Object.entries(args)) await page.getByLabel(name).first().fill(value);
  await page.getByRole("button", { name: "Execute Tool" }).click();
};

it("lists titles, shows both forms of a result, a question, progress and the prompt", async () => {
  await open("Tools");
  for (const name of ["Get account", "Delete IP access list entry"])
    await page.getByText(name, { exact: true }).first().waitFor();
  await page.getByText("Tools (15)").waitFor();
  expect(expected.protocolOf(stage)).toBe(rowOf(host).Protocol);

  await execute("Create project", { name: "shop", orgId: stage.sandbox.orgId });
  await page.getByText("Structured Output").waitFor();
  for (const form of ["text", "structure"]) await page.getByText(`"${form}"`).first().waitFor();
  const [project] = (await stage.sandbox.state()).projects;

  const { regionName } = aws;
  const cluster = { groupId: project?.id, name: "orders", regionName, waitSeconds: "30" };
  const askForCluster = async () => {
    await open("Create flex cluster");
    await page.getByLabel("backingProviderName").first().click();
    await page.getByRole("option", { name: aws.backingProviderName }).click();
    await execute("Create flex cluster", cluster);
  };
  await askForCluster();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/Create flex cluster "orders".* 8 to 30 USD a month/).waitFor();
  const submit = dialog.getByRole("button", { name: "Submit" });
  // Without a tick it is a no.
  await submit.click();
  await page.getByText('"declined"').first().waitFor();
  await open("Create project");
  await askForCluster();
  await dialog.getByLabel("I agree").click();
  await submit.click();
  await page
    .getByText(/Flex cluster orders is CREATING \(\d of 30 s\)/)
    .first()
    .waitFor();
  await until(async () => (await expected.clusterNames(stage)).length > 0, "the cluster");

  await execute("Create project", { name: "shop!", orgId: stage.sandbox.orgId });
  await page.getByText('"invalid_input"').first().waitFor();

  await open("Prompts");
  await open("Provision a flex cluster");
  await page.getByLabel("cluster").first().fill("orders");
  await page.getByRole("button", { name: /Get Prompt/i }).click();
  await page
    .getByText(/cluster "orders", region \(ask me where\)/)
    .first()
    .waitFor();

  await page.getByRole("button", { name: "Disconnect from server" }).click();
  await page.getByRole("button", { name: "Disconnect from server" }).waitFor({ state: "hidden" });
  expect(stage.outside()).toEqual([]);
});
