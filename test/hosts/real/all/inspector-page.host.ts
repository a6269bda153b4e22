/** The page of the MCP Inspector, in Chromium. */
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { aws } from "../../../support/live-sandbox.ts";
import { until } from "../../../support/until.ts";
import { installed, launchChromium, node24 } from "../../tools.ts";
import * as expected from "../journey.ts";
import { rowOf, wordsOf } from "../page.ts";
import { type Stage, startStage } from "../stage.ts";
import type { Terminal } from "../terminal.ts";

const host = "MCP Inspector";
const inspector = installed("@modelcontextprotocol/inspector/clients/launcher/build/index.js");

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};

let stage: Stage;
let terminal: Terminal;
let browser: any;
let page: any;
beforeEach(async () => {
  stage = await startStage(() => []);
  const [, ...words] = wordsOf(host, "-e", stage.serverEnv);
  terminal = stage.open(node24(), [inspector, ...words], {
    CLIENT_PORT: String(await freePort()),
    MCP_AUTO_OPEN_ENABLED: "false",
    MCP_INSPECTOR_SECRET_STORE: "memory",
  });
  const shown = await terminal.shows(/up and running at:\s+http\S+\s*\n/);
  const [, url = ""] = /running at:\s+(http\S+)/.exec(shown) ?? [];
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(url);
});
afterEach(async () => {
  await browser?.close();
  await stage.close();
});

const open = (title: string) => page.getByText(title, { exact: true }).first().click();

/** Fills the form of a tool and sends it. */
const execute = async (title: string, args: Record<string, string>) => {
  await open(title);
  for (const [name, value] of Object.entries(args)) await page.getByLabel(name).first().fill(value);
  await page.getByRole("button", { name: "Execute Tool" }).click();
};

it("lists titles, shows both forms of a result, a question, progress and the prompt", async () => {
  await page.getByRole("switch").first().click({ force: true });
  await page.getByText("Connected", { exact: true }).waitFor();
  await open("Tools");
  for (const name of ["Get account", "Delete IP access list entry"])
    await page.getByText(name, { exact: true }).first().waitFor();
  await page.getByText("Tools (15)").waitFor();
  expect(expected.protocolOf(stage)).toBe(rowOf(host).Protocol);

  await execute("Create project", { name: "shop", orgId: stage.sandbox.orgId });
  await page.getByText("Structured Output").waitFor();
  for (const form of ["text", "structure"]) await page.getByText(`"${form}"`).first().waitFor();
  const [project] = (await stage.sandbox.state()).projects;

  await open("Create flex cluster");
  await page.getByLabel("backingProviderName").first().click();
  await page.getByRole("option", { name: aws.backingProviderName }).click();
  const { regionName } = aws;
  const cluster = { groupId: project?.id, name: "orders", regionName, waitSeconds: "30" };
  await execute("Create flex cluster", cluster);
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/Create flex cluster "orders".* 8 to 30 USD a month/).waitFor();
  // Without a tick it cannot be sent.
  expect(await dialog.getByRole("button", { name: "Submit" }).isDisabled()).toBe(true);
  await dialog.getByLabel("I agree").click();
  await dialog.getByRole("button", { name: "Submit" }).click();
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
