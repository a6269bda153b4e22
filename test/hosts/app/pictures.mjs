// npm run pictures: the card in six states, as docs/card.png. Needs Debian's chromium.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { chromium } from "playwright-core";
import { appsCapability, openCard } from "./host.mjs";
import { smallPng } from "./small-png.mjs";

const docs = new URL("../../../docs/", import.meta.url).pathname;
const program = new URL("../../../dist/cli.cjs", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "pictures-"));
const policy = join(folder, "policy.json");
writeFileSync(policy, JSON.stringify({ regions: ["US_EAST_1"] }));

/** A client of the server, on an embedded sandbox of its own. */
const connect = async (...args) => {
  const client = new Client(
    { name: "pictures", version: "1.0.0" },
    { capabilities: appsCapability },
  );
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [program, ...args],
      env: { PATH: process.env.PATH, ATLAS_MCP_CREDENTIALS_DIR: folder },
      stderr: "ignore",
    }),
  );
  return client;
};

const [asking, trusting] = await Promise.all([
  connect("--confirm", "always"),
  connect("--confirm", "never", "--policy", policy),
]);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-lcd-text"],
});

const where = { backingProviderName: "AWS", regionName: "EU_WEST_1" };

/** What the card has confirmed, done without it. */
const call = async (client, name, args = {}) => {
  const result = await client.callTool({ name, arguments: args });
  const { status, nextActions } = result.structuredContent;
  return status === "needs_confirmation"
    ? client.callTool({ name, arguments: nextActions[0].arguments })
    : result;
};

const makeProject = async (client) => {
  const { organizations } = (await call(client, "get_account")).structuredContent;
  const made = await call(client, "create_project", { name: "shop", orgId: organizations[0].id });
  return made.structuredContent.project.id;
};

const fonts = { variables: { "--font-sans": '"Liberation Sans", sans-serif' } };

/** A picture of the card once it shows the badge, as the source of an image. */
const shoot = async (client, theme, tool, args, badge, { prepare, ...options } = {}) => {
  const opened = await openCard(browser, client, {
    ...{ tool, args, context: { theme, styles: fonts }, ...options },
    result: await client.callTool({ name: tool, arguments: args }),
    page: { viewport: { width: 508, height: 900 }, reducedMotion: "reduce" },
  });
  await prepare?.(opened);
  await opened.card.locator("#badge", { hasText: badge }).waitFor();
  await opened.page.waitForTimeout(300);
  const shot = await opened.frame.screenshot();
  await opened.close();
  return `data:image/png;base64,${shot.toString("base64")}`;
};

const agree = async ({ page, card }) => {
  await page.clock.fastForward(700);
  await card.getByRole("button", { name: "Agree" }).click();
};

const groupId = await makeProject(asking);
const cluster = (more = {}) => ({ groupId, name: "orders", providerSettings: where, ...more });
const forever = () => new Promise(() => {});
const create = "create_flex_cluster";

const asked = await shoot(asking, "light", create, cluster(), "Needs your answer");
const waiting = { prepare: agree, onCall: forever };
const agreed = await shoot(asking, "light", create, cluster(), "Agreed", waiting);
const creating = await shoot(asking, "dark", create, cluster(), "Creating", { prepare: agree });
const looked = { groupId, name: "orders", waitSeconds: 20 };
const ready = await shoot(asking, "dark", "get_flex_cluster", looked, "Ready");
const tags = [{ key: "team", value: "payments" }];
const failed = await shoot(asking, "light", create, cluster({ tags }), "Failed");
const elsewhere = await makeProject(trusting);
const refusal = cluster({ groupId: elsewhere });
const refused = await shoot(trusting, "dark", create, refusal, "Not allowed");
await Promise.all([trusting, asking].map((client) => client.close()));

const imagesOf = (shots) => shots.map((shot) => `<img src="${shot}">`).join("");
const sheet = await browser.newPage({
  viewport: { width: 1032, height: 100 },
});
await sheet.setContent(`<!doctype html><style>
  body { margin: 0; display: flex; width: 1032px }
  div { width: 468px; padding: 24px; display: grid; gap: 20px; align-content: start; background: #e9ebef }
  div + div { background: #0c0d0f }
  img { display: block; border-radius: 12px }
</style><div>${imagesOf([asked, agreed, failed])}</div><div>${imagesOf([creating, ready, refused])}</div>`);
writeFileSync(`${docs}card.png`, await smallPng(sheet, await sheet.screenshot({ fullPage: true })));
await browser.close();
rmSync(folder, { recursive: true });
console.log("docs/card.png");
