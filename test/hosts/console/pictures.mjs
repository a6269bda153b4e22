// npm run pictures: an agent's work on the built program, watched in the console of its sandbox, as docs/console.png and
// docs/console-narrow.png. Needs Debian's chromium.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { chromium } from "playwright-core";

const docs = new URL("../../../docs/", import.meta.url).pathname;
const program = new URL("../../../dist/cli.cjs", import.meta.url).pathname;

const passwords = mkdtempSync(join(tmpdir(), "pictures-"));

/** The server, whose log tells where the console of its sandbox is. */
const startServer = async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, "--confirm", "never"],
    env: { PATH: process.env.PATH, ATLAS_MCP_CREDENTIALS_DIR: passwords },
    stderr: "pipe",
  });
  let said = "";
  transport.stderr.on("data", (text) => {
    said += text;
  });
  const client = new Client({ name: "pictures", version: "1.0.0" });
  await client.connect(transport);
  const call = async (name, args = {}) =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  const { organizations } = await call("get_account");
  const [, url] = /Sandbox console: (http:\S+\/)/.exec(said);
  return { call, url, orgId: organizations[0].id, close: () => client.close() };
};

const server = await startServer();
const { call, url, orgId } = server;
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

const open = async (width, height, colorScheme) => {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(url);
  await page.getByText("Live", { exact: true }).waitFor();
  return page;
};

/** A project with a ready cluster, a user and an address. */
const provision = async (name, cluster, tags) => {
  const { project } = await call("create_project", { name, orgId, tags });
  const groupId = project.id;
  const providerSettings = { backingProviderName: "AWS", regionName: "EU_WEST_1" };
  const made = { groupId, name: cluster, providerSettings };
  await call("create_flex_cluster", { ...made, waitSeconds: 20 });
  const scopes = [{ type: "CLUSTER", name: cluster }];
  await call("create_database_user", { groupId, username: "app", scopes });
  const entry = { groupId, ipAddress: "203.0.113.7", comment: "office" };
  await call("create_access_list_entry", entry);
  return groupId;
};

await provision("staging", "catalog", [{ key: "environment", value: "staging" }]);
const [wide, narrow] = [await open(1280, 800, "light"), await open(380, 780, "dark")];
await wide.getByText("Faults", { exact: true }).last().click();
await wide.getByLabel("Next project: made, but the answer is lost").check();
await wide.getByText("createGroup, 1 time").waitFor();
const { project } = await call("create_project", { name: "shop", orgId });
await call("create_flex_cluster", {
  ...{ groupId: project.id, name: "orders", waitSeconds: 0 },
  providerSettings: { backingProviderName: "GCP", regionName: "CENTRAL_US" },
});
await wide.getByText("Faults", { exact: true }).last().click();
await wide.waitForTimeout(1500);
await wide.screenshot({ path: `${docs}console.png` });
await narrow.screenshot({ path: `${docs}console-narrow.png` });
await browser.close();
await server.close();
rmSync(passwords, { recursive: true });
console.log("docs/console.png, docs/console-narrow.png");
