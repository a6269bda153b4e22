/** The console of a sandbox in Chromium, as a person walks through it while an agent works on the built program. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Served, serveBundle } from "../support/bundle.ts";
import { connect } from "../support/clients.ts";
import { aws } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";
import { openConsole, tooFaint, tooWide } from "./console/page.ts";
import { launchChromium } from "./tools.ts";

let browser: any;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The address that a program says to people. */
const addressIn = async (stderr: () => string): Promise<string> => {
  const said = () => /Sandbox console: (http:\/\/127\.0\.0\.1:\d+\/)/.exec(stderr())?.[1];
  await until(() => said() !== undefined, "the address of the console");
  return said() ?? "";
};

const open = async (url: string, options?: object) => {
  const opened = await openConsole(browser, url, options);
  onTestFinished(opened.close);
  return opened;
};

it("shows an agent's whole journey, with a lost answer and how it was found out what had happened", async () => {
  const agent = await connect("v2 modern");
  onTestFinished(() => agent.close());
  const call = async (tool: string, args: object = {}) => (await agent.call(tool, args)).structured;
  const [{ id: orgId }] = (await call("get_account")).organizations;
  const { page, problems } = await open(await addressIn(agent.stderr));
  await page.getByText("Nothing here yet.").waitFor();
  const request = (text: string) => page.locator(".request", { hasText: text });
  await request("get_account").first().waitFor();

  await page.getByText("Faults", { exact: true }).last().click();
  const lose = page.getByLabel("Next project: made, but the answer is lost");
  await lose.check();
  await page.getByText("commit_then_reset for createGroup, 1 time").waitFor();
  const made = await call("create_project", { name: "shop", orgId });
  expect(made).toMatchObject({ outcome: "created", reconciled: true });
  const groupId = made.project.id;

  const lost = request("POST createGroup").filter({ hasText: "no answer" });
  await lost
    .getByText("commit_then_reset the change was made, but the connection is reset")
    .waitFor();
  expect(await lost.getByText("create_project").count()).toBe(1);
  // Newest first: the look that found the project is above the request whose answer was lost.
  const shown: string[] = await page.locator(".request").allInnerTexts();
  const at = shown.findIndex((text) => text.includes("no answer"));
  expect(shown.slice(0, at).join()).toMatch(/GET listGroups|GET listOrgGroups|GET getOrgGroups/);
  expect(shown.slice(0, at).join()).toContain("create_project");
  await until(async () => !(await lose.isChecked()), "the switch goes off by itself");
  await page.getByText("Have struck: commit_then_reset 1×").waitFor();

  const making = call("create_flex_cluster", {
    ...{ groupId, name: "orders", providerSettings: aws, waitSeconds: 20 },
    tags: [{ key: "team", value: "payments" }],
  });
  const cluster = page.locator(".cluster", { hasText: "orders" });
  await cluster.getByText("CREATING", { exact: true }).waitFor();
  await cluster.getByText(/^\d+(\.\d)? m?s of 3\.0 s$/).waitFor();
  await cluster.getByText("SRV connection string only").waitFor();
  await cluster.getByText("IDLE", { exact: true }).waitFor();
  await cluster.getByText("connection strings complete").waitFor();
  expect(await making).toMatchObject({ ready: true });
  await call("create_database_user", { groupId, username: "app" });
  await call("create_access_list_entry", { groupId, ipAddress: "203.0.113.7", comment: "office" });
  await page.getByText("203.0.113.7/32").waitFor();
  await page
    .locator(".group", { hasText: "Database users" })
    .getByText("app", { exact: true })
    .waitFor();
  await call("delete_flex_cluster", { groupId, name: "orders" });
  await cluster.waitFor({ state: "detached" });
  expect(problems).toEqual([]);
});

describe("a sandbox on its own", () => {
  let served: Served;
  let url = "";
  const state = async (): Promise<any> => (await fetch(`${url}_sandbox/state`)).json();
  const control = async (method: string, path: string, body?: object) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    expect((await fetch(`${url}_sandbox/${path}`, { method, ...sent })).status).toBe(200);
  };
  const make = async (name: string) => {
    const { clientId, clientSecret, orgId } = served.line;
    const basic = btoa(`${clientId}:${clientSecret}`);
    const token: any = await (
      await fetch(`${url}api/oauth/token`, {
        method: "POST",
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      })
    ).json();
    const headers = {
      authorization: `Bearer ${token.access_token}`,
      accept: "application/vnd.atlas.2025-03-12+json",
      "content-type": "application/json",
    };
    const body = JSON.stringify({ name, orgId });
    const made = await fetch(`${url}api/atlas/v2/groups`, { method: "POST", headers, body });
    expect(made.status).toBe(201);
  };

  beforeAll(async () => {
    served = await serveBundle(["sandbox", "--port", "0", "--no-rate-limits"]);
    url = await addressIn(served.stderr);
  });
  afterAll(() => served?.end("SIGKILL"));
  beforeEach(() => control("POST", "reset"));

  it("says where it is on stderr, and nothing but JSON on stdout", () => {
    expect(url).toBe(`${served.line.url}/`);
    expect(served.stderr()).toBe(`Sandbox console: ${url}\n`);
    expect(served.stdout()).toMatch(/^\{[^\n]+\}\n$/);
  });

  it("asks before a reset, and can be used with the keyboard alone", async () => {
    await make("shop");
    const { page, problems } = await open(url);
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const one = (globalThis as any).document.activeElement;
        return one.id || one.value || one.textContent;
      });
    /** Tabs on until something has the focus. */
    const reach = async (wanted: string | RegExp) => {
      for (let n = 0; n < 60; n += 1) {
        await page.keyboard.press("Tab");
        if ((await focused()).match(wanted) !== null) return;
      }
      throw new Error(`No key leads to ${wanted}`);
    };
    await page.getByText("shop", { exact: true }).waitFor();

    await reach(/^reset$/);
    await page.keyboard.press("Enter");
    await page.getByText("Reset this sandbox?").waitFor();
    expect(await focused()).toBe("cancel");
    await page.keyboard.press("Escape");
    expect((await state()).projects).toHaveLength(1);

    await reach(/^resources-filter$/);
    await page.keyboard.type("no such project");
    await page.getByText("shop", { exact: true }).waitFor({ state: "detached" });
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await reach(/^shop/);
    await page.keyboard.press("Enter");
    await page.getByText("Nothing in it yet.").waitFor({ state: "detached" });

    await reach(/^Faults/);
    await page.keyboard.press("Enter");
    await reach(/^fault-operation$/);
    await page.keyboard.type("createGruop");
    await reach(/^fault-name$/);
    await page.keyboard.type("commit_then_hang");
    await page.getByText("the change was made, but there is no answer.").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("names an unknown operation").waitFor();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("createGroup");
    await page.keyboard.press("Enter");
    await page.getByText("commit_then_hang for createGroup, 1 time").waitFor();
    await reach(/^Remove$/);
    await page.keyboard.press("Enter");
    await page.getByText("none waits").waitFor();
    await reach(/^requests-filter$/);

    await page.getByRole("button", { name: "Reset…" }).focus();
    await page.keyboard.press("Enter");
    await reach(/^reset$/);
    await page.keyboard.press("Enter");
    await page.getByText("Nothing here yet.").waitFor();
    expect((await state()).projects).toEqual([]);
    // The browser itself says so of the operation that was misspelt.
    expect(problems).toEqual([expect.stringContaining("400")]);
  });

  it("is connected again when the sandbox is", async () => {
    const own = await serveBundle(["sandbox", "--port", "0"]);
    const { page } = await open(`${own.line.url}/`);
    await own.end("SIGTERM");
    await page.getByText("Not connected").waitFor();
    const again = await serveBundle(["sandbox", "--port", new URL(`${own.line.url}`).port]);
    onTestFinished(() => void again.end("SIGKILL"));
    await page.getByText("Live", { exact: true }).waitFor();
    await page.locator("header code", { hasText: again.line.orgId }).waitFor();
  });

  it.each([
    [380, "light"],
    [380, "dark"],
    [1280, "light"],
    [1280, "dark"],
  ])("can be read at %i pixels in %s", async (width, colorScheme) => {
    await make(`${"W".repeat(60)} ${width}`.slice(0, 64));
    await control("POST", "faults", [{ operation: "createGroup", fault: "commit_then_500" }]);
    await make("x").catch(() => {});
    const { page } = await open(url, { viewport: { width, height: 800 }, colorScheme });
    await page.getByText("Faults", { exact: true }).last().click();
    await page
      .getByText("no answer")
      .or(page.getByText("500", { exact: true }))
      .first()
      .waitFor();
    expect(await page.evaluate(tooWide)).toEqual([]);
    expect(await page.evaluate(tooFaint)).toEqual([]);
    await page.getByRole("button", { name: "Reset…" }).click();
    expect(await page.evaluate(tooWide)).toEqual([]);
    expect(await page.evaluate(tooFaint)).toEqual([]);
  });
});
