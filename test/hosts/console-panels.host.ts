/** The panels of a sandbox's console in Chromium: where the focus is, what fits, what the filters find, what the times say. */
import { createSandbox, type Sandbox } from "@atlas-provision-mcp/sandbox";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { behind } from "../support/behind.ts";
import { until } from "../support/until.ts";
import { brokenWords, cut, openConsole, tooWide } from "./console/page.ts";
import { launchChromium } from "./tools.ts";

let browser: any;
let sandbox: Sandbox;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  sandbox = await createSandbox({ rateLimits: false });
  onTestFinished(() => sandbox.close());
});

const open = async (options?: object) => {
  const opened = await openConsole(browser, sandbox.url, options);
  onTestFinished(opened.close);
  opened.page.setDefaultTimeout(10_000);
  return opened.page;
};

const ask = (path: string) =>
  fetch(`${sandbox.url}/api/atlas/v2${path}`).then(
    (answer) => answer.arrayBuffer(),
    () => undefined,
  );

/** Sends what a fault waits for. */
const strike = () =>
  behind(sandbox)("/groups", { name: "shop", orgId: sandbox.orgId }).catch(() => undefined);

const openFaults = (page: any) => page.getByText("Faults", { exact: true }).last().click();

/** What a screen reader or the eye finds under the focus. */
const focused = (page: any): Promise<string> =>
  page.evaluate(() => {
    const one = (globalThis as any).document.activeElement;
    return one.ariaLabel ?? one.id ?? one.tagName;
  });

it("keeps the focus on a waiting fault while others strike, and removes no other", async () => {
  sandbox.addFaults(
    { operation: "getOrg", fault: "reset" },
    { operation: "createGroup", fault: "reset", times: 20 },
    { operation: "listOrgs", fault: "reset" },
  );
  const page = await open();
  await page.getByLabel("Remove reset for listOrgs").focus();
  await strike();
  await page.getByText("reset for createGroup, 19 times").waitFor();
  expect(await focused(page)).toBe("Remove reset for listOrgs");
  await page.keyboard.press("Enter");
  await page.getByText("reset for listOrgs").waitFor({ state: "detached" });
  expect(sandbox.faults().map(({ operation }) => operation)).toEqual(["getOrg", "createGroup"]);
  // The line that had the focus is gone: the next Enter must remove no other.
  await page.keyboard.press("Enter");
  expect(await focused(page)).toBe("Faults that wait for a request");
  expect(sandbox.faults()).toHaveLength(2);
});

it("shows equal faults as one, as they are removed together", async () => {
  const fault = { operation: "createGroup", fault: "hang" } as const;
  sandbox.addFaults({ ...fault, times: 2 }, { operation: "getOrg", fault: "reset" }, fault);
  const page = await open();
  await page.getByText("hang for createGroup, 3 times").waitFor();
  await page.getByText("2 waiting").waitFor();
});

it.each([380, 1280])(
  "keeps long and hidden text of faults in its place at %i px",
  async (width) => {
    const fault = `error:400:VALIDATION_ERROR:\u202e${"x".repeat(200)}` as const;
    sandbox.addFaults({ operation: "createGroup", fault, times: 2 });
    const page = await open({ viewport: { width, height: 800 } });
    await strike();
    await page
      .locator("#faults-struck", { hasText: /VALIDATION_ERROR:U\+202Ex+ 1× \(createGroup\)/ })
      .waitFor();
    await page.locator("#faults-waiting", { hasText: "VALIDATION_ERROR:U+202Ex" }).waitFor();
    expect(await page.evaluate(tooWide)).toEqual([]);
    const over = await page
      .locator("#faults")
      .evaluate((one: any) => one.scrollWidth - one.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
  },
);

it("shows where the focus is, also where a button vanishes under it", async () => {
  for (let n = 0; n < 210; n += 1) await ask("/nonsense");
  const page = await open();
  const summary = page.locator("#faults summary");
  await page.keyboard.press("Tab");
  await summary.focus();
  const reach = await summary.evaluate((one: any) => {
    const { outlineOffset, outlineStyle, outlineWidth } = (globalThis as any).getComputedStyle(one);
    return outlineStyle === "none"
      ? 99
      : Number.parseFloat(outlineOffset) + Number.parseFloat(outlineWidth);
  });
  // The panel scrolls, so it clips what is outside it.
  expect(reach).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Show more" }).focus();
  await page.keyboard.press("Enter");
  await until(async () => (await page.locator(".request").count()) === 210, "all requests");
  expect(await focused(page)).toBe("Requests, newest first");
});

it("follows the sandbox's clock, and says the date and the zone of its times", async () => {
  await behind(sandbox)("/groups", { name: "shop", orgId: sandbox.orgId });
  const page = await open({ timezoneId: "America/New_York" });
  const { at = "" } = sandbox.requests().at(-1) ?? {};
  const time = page.locator(".request .time").first();
  expect(await time.innerText()).toBe(at.slice(11, -1));
  await page.getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/).waitFor();
  const body = JSON.stringify({ advanceMs: 3 * 86_400_000 });
  expect((await fetch(`${sandbox.url}/_sandbox/clock`, { method: "POST", body })).status).toBe(200);
  await page.getByText("3 days old").waitFor({ timeout: 3000 });
  expect(await time.innerText()).toBe(`${at.slice(0, 10)} ${at.slice(11, -1)}`);
});

it.each([
  [960, 540],
  [844, 390],
  [850, 350],
])("scrolls as a whole at %i by %i", async (width, height) => {
  for (let n = 0; n < 9; n += 1) await ask("/nonsense");
  const page = await open({ viewport: { width, height } });
  await openFaults(page);
  const list = page.getByLabel("Requests, newest first");
  await page.locator(".request").nth(8).waitFor();
  const hidden = await list.evaluate((one: any) => one.scrollHeight - one.clientHeight);
  expect(hidden).toBeLessThanOrEqual(1);
  await page.mouse.move(width - 40, height - 40);
  await page.mouse.wheel(0, 5000);
  await until(
    () =>
      page
        .locator(".request")
        .last()
        .evaluate((one: any) => {
          const { top, bottom } = one.getBoundingClientRect();
          return top >= 0 && bottom <= (globalThis as any).innerHeight;
        }),
    "the oldest request is in sight",
  );
});

it("says briefly what is wrong with a fault, and suggests only what it takes", async () => {
  const page = await open();
  await openFaults(page);
  await page.getByLabel("Operation").fill("createGruop");
  await page.getByLabel("Fault", { exact: true }).fill("hang");
  await page.getByRole("button", { name: "Add" }).click();
  const problem = page.locator("#fault-problem");
  await problem.getByText('did you mean "createGroup"?').waitFor();
  expect((await problem.innerText()).length).toBeLessThan(120);
  const suggested: string[] = await page
    .locator("#fault-names option")
    .evaluateAll((options: any[]) => options.map(({ value }) => value));
  expect(suggested).toContain("error:409:GROUP_ALREADY_EXISTS");
  const body = JSON.stringify(suggested.map((fault) => ({ operation: "*", fault })));
  expect((await fetch(`${sandbox.url}/_sandbox/faults`, { method: "POST", body })).status).toBe(
    200,
  );
});

it("filters by what it shows, and says where nothing matches", async () => {
  const tags = [{ key: "team", value: "payments" }];
  await behind(sandbox)("/groups", { name: "shop", orgId: sandbox.orgId, tags });
  const page = await open();
  const shop = page.getByText("shop", { exact: true });
  const nothing = page.getByText("Nothing matches this filter.");
  for (const word of ["created", "project", "key"]) {
    await page.getByLabel("Filter resources").fill(word);
    await nothing.waitFor();
    expect([word, await shop.count()]).toEqual([word, 0]);
  }
  await page.getByLabel("Filter resources").fill("team: PAY");
  await shop.waitFor();
  expect(await nothing.count()).toBe(0);
  await page.getByLabel("Filter requests").fill("api/atlas");
  await page.getByText("No request matches.").waitFor();
  await page.getByLabel("Filter requests").fill("POST createGroup");
  await page.getByText("1 of 2 requests").waitFor();
});

it("stands still while the sandbox is gone, and sets nothing", async () => {
  await behind(sandbox)("/groups", { name: "shop", orgId: sandbox.orgId });
  const page = await open();
  await openFaults(page);
  await sandbox.close();
  await page.getByText(/^Not connected since \d\d:\d\d:\d\d UTC$/).waitFor();
  const ages = () => page.locator(".age").allInnerTexts();
  const before = await ages();
  const lose = page.getByLabel("Next project: made, but the answer is lost");
  await lose.click();
  await page.getByText("The sandbox does not answer.").waitFor();
  expect(await lose.isChecked()).toBe(false);
  await page.waitForTimeout(1200);
  expect(await ages()).toEqual(before);
  const again = await createSandbox({ port: Number(new URL(sandbox.url).port) });
  onTestFinished(() => again.close());
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByText("The sandbox does not answer.").waitFor({ state: "detached" });
});

it("breaks paths between words, and shows its placeholders whole, however narrow it is", async () => {
  await ask(`/groups/${"5a9db0c5".repeat(3)}/flexClusters/orders/advanced/processArguments`);
  const page = await open();
  await page.locator(".request").waitFor();
  for (const width of [320, 350, 380, 410, 820, 900, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect([width, ...(await page.evaluate(brokenWords)), ...(await page.evaluate(cut))]).toEqual([
      width,
    ]);
  }
});
