/** The card of the MCP App in Chromium, within a small host, with the built program behind it. */
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { bundle, programEnv } from "../support/bundle.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";
import { appsCapability, openCard } from "./app/host.mjs";
import { tooFaint, tooWide } from "./console/page.ts";
import { launchChromium } from "./tools.ts";

const questionKey = "io.github.atlas-provision-mcp/question";

let browser: any;
let sandbox: LiveSandbox;
let groupId: string;
let client: any;

const connect = async (era: "2025" | "2026", env: Record<string, string> = {}): Promise<any> => {
  const mode = era === "2026" ? { pin: "2026-07-28" } : "legacy";
  const connected: any = new Client(
    { name: "host", version: "1.0.0" },
    { capabilities: appsCapability, versionNegotiation: { mode } as any },
  );
  const all = { ...sandbox.env, ATLAS_MCP_CONFIRM: "auto", ATLAS_MCP_ALLOW_DELETE: "1", ...env };
  await connected.connect(
    new StdioClientTransport({
      ...{ command: process.execPath, args: [bundle], stderr: "ignore" },
      env: programEnv(all),
    }),
  );
  return connected;
};

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false, provisionMs: 1500 });
  [browser, client] = await Promise.all([launchChromium(), connect("2026")]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), client?.close()]);
  await sandbox?.close();
});
beforeEach(async () => {
  await sandbox.reset();
  groupId = (await sandbox.make("/groups", { name: "shop", orgId: sandbox.orgId })).id;
});

const create = (more: object = {}) => ({ groupId, name: "orders", providerSettings: aws, ...more });

/** Calls the tool as the model does, and shows the card of the call. */
const open = async (tool: string, args: object, { by = client, ...options }: any = {}) => {
  const result = await by.callTool({ name: tool, arguments: args });
  const opened = await openCard(browser, by, { tool, args, result, ...options });
  onTestFinished(opened.close);
  return { ...opened, result };
};

const press = async ({ card, page }: any, name: string) => {
  const button = card.getByRole("button", { name, exact: true });
  await button.waitFor();
  // The button takes no click that came with the question.
  await page.clock.fastForward(700);
  await button.press("Enter");
};

const shows = (opened: any, badge: string) =>
  opened.card.locator("#badge", { hasText: badge }).waitFor();

const changes = async () =>
  (await sandbox.state()).requests.filter(
    ({ method, path }) => method !== "GET" && path.includes("/flexClusters"),
  ).length;

const quiet = (opened: any) => {
  expect(opened.problems).toEqual([]);
  expect(opened.strange()).toEqual([]);
};

it.each(["2025", "2026"] as const)(
  "asks, agrees, watches and completes, in the era of %s",
  async (era) => {
    const by = era === "2026" ? client : await connect(era);
    if (by !== client) onTestFinished(() => by.close());
    const opened = await open("create_flex_cluster", create(), { by });
    await shows(opened, "Needs your answer");
    const text = await opened.card.innerText();
    expect(text).toContain('Create flex cluster "orders" (AWS, US_EAST_1) in project "shop"');
    expect(text).toContain("8 to 30 USD a month");
    expect(await changes()).toBe(0);

    await press(opened, "Agree");
    await shows(opened, "Creating");
    await opened.card.getByText("you, on this card").waitFor();
    const [cluster, ...others] = (await sandbox.state()).clusters;
    expect([cluster?.name, others, await changes()]).toEqual(["orders", [], 1]);

    const isMade = async () => (await sandbox.state()).clusters[0]?.stateName === "IDLE";
    await until(isMade, "the cluster", 8000);
    await opened.page.clock.fastForward(3500);
    await shows(opened, "Ready");
    await opened.card.getByText("orders.", { exact: false }).first().waitFor();
    expect(await opened.card.getByRole("listitem").allInnerTexts()).toEqual([
      "a database user",
      "an IP access list entry",
    ]);
    await opened.card.getByText("you, on this card").waitFor();
    await press(opened, "Let the assistant add it");
    await opened.card.getByText("The assistant was asked.").waitFor();
    const asked = `cluster orders in project ${groupId}: database user and access list entry.`;
    expect(opened.said.messages).toEqual([
      {
        role: "user",
        content: [{ type: "text", text: `Please add what is missing to connect to ${asked}` }],
      },
    ]);

    // What the model gets to know has no confirmation of the card in it.
    const told = JSON.stringify(opened.said);
    expect(told).toContain("The user pressed Agree on the card. Result of create_flex_cluster");
    expect(told).toContain("The cluster is ready now");
    expect(told).not.toContain(opened.result._meta[questionKey].call.arguments.confirmation);
    expect(opened.calls().map(({ name }: any) => name)).toContain("get_flex_cluster");
    quiet(opened);
  },
);

describe("a question", () => {
  it("is answered once, however often its button is pressed", async () => {
    const opened = await open("create_flex_cluster", create());
    const agree = opened.card.getByRole("button", { name: "Agree" });
    // With the question comes no yes: this click was meant for what stood there before.
    // The time stands still, however long the click takes here.
    await opened.page.clock.pauseAt(Date.now() + 1000);
    await opened.bridge.sendToolResult(opened.result);
    await agree.click();
    expect(opened.calls()).toEqual([]);
    await opened.page.clock.fastForward(700);
    await opened.page.clock.resume();
    await agree.dblclick();
    await shows(opened, "Creating");
    const creates = opened.calls().filter(({ name }: any) => name === "create_flex_cluster");
    expect(creates).toHaveLength(1);
    expect(await changes()).toBe(1);
    quiet(opened);
  });

  it("can be declined with the keyboard: nothing is sent, and the model is told", async () => {
    const opened = await open("create_flex_cluster", create());
    const { card } = opened;
    expect(await card.getAttribute("aria-labelledby")).toBe("title");
    const said = () => card.getByRole("status").innerText();
    expect(await said()).toMatch(/^Create flex cluster. orders. Needs your answer/);
    await press(opened, "Don’t");
    await shows(opened, "Declined");
    expect(await said()).toContain("Declined");
    // The button is gone, and the focus is where the answer is.
    expect(await card.evaluate((one: any) => one.ownerDocument.activeElement.id)).toBe("title");
    await until(() => opened.said.context.length > 0, "the word to the model");
    expect(JSON.stringify(opened.said.context)).toContain("The user declined on the card");
    expect([opened.calls(), await changes()]).toEqual([[], 0]);
    expect(await opened.card.getByRole("button").count()).toBe(0);
    // Also for a host that sends the first result again, whole or without what is for the card.
    const { _meta, ...without } = opened.result;
    for (const again of [opened.result, without]) await opened.bridge.sendToolResult(again);
    await opened.page.waitForTimeout(100);
    await shows(opened, "Declined");
  });

  it("is open for five minutes, with a host that greets late and has another time", async () => {
    const opened = await open("create_flex_cluster", create(), {
      beforeGreeting: async (page: any) => {
        await page.clock.fastForward(31_000);
        await page.clock.setSystemTime(Date.now() + 360_000);
      },
    });
    await opened.card.getByRole("button", { name: "Agree" }).waitFor();
    await shows(opened, "Needs your answer");
    await opened.page.clock.fastForward(301_000);
    await shows(opened, "Too late");
    expect(await opened.card.getByRole("button").count()).toBe(0);
    // Whoever sends it again does not open it again.
    await opened.bridge.sendToolResult(opened.result);
    await opened.page.waitForTimeout(100);
    await shows(opened, "Too late");
    expect(await opened.card.getByRole("button").count()).toBe(0);
    expect(await changes()).toBe(0);
  });

  it("is asked again if the confirmation does not hold any more", async () => {
    const opened = await open("create_flex_cluster", create());
    const other = await client.callTool({
      name: "create_flex_cluster",
      arguments: create({ name: "other" }),
    });
    const { confirmation } = other._meta[questionKey].call.arguments;
    const changed = structuredClone(opened.result);
    changed._meta[questionKey].call.arguments.confirmation = confirmation;
    await opened.bridge.sendToolResult(changed);
    await press(opened, "Agree");
    await opened.card.getByText("Asked again").waitFor();
    await shows(opened, "Needs your answer");
    expect(await changes()).toBe(0);
    await press(opened, "Agree");
    await shows(opened, "Creating");
    expect(await changes()).toBe(1);
    quiet(opened);
  });

  it("has no buttons where the host lets a card call nothing, or gave it no confirmation", async () => {
    const capabilities = { serverTools: undefined };
    const mute = await open("create_flex_cluster", create(), { capabilities, calls: false });
    await mute.card.getByText("Tell the assistant whether you agree.").waitFor();
    const { _meta, ...without } = mute.result;
    const bare = await openCard(browser, client, { tool: "create_flex_cluster", result: without });
    onTestFinished(bare.close);
    await bare.card.getByText("Tell the assistant whether you agree.").waitFor();
    for (const opened of [mute, bare]) {
      expect(await opened.card.getByRole("button").count()).toBe(0);
      expect(await opened.card.innerText()).toContain("8 to 30 USD a month");
    }
  });

  it("reminds its user of the assistant, where the host tells that nothing", async () => {
    const capabilities = { updateModelContext: undefined, message: undefined };
    const opened = await open("create_flex_cluster", create(), { capabilities });
    await press(opened, "Agree");
    await shows(opened, "Creating");
    const note = opened.card.locator("#note", { hasText: "The assistant does not see" });
    await note.waitFor();
    await until(
      async () => (await sandbox.state()).clusters[0]?.stateName === "IDLE",
      "the cluster",
    );
    await opened.page.clock.fastForward(3100);
    await shows(opened, "Ready");
    await note.waitFor();
    expect(await opened.card.getByRole("button").count()).toBe(0);
    expect(opened.said).toEqual({ messages: [], context: [] });
  });

  it("says so if the host refuses the call, and claims nothing", async () => {
    const onCall = async () => {
      throw new Error("The user of this host said no.");
    };
    const opened = await open("create_flex_cluster", create(), { onCall });
    await press(opened, "Agree");
    await shows(opened, "Outcome unknown");
    await opened.card.locator("#text", { hasText: "The user of this host said no." }).waitFor();
    await press(opened, "Look");
    await until(() => opened.calls().length === 2, "the look");
    expect(opened.calls()[1]).toMatchObject({
      name: "get_flex_cluster",
      arguments: { groupId, name: "orders" },
    });
    await opened.card.getByText("The look failed and is repeated").waitFor();
    await shows(opened, "Outcome unknown");
    expect(await changes()).toBe(0);
  });

  /** Sends the question as another one, and presses Agree. Returns the id of the card's call. */
  const agreeAnew = async (opened: any, count: number) => {
    const question = structuredClone(opened.result);
    question.structuredContent.confirmation = `a${count}`;
    question._meta[questionKey].call.arguments.confirmation = `b${count}`;
    await opened.bridge.sendToolResult(question);
    await press(opened, "Agree");
    await until(() => opened.calls().length === count, "the call");
    return opened.passed.fromCard.findLast(({ method }: any) => method === "tools/call").id;
  };

  it("has an unknown outcome if its answer cannot be read, and the model is told how to look", async () => {
    const opened = await open("create_flex_cluster", create(), {
      onCall: () => new Promise(() => {}),
    });
    const timedOut = "MCP error -32001: Request timed out";
    const text = (one: string) => [{ type: "text", text: one }];
    const answers = [
      { result: null },
      { result: {} },
      { result: { content: null } },
      { result: { content: [null], isError: true } },
      { result: { content: text(timedOut), isError: true } },
      { result: { content: text('{"status":"ok","outcome":"created","cluster":{"na') } },
      { error: null },
      { error: { code: -32001, message: timedOut } },
    ];
    for (const [at, answer] of answers.entries()) {
      const id = await agreeAnew(opened, at + 1);
      await opened.send({ id, ...answer });
      await shows(opened, "Outcome unknown");
      await opened.card.locator("#text", { hasText: "It may have been done." }).waitFor();
      await until(() => opened.said.context.length === at + 1, "the word to the model");
      const said = JSON.parse(JSON.stringify(opened.said.context[at])).content[0].text;
      expect(said).toContain("the outcome is unknown. Look before you repeat it");
      expect(said).toContain(`get_flex_cluster {"groupId":"${groupId}","name":"orders"`);
    }

    // It counts however late it comes, and meanwhile the question stays answered.
    const id = await agreeAnew(opened, answers.length + 1);
    const sent = opened.passed.toCard.findLast(({ params }: any) => params?._meta?.[questionKey]);
    await opened.send(sent);
    await opened.page.waitForTimeout(100);
    await shows(opened, "Agreed");
    await opened.page.clock.fastForward(181_000);
    await shows(opened, "Outcome unknown");
    await opened.send(sent);
    const cluster = { name: "orders", groupId, stateName: "CREATING" };
    const structuredContent = { status: "ok", outcome: "created", ready: false, cluster };
    await opened.send({ id, result: { content: [], structuredContent } });
    await shows(opened, "Creating");
    await opened.send(sent);
    await opened.page.waitForTimeout(100);
    await shows(opened, "Creating");
    expect(opened.calls()).toHaveLength(answers.length + 1);
    quiet(opened);
  });

  it("shows each argument as it is, whatever it is equal to", async () => {
    const tags = [{ key: "env", value: "prod\u3164\u2800\u034f\ufe0f\u{e0101}" }];
    const args = create({ name: "AWS", tags, terminationProtectionEnabled: true });
    const opened = await open("create_flex_cluster", args);
    await opened.card.locator("dt", { hasText: "Provider" }).waitFor();
    const rows = () => opened.card.locator("dd").allInnerTexts();
    const hidden = "\\u{3164}\\u{2800}\\u{34f}\\u{fe0f}\\u{e0101}";
    expect(await rows()).toEqual(expect.arrayContaining(["AWS", "yes", `env = prod${hidden}`]));
    const other = structuredClone(opened.result);
    const role = { roleName: "readWrite", databaseName: "shop", collectionName: "orders" };
    const scopes = [{ name: "orders", type: "CLUSTER" }];
    Object.assign(other._meta[questionKey].call.arguments, { roles: [role], scopes });
    await opened.bridge.sendToolResult(other);
    await opened.card.locator("dt", { hasText: "Roles" }).waitFor();
    expect(await rows()).toEqual(
      expect.arrayContaining(["readWrite on shop.orders", "CLUSTER orders"]),
    );
  });

  it("shows names as text, whatever they look like", async () => {
    const name = '<img src="http://127.0.0.1:9/x" onerror="parent.postMessage(1)">';
    const bidi = "a\u202egnp.exe\u2066";
    const opened = await open("create_flex_cluster", create());
    const shown = structuredClone(opened.result);
    Object.assign(shown._meta[questionKey], { name, question: name });
    await opened.bridge.sendToolResult(shown);
    await opened.card.getByRole("heading", { name: "<img src=" }).waitFor();
    Object.assign(shown._meta[questionKey], { name: bidi, question: `${bidi}<script>1</script>` });
    shown._meta[questionKey].call.arguments.comment = `${bidi}<b>`;
    await opened.bridge.sendToolResult(shown);
    await opened.card.getByRole("heading", { name: "a\\u{202e}gnp.exe\\u{2066}" }).waitFor();
    const text = await opened.card.innerText();
    expect(text).toContain("\\u{2066}<script>1</script>");
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
    expect(await opened.card.locator("img, b, script, a").count()).toBe(0);
    quiet(opened);
  });
});

describe("a cluster that is made", () => {
  const made = async (options: object = {}) => {
    await sandbox.make(`/groups/${groupId}/flexClusters`, create());
    return open("get_flex_cluster", { groupId, name: "orders" }, { ...options });
  };
  const looks = (opened: any): number => opened.calls().length;

  it("is watched no more after the host has torn the card down, in the middle of a look", async () => {
    let answer: (result: object) => void = () => {};
    const opened = await made({ onCall: () => new Promise((resolve) => (answer = resolve)) });
    await opened.page.clock.fastForward(3100);
    await until(() => looks(opened) === 1, "a look");
    expect(await opened.bridge.teardownResource({})).toEqual({});
    answer(opened.result);
    // The answer comes late, and then the time for the next look.
    await opened.page.waitForTimeout(300);
    await opened.page.clock.fastForward(60_000);
    await opened.page.waitForTimeout(100);
    expect(looks(opened)).toBe(1);
    quiet(opened);
  });

  it("is looked at again when Atlas fails for a while, and not for ever", async () => {
    const message = "Atlas does not answer.";
    const error = { code: "unavailable", message, retry: "after_delay", retryAfterSeconds: 2 };
    const onCall = async () => ({
      content: [{ type: "text", text: JSON.stringify({ status: "error", error }) }],
      isError: true,
    });
    const opened = await made({ onCall });
    for (let count = 1; count <= 5; count += 1) {
      await opened.page.clock.fastForward(3100);
      await until(() => looks(opened) === count, `look ${count}`);
      await opened.card.getByText(message).waitFor();
      await shows(opened, "Creating");
    }
    await opened.card.getByRole("button", { name: "Look again" }).waitFor();
    await opened.page.clock.fastForward(600_000);
    expect(looks(opened)).toBe(5);
    await opened.card.getByRole("button", { name: "Look again" }).press("Enter");
    await until(() => looks(opened) === 6, "the look that was asked for");
  });

  it("stays as it was seen last when a look cannot be read, and is looked at again", async () => {
    const text = (one: string) => [{ type: "text", text: one }];
    const gone = { status: "error", error: { code: "not_found", message: "There is none." } };
    const answers = [
      { content: text("MCP error -32001: Request timed out"), isError: true },
      {},
      { content: text('{"status":"ok","cluster":null,"ready":null}') },
      undefined,
      { content: text(JSON.stringify(gone)), isError: true },
    ];
    const onCall = async () => answers[looks(opened) - 1] ?? Promise.reject(new Error("Not now."));
    const opened = await made({ onCall });
    for (const [at, ms] of [3100, 5100, 10_100, 20_100].entries()) {
      await opened.page.clock.fastForward(ms);
      await until(() => looks(opened) === at + 1, `look ${at + 1}`);
      await opened.card.getByText("The look failed and is repeated").waitFor();
      await shows(opened, "Creating");
    }
    await opened.card.getByText("Not now.").waitFor();
    await opened.page.clock.fastForward(40_100);
    await shows(opened, "Not there");
    await opened.card.getByRole("button", { name: "Look again" }).waitFor();
    quiet(opened);
  });

  it("is left to the assistant where the host lets a card call nothing", async () => {
    const capabilities = { serverTools: undefined };
    const opened = await made({ capabilities, calls: false });
    await opened.card.getByText("Ask the assistant whether it is ready.").waitFor();
    await opened.page.clock.fastForward(600_000);
    expect(looks(opened)).toBe(0);
  });
});

describe("refusals and failures", () => {
  it("says who does not allow it, with --confirm human", async () => {
    const by = await connect("2026", { ATLAS_MCP_CONFIRM: "human" });
    onTestFinished(() => by.close());
    const opened = await open("create_flex_cluster", create(), { by });
    await shows(opened, "Not allowed");
    await opened.card.getByText("Nothing was created.").waitFor();
    expect(await opened.card.getByRole("button").count()).toBe(0);
  });

  it("says what is true and what is next after a failure, and when a call was stopped", async () => {
    const opened = await open("get_flex_cluster", { groupId, name: "nothing" });
    await shows(opened, "Failed");
    await opened.card.getByText("not_found").waitFor();
    // What a host may hand on that has kept no structure, or has words of its own.
    const text = (one: string) => ({ content: [{ type: "text", text: one }] });
    const whole = text(JSON.stringify({ ...opened.result.structuredContent, backend: "sandbox" }));
    await opened.bridge.sendToolResult(whole);
    await opened.card.getByText("Sandbox: nothing is real").waitFor();
    for (const words of ["Not available here.", "null", '{"status":"error"}', ""]) {
      await opened.bridge.sendToolResult(text(words));
      await shows(opened, "No result");
      await opened.card.locator("#text", { hasText: words || "no result" }).waitFor();
    }
    await opened.bridge.sendToolCancelled({ reason: "user" });
    await shows(opened, "Stopped");
  });

  it("shows what it can of a result with odd members, and nothing that is not in it", async () => {
    const opened = await open("get_flex_cluster", { groupId, name: "nothing" });
    const show = async (more: object, badge: string, name: string) => {
      const cluster = { name, groupId, stateName: "CREATING", ...(more as any).cluster };
      const result = { status: "ok", outcome: "found", ready: false, ...more, cluster };
      await opened.send({
        method: "ui/notifications/tool-result",
        params: { content: null, structuredContent: result },
      });
      await opened.card.getByRole("heading", { name, exact: true }).waitFor();
      await shows(opened, badge);
    };
    const nothing = { nextActions: null, receipt: null, differences: null, missing: null };
    const odd = [
      { ...nothing, outcome: null, error: null, quote: null, request: null, project: null },
      { cluster: { connectionStrings: null, providerSettings: null, tags: null } },
      { cluster: { connectionStrings: { standardSrv: null }, id: null } },
      { nextActions: [null, 1, { tool: "get_flex_cluster" }], receipt: { approver: "toString" } },
      { differences: [null, {}, { field: null }, { field: "constructor", yours: null }] },
    ];
    for (const [at, more] of odd.entries()) await show(more, "Creating", `odd${at}`);
    await show({ ready: true, missing: [null, "vpc_peering", 5] }, "Ready", "ready");
    expect(await opened.card.getByRole("listitem").allInnerTexts()).toEqual(["vpc_peering"]);
    await show({ ready: null, outcome: "constructor" }, "Done", "done");
    for (const [stateName, badge] of Object.entries({
      ...{ UPDATING: "Changing", REPAIRING: "Repairing", DELETING: "Deleting" },
      ...{ IDLE: "Not ready yet", valueOf: "Not ready yet" },
    }))
      await show({ cluster: { stateName } }, badge, `is-${stateName}`);
    expect(await opened.card.innerText()).not.toContain("native code");
    const error = { message: "m", code: "toString", outcome: "valueOf", fields: [null] };
    const failed = { status: "error", error: { ...error, nextActions: null } };
    await opened.bridge.sendToolResult({ content: [], structuredContent: failed });
    await shows(opened, "Failed");
    expect(await opened.card.innerText()).not.toContain("native code");
    quiet(opened);
  });
});

it("can be read at two widths, in light and in dark, also with long names", async () => {
  const long = "W".repeat(64);
  const tags = [{ key: "k".repeat(60), value: "v".repeat(200) }];
  const opened = await open("create_flex_cluster", create({ name: long, tags }), {
    page: { reducedMotion: "reduce" },
  });
  const handle = await opened.card.elementHandle();
  const view = await handle.ownerFrame();
  const check = async () => {
    for (const width of [320, 640]) {
      await opened.page.setViewportSize({ width, height: 800 });
      for (const theme of ["light", "dark"]) {
        await opened.bridge.sendHostContextChange({ theme });
        const applied = () => view.evaluate("document.documentElement.style.colorScheme");
        await until(async () => (await applied()) === theme, `the theme ${theme}`);
        expect(await view.evaluate(tooWide)).toEqual([]);
        expect(await view.evaluate(tooFaint)).toEqual([]);
      }
    }
  };
  await shows(opened, "Needs your answer");
  await check();
  const error = { code: "unavailable", message: long, outcome: "unknown", retry: "never" };
  const failed = { status: "error", backend: "atlas", error };
  await opened.bridge.sendToolResult({ content: [], structuredContent: failed, isError: true });
  await shows(opened, "Outcome unknown");
  await check();
  const cluster = { name: long, groupId, stateName: "CREATING" };
  const making = { status: "ok", backend: "sandbox", outcome: "created", ready: false, cluster };
  await opened.bridge.sendToolResult({ content: [], structuredContent: making });
  await shows(opened, "Creating");
  await check();
});

it("takes the host's colours and fonts, and nothing that is loaded", async () => {
  const variables = {
    "--color-background-primary": "rgb(1, 2, 3)",
    "--color-text-primary": "url(http://127.0.0.1:9/x)",
    "--font-sans": "serif; background: url(http://127.0.0.1:9/y)",
    "--other": "1",
  };
  const context = { theme: "dark", styles: { variables, css: { fonts: "@import 'http://x';" } } };
  const opened = await open("create_flex_cluster", create(), { context });
  const body = opened.card.locator("xpath=ancestor::body");
  const backgroundOf = () =>
    body.evaluate(
      (one: any) => one.ownerDocument.defaultView.getComputedStyle(one).backgroundColor,
    );
  expect(await backgroundOf()).toBe("rgb(1, 2, 3)");
  await opened.bridge.sendHostContextChange({
    styles: { variables: { "--color-background-primary": "rgb(9, 9, 9)" } },
  });
  await until(async () => (await backgroundOf()) === "rgb(9, 9, 9)", "the new colour");
  quiet(opened);
});
