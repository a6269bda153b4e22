/** The console of a sandbox in Chromium, against text, pages and numbers that were not meant for it. */
import { createServer, type Server } from "node:http";
import { createSandbox, type Sandbox } from "@atlas-provision-mcp/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { behind } from "../support/behind.ts";
import { aws } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";
import { openConsole, tooWide } from "./console/page.ts";
import { launchChromium } from "./tools.ts";

const foreignHost = "rebound.example";

let browser: any;
let sandbox: Sandbox;
beforeAll(async () => {
  browser = await launchChromium(`--host-resolver-rules=MAP ${foreignHost} 127.0.0.1`);
});
afterAll(() => browser?.close());
beforeEach(async () => {
  sandbox = await createSandbox({ rateLimits: false, organizations });
  onTestFinished(() => sandbox.close());
});

const markup = `<img src=x onerror="ran('img')"><script>ran('script')</script>`;
/** Joined of several characters each, some of which are invisible where they stand alone. */
const emoji = "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿".repeat(32);
const organizations = [
  { id: "5a9db0c5a9db0c5a9db0c501", name: `${markup} \u202egro\u202c\u0000` },
  { id: "5a9db0c5a9db0c5a9db0c502", name: emoji },
];

const open = async (url: string = sandbox.url, options?: object) => {
  const opened = await openConsole(browser, url, options);
  onTestFinished(opened.close);
  return opened;
};

it("shows markup, scripts, direction marks and 64 emoji as text, and runs none of it", async () => {
  const make = behind(sandbox);
  const comment = `"><svg onload="ran('svg')"> \u2066\u200f\u200b`;
  const { id } = await make("/groups", { name: "shop", orgId: sandbox.orgId });
  await make(`/groups/${id}/accessList`, [{ ipAddress: "203.0.113.7", comment }]);
  await make(`/groups/${id}/databaseUsers`, {
    ...{ databaseName: "admin", groupId: id, password: "not-to-be-seen", username: markup },
    ...{
      description: "👩‍👩‍👧‍👦",
      labels: [{ key: "<b>k</b>", value: "javascript:ran(1)" }],
    },
    roles: [{ databaseName: "admin", roleName: "atlasAdmin" }],
  });
  await make(`/groups/${id}/flexClusters`, { name: "orders", providerSettings: aws });
  for (const width of [1280, 380]) {
    const { page, problems } = await open(sandbox.url, { viewport: { width, height: 800 } });
    const ran: string[] = [];
    await page.exposeFunction("ran", (what: string) => ran.push(what));
    const names = await page.locator(".organization h3 bdi").allInnerTexts();
    expect(names).toEqual([`${markup} U+202EgroU+202CU+0000`, emoji]);
    await page.getByText(`"><svg onload="ran('svg')"> U+2066U+200FU+200B`).waitFor();
    await page.locator(".name", { hasText: markup }).waitFor();
    await page.getByText("<b>k</b>: javascript:ran(1)").waitFor();
    expect(await page.locator("img, svg, b:not(.what b), iframe").count()).toBe(0);
    expect(await page.evaluate(tooWide)).toEqual([]);
    expect([ran, problems]).toEqual([[], []]);
  }
});

it("works with 250 projects and 10,000 requests", async () => {
  const make = behind(sandbox);
  let latest = "";
  for (let n = 0; n < 250; n += 1) {
    const { id } = await make("/groups", { name: `project ${n}`, orgId: sandbox.orgId });
    latest = id;
    if (n % 5 === 0)
      await make(`/groups/${id}/flexClusters`, { name: "db", providerSettings: aws });
  }
  const ask = async () => (await fetch(`${sandbox.url}/api/atlas/v2/nonsense?n=1`)).arrayBuffer();
  for (let n = 0; n < 9_750; n += 50) await Promise.all(Array.from({ length: 50 }, ask));

  const startedAt = performance.now();
  const { page, problems } = await open();
  await page.getByText("250 projects, 50 clusters").waitFor();
  await page.getByText("10,000 requests").waitFor();
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  const size = () => page.evaluate(() => (globalThis as any).document.querySelectorAll("*").length);
  expect(await size()).toBeLessThan(6000);

  /** The longest time that the page does not answer while something happens. */
  const longestPause = async (work: () => Promise<unknown>): Promise<number> => {
    await page.evaluate(() => {
      const own = globalThis as any;
      own.longest = 0;
      let last = performance.now();
      own.beat = setInterval(() => {
        own.longest = Math.max(own.longest, performance.now() - last);
        last = performance.now();
      }, 10);
    });
    await work();
    return page.evaluate(() => {
      clearInterval((globalThis as any).beat);
      return (globalThis as any).longest;
    });
  };
  const pause = await longestPause(async () => {
    await make(`/groups/${latest}/flexClusters`, { name: "new", providerSettings: aws });
    await page.getByText("250 projects, 51 clusters").waitFor();
    await page.getByLabel("Filter resources").fill("project 249");
    await page.getByText("1 of 250 projects").waitFor();
    await page.getByLabel("Filter requests").fill("createGroupFlex");
    await page.getByText(/^[1-9]\d? of 10,000 requests$/).waitFor();
    await page.getByLabel("Filter requests").fill("");
    await page.getByRole("button", { name: "Show more" }).click();
    await until(async () => (await page.locator(".request").count()) === 400, "more requests");
  });
  expect(pause).toBeLessThan(1500);
  expect(problems).toEqual([]);
});

describe("a page of somebody else", () => {
  let elsewhere: Server;
  let origin = "";
  beforeAll(async () => {
    elsewhere = createServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><p>elsewhere");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    origin = `http://localhost:${(elsewhere.address() as { port: number }).port}`;
  });
  afterAll(() => {
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  it("reads nothing, changes nothing, and cannot show the console as its own", async () => {
    await behind(sandbox)("/groups", { name: "shop", orgId: sandbox.orgId });
    sandbox.addFaults({ operation: "listOrgs", fault: "reset" });
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    await page.goto(origin);
    const got: Record<string, string> = await page.evaluate(async (url: string) => {
      const { document, EventSource, open } = globalThis as any;
      const outcome = (work: Promise<unknown>) => work.then(String, () => "nothing");
      const loads = (tag: string, name: string, path: string) =>
        outcome(
          new Promise((resolve, reject) => {
            const one = document.createElement(tag);
            one.onload = () => resolve("loaded");
            one.onerror = reject;
            one[name] = `${url}${path}`;
            document.body.append(one);
          }),
        );
      const text = (path: string, init?: object) =>
        outcome(fetch(`${url}${path}`, init).then((answer) => answer.text()));
      const stream = outcome(
        new Promise((resolve, reject) => {
          const events = new EventSource(`${url}/_sandbox/events`);
          events.onmessage = resolve;
          events.onerror = reject;
        }),
      );
      const tab = open(`${url}/`);
      return {
        page: await text("/"),
        state: await text("/_sandbox/state"),
        stateUnseen: await text("/_sandbox/state", { mode: "no-cors" }),
        reset: await text("/_sandbox/reset", { method: "POST" }),
        resetUnseen: await text("/_sandbox/reset", { method: "POST", mode: "no-cors" }),
        remove: await text("/_sandbox/faults", { method: "DELETE" }),
        stream: await stream,
        image: await loads("img", "src", "/"),
        script: await loads("script", "src", "/_sandbox/state"),
        tab: tab === null || tab.closed ? "nothing" : await outcome(Promise.resolve(tab.length)),
      };
    }, sandbox.url);
    for (const [what, text] of Object.entries(got))
      expect([what, text.replace(/^(0|)$/, "nothing")]).toEqual([what, "nothing"]);
    await page.setContent(`<iframe src="${sandbox.url}/"></iframe>`);
    const [, frame] = page.frames();
    expect(await frame.content()).not.toContain("Resources");
    await page.setContent(`<form method="post" action="${sandbox.url}/_sandbox/reset"><button>x`);
    await page.getByRole("button").click();
    await page.getByText("serve only this machine").waitFor();
    expect(sandbox.state().projects).toHaveLength(1);
    expect(sandbox.faults()).toHaveLength(1);
  });

  it("gets nothing under a name that leads to this machine", async () => {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    const response = await page.goto(`http://${foreignHost}:${new URL(sandbox.url).port}/`);
    expect(response.status()).toBe(403);
    const read = await page.evaluate(async () => (await fetch("/_sandbox/state")).text());
    expect(read).toMatch(/serve only this machine/);
  });
});
