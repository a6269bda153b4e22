/** The button of the card: what it sends is its own, for one question, and is worth no more than its host. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { secret } from "../../src/common/secret.ts";
import { consentOf } from "../../src/consent/consent.ts";
import { createSigner } from "../../src/consent/signer.ts";
import { type Caller, operator } from "../../src/policy/caller.ts";
import { aws, type Harness, openHarness } from "../faults/harness.ts";
import type { Provision, ProvisionOptions } from "../faults/provision.ts";
import { connect, type DriverOptions, type Kind } from "../support/clients.ts";
import { auditFile, userWho } from "../support/consent.ts";
import { type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { isBundle } from "../support/program.ts";

const extension = "io.modelcontextprotocol/ui";
const showing = { extensions: { [extension]: { mimeTypes: ["text/html;profile=mcp-app"] } } };
const questionKey = "io.github.atlas-provision-mcp/question";

const kinds: readonly Kind[] = isBundle
  ? ["v1", "v2 legacy", "v2 modern", "v2 legacy over http", "v2 modern over http"]
  : ["v2 legacy", "v2 modern"];

describe.each(kinds)("what %s is given for its card", (kind) => {
  let sandbox: LiveSandbox;
  let groupId: string;
  beforeAll(async () => {
    sandbox = await startSandbox({ rateLimits: false });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await sandbox.reset();
    groupId = (await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId })).id;
  });

  const open = async (env: Record<string, string> = {}, more: DriverOptions = {}) => {
    const all = { ...sandbox.env, ATLAS_MCP_CONFIRM: "auto", ...env };
    const driver = await connect(kind, { env: all, capabilities: showing, ...more });
    onTestFinished(driver.close);
    return driver;
  };
  const cluster = (more: object = {}) => ({
    ...{ groupId, name: "db", providerSettings: aws, waitSeconds: 0 },
    ...more,
  });
  const changes = async () =>
    (await sandbox.state()).requests.filter(
      ({ method, path }) => method !== "GET" && /flexClusters|databaseUsers/.test(path),
    ).length;

  it("is a question and a call that makes the change, and is in no other part of the result", async () => {
    const audit = auditFile();
    const driver = await open({ ATLAS_MCP_AUDIT: audit.path });
    const { structured, text, meta } = await driver.call("create_flex_cluster", cluster());
    const card = meta[questionKey];
    expect(card.question).toMatch(/^Create flex cluster "db" .* It costs 8 to 30 USD a month/);
    expect(card.question).not.toMatch(/confirmation/);
    expect(card).toMatchObject({ name: "db", call: { tool: "create_flex_cluster" } });
    expect(card.lifetimeMs).toBe(300_000);
    expect(card.look).toEqual({
      tool: "get_flex_cluster",
      arguments: { groupId, name: "db", waitSeconds: 0 },
    });
    const { confirmation } = card.call.arguments;
    expect(confirmation).not.toBe(structured.confirmation);
    expect(JSON.stringify(structured) + text).not.toContain(confirmation);
    expect(await changes()).toBe(0);

    const made = await driver.call(card.call.tool, card.call.arguments);
    expect(made.structured).toMatchObject({ outcome: "created", receipt: { approver: "app" } });
    expect(audit.lines().map((line) => [line.kind, line.approver])).toEqual([
      ["intent", "app"],
      ["outcome", "app"],
    ]);
    expect(await changes()).toBe(1);
  });

  it("has the call that shows whether the change was done", async () => {
    const folder = mkdtempSync(join(tmpdir(), "card-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const policy = join(folder, "policy.json");
    const asked = ["create_project", "update_project", "create_database_user"];
    const consent = Object.fromEntries(asked.map((tool) => [tool, "ask"]));
    writeFileSync(policy, JSON.stringify({ consent }));
    const driver = await open({ ATLAS_MCP_POLICY: policy, ATLAS_MCP_ALLOW_DELETE: "1" });
    const user = { groupId, username: "ada", roles: [{ roleName: "read", databaseName: "a" }] };
    const project = { tool: "get_project", arguments: { groupId } };
    const { orgId } = sandbox;
    const looks: [string, object, object][] = [
      ["create_database_user", user, project],
      ["create_access_list_entry", { groupId, cidrBlock: "0.0.0.0/0" }, project],
      ["update_project", { groupId, name: "other" }, project],
      ["delete_project", { groupId, name: "home" }, project],
      [
        "create_project",
        { orgId, name: "new" },
        { tool: "list_projects", arguments: { orgId, name: "new" } },
      ],
    ];
    for (const [tool, args, look] of looks) {
      const { meta } = await driver.call(tool, args);
      expect([tool, meta[questionKey].look]).toEqual([tool, look]);
    }
  });

  it("is given only to a host that says that it shows the card, and to the others nothing new", async () => {
    for (const capabilities of [{}, { extensions: { [extension]: {} } }]) {
      const driver = await open({}, { capabilities });
      const { structured, meta } = await driver.call("create_flex_cluster", cluster());
      expect(Object.keys(meta)).not.toContain(questionKey);
      expect(structured.message).not.toMatch(/card/);
    }
  });

  it("does not hold with --confirm human, whose hosts are given none", async () => {
    const lax = await open({ ATLAS_MCP_SECRET: "a secret of both processes" });
    const { meta } = await lax.call("create_flex_cluster", cluster());
    const env = { ATLAS_MCP_CONFIRM: "human", ATLAS_MCP_SECRET: "a secret of both processes" };
    const strict = await open(env);
    const refused = await strict.call("create_flex_cluster", cluster());
    expect(refused.structured.error.code).toBe("policy_denied");
    expect(Object.keys(refused.meta)).not.toContain(questionKey);
    const pressed = await strict.call("create_flex_cluster", meta[questionKey].call.arguments);
    expect(pressed.structured.error.code).toBe("policy_denied");
    expect(pressed.structured.error.message).toMatch(/requires a person to agree/);
    expect(await changes()).toBe(0);
  });

  it("holds with --confirm token, and is not needed with --confirm never", async () => {
    const driver = await open({ ATLAS_MCP_CONFIRM: "token" });
    const { meta } = await driver.call("create_flex_cluster", cluster());
    const { call } = meta[questionKey];
    const made = await driver.call(call.tool, call.arguments);
    expect(made.structured.receipt.approver).toBe("app");
    const trusting = await open({ ATLAS_MCP_CONFIRM: "never" });
    const done = await trusting.call("create_flex_cluster", cluster({ name: "other" }));
    expect(done.structured.receipt.approver).toBe("operator");
    expect(Object.keys(done.meta)).not.toContain(questionKey);
  });

  it("is no way around a user who can be asked", async () => {
    const driver = await open();
    const { meta } = await driver.call("create_flex_cluster", cluster());
    const { asked, answers } = userWho("decline");
    const asking = await open({}, { answers });
    const pressed = await asking.call("create_flex_cluster", meta[questionKey].call.arguments);
    expect(pressed.structured.error.code).toBe("declined");
    expect(asked).toHaveLength(1);
    expect(await changes()).toBe(0);
  });

  it("is no leave to take something away on live Atlas", async () => {
    const password = "Abcdefghijklmnopqrstuvwxyz012345";
    const roles = [{ roleName: "readWrite", databaseName: "shop" }];
    const user = { databaseName: "admin", username: "app", password, roles };
    await sandbox.make(`/groups/${groupId}/databaseUsers`, user);
    const before = await changes();
    const driver = await open();
    const { structured, meta } = await driver.call("delete_database_user", {
      ...{ groupId, username: "app" },
    });
    expect(structured.error.code).toBe("policy_denied");
    expect(Object.keys(meta)).not.toContain(questionKey);
    expect(await changes()).toBe(before);
  });
});

describe("the confirmation of a card", () => {
  let harness: Harness;
  let groupId: string;
  beforeAll(async () => {
    harness = await openHarness(20, { rateLimits: false });
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    await harness.reset();
    groupId = await harness.makeProject("home");
  });

  const replica = (more: Partial<ProvisionOptions> = {}) =>
    harness.process({ confirm: "auto", secret: "shared by all replicas", ...more });
  const [ann, bob]: [Caller, Caller] = [
    { ...operator, id: "ann" },
    { ...operator, id: "bob" },
  ];
  const create = (by: Provision, more: object = {}, options: object = {}) =>
    by.call(
      "create_flex_cluster",
      { groupId, name: "db", providerSettings: aws, ...more },
      { caller: ann, showsCard: true, ...options },
    );
  const confirmationFrom = async (by = replica()): Promise<string> =>
    (await create(by)).card.call.arguments.confirmation;
  const sent = async () =>
    (await harness.state()).requests.filter(
      ({ method, path }) => method !== "GET" && path.includes("/flexClusters"),
    ).length;
  const asksAgain = async (answer: any, says: RegExp) => {
    expect(answer.status).toBe("needs_confirmation");
    expect(answer.message).toMatch(says);
    expect(await sent()).toBe(0);
  };
  const elsewhere = /^The confirmation in this call was given for something else/;
  const foreign = /^The confirmation in this call is not one of this server's/;

  it("holds at another replica, and used again it makes no second cluster", async () => {
    const confirmation = await confirmationFrom();
    const made = await create(replica(), { confirmation });
    expect(made).toMatchObject({ outcome: "created", receipt: { approver: "app" } });
    const again = await create(replica(), { confirmation });
    expect(again.error).toMatchObject({ code: "name_conflict", identical: true });
    expect(await sent()).toBe(1);
  });

  it("does not hold for another caller, other arguments or another Atlas", async () => {
    const confirmation = await confirmationFrom();
    await asksAgain(await create(replica(), { confirmation }, { caller: bob }), elsewhere);
    await asksAgain(await create(replica(), { confirmation, name: "other" }), elsewhere);
    const region = { ...aws, regionName: "EU_WEST_1" };
    await asksAgain(await create(replica(), { confirmation, providerSettings: region }), elsewhere);
    const other = replica({ baseUrl: harness.sandbox.url });
    await asksAgain(await create(other, { confirmation }), elsewhere);
  });

  it("does not hold at any changed character", async () => {
    const confirmation = await confirmationFrom();
    const by = replica();
    for (let at = 0; at < confirmation.length; at += 7) {
      const changed = confirmation[at] === "x" ? "y" : "x";
      const forged = confirmation.slice(0, at) + changed + confirmation.slice(at + 1);
      await asksAgain(
        await create(by, { confirmation: forged }),
        /^The confirmation in this call (is not one|was issued by another)/,
      );
    }
  });

  it("does not hold in a host that shows no card: who pressed there would not be known", async () => {
    const confirmation = await confirmationFrom();
    await asksAgain(await create(replica(), { confirmation }, { showsCard: false }), foreign);
  });

  it("cannot be made from what the model is shown", async () => {
    const { card, confirmation } = await create(replica());
    const mine = card.call.arguments.confirmation.split(".");
    const theirs = confirmation.split(".");
    // The last part is the seal: all the rest says which question it is.
    expect(mine.slice(0, -1)).toEqual(theirs.slice(0, -1));
    expect(mine.at(-1)).not.toBe(theirs.at(-1));
    const agreed = await create(replica(), { confirmation });
    expect(agreed.receipt.approver).toBe("agent");
  });

  it.each([
    [299_999, "ok"],
    [300_000, "needs_confirmation"],
  ])("is, after %i ms, %s", async (ms, status) => {
    const at = harness.clock.now();
    const standing = (now: number) => ({ ...harness.clock, now: () => now });
    const { card } = await create(replica({ clock: standing(at) }));
    expect(card.lifetimeMs).toBe(300_000);
    const { confirmation } = card.call.arguments;
    const answer = await create(replica({ clock: standing(at + ms) }), { confirmation });
    expect(answer.status).toBe(status);
    if (status !== "ok") {
      expect(answer.message).toMatch(/^The confirmation in this call has expired/);
      expect(answer.card.call.arguments.confirmation).not.toBe(confirmation);
    }
  });

  it("is one consent with the token of the same question: the store lets one of them through", () => {
    const signer = createSigner(secret("one secret"), secret("credential"));
    const [token, card, other] = [
      signer.sign("token", ["db"], 1000),
      signer.sign("card", ["db"], 1000),
      signer.sign("card", ["other"], 1000),
    ];
    const used = (confirmation: string, approver: "agent" | "app") =>
      consentOf({ canElicit: false, showsCard: true, response: undefined, confirmation }, approver);
    expect(used(token, "agent")).toBe(used(card, "app"));
    expect(used(token, "agent")).toBeDefined();
    expect(used(other, "app")).not.toBe(used(card, "app"));
  });
});
