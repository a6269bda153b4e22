import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { type Raw, startRaw } from "../support/raw.ts";
import { until } from "../support/until.ts";

const eras = ["2025", "2026"] as const;
type Era = (typeof eras)[number];

const meta = {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    "io.modelcontextprotocol/clientInfo": { name: "host", version: "1" },
  },
};

let sandbox: LiveSandbox;
let groupId: string;
const open: Raw[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.reset();
  groupId = (await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId })).id;
});
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type Asked = { form: any; result: any };

/** A create by a host that answers the question so, after a while. */
const answered = async (
  era: Era,
  answer: unknown,
  afterMs = 0,
  confirm = "auto",
): Promise<Asked> => {
  const raw = startRaw(era, { env: { ...sandbox.env, ATLAS_MCP_CONFIRM: confirm } });
  open.push(raw);
  const args = { groupId, name: "db", providerSettings: aws };
  const params = { name: "create_flex_cluster", arguments: args };
  if (era === "2026") {
    const first = (await raw.ask("tools/call", { ...params, ...meta })).result;
    await wait(afterMs);
    const more = { inputResponses: { consent: answer }, requestState: first.requestState };
    const { result } = await raw.ask("tools/call", { ...params, ...meta, ...more });
    return { form: first.inputRequests.consent.params, result };
  }
  const host = { name: "host", version: "1" };
  await raw.ask("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: { elicitation: {} },
    clientInfo: host,
  });
  raw.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  const call = raw.send("tools/call", params);
  const question = await until(() => {
    const line = raw.lines().find((one) => one.includes("elicitation/create"));
    return line === undefined ? undefined : JSON.parse(line);
  }, "the question");
  await wait(afterMs);
  raw.write(`${JSON.stringify({ jsonrpc: "2.0", id: question.id, result: answer })}\n`);
  return { form: question.params, result: (await raw.answer(call)).result };
};

const posts = async () =>
  (await sandbox.state()).requests.filter(({ operation }) => operation === "createGroupFlexCluster")
    .length;

describe.each(eras)("the form in the era of %s", (era) => {
  it("has one required field, and only a tick in it is a yes", async () => {
    const { form, result } = await answered(era, { action: "accept", content: { agree: true } });
    expect(form.requestedSchema).toEqual({
      type: "object",
      properties: { agree: { type: "boolean", title: "I agree", default: false } },
      required: ["agree"],
    });
    expect(result.structuredContent).toMatchObject({
      outcome: "created",
      receipt: { approver: "user" },
    });
  });

  it.each([
    { action: "accept" },
    { action: "accept", content: {} },
    { action: "accept", content: { agree: "true" } },
    { action: "accept", content: { agree: 1 } },
    { action: "accept", content: { yes: true } },
  ])("that is accepted as %j is no yes: the host has not asked", async (answer) => {
    const { result } = await answered(era, answer);
    expect(result.structuredContent).toMatchObject({ status: "needs_confirmation" });
    const human = await answered(era, answer, 0, "human");
    expect(human.result.structuredContent).toMatchObject({ error: { code: "policy_denied" } });
    expect(await posts()).toBe(0);
  });

  it.each([
    { action: ["accept"], content: { agree: true } },
    { action: "constructor", content: { agree: true } },
    { action: "ACCEPT", content: { agree: true } },
    { action: "__proto__" },
    {},
  ])("that is answered with %j is not answered", async (answer) => {
    const { result } = await answered(era, answer);
    const { status } = result.structuredContent ?? {};
    expect([status, result.resultType]).not.toContain("ok");
    expect(JSON.stringify(result)).not.toContain('"internal"');
    expect(await posts()).toBe(0);
  });

  it.each([
    { action: "decline" },
    { action: "cancel" },
    { action: "accept", content: { agree: false } },
  ])(
    "that is refused at once with %j was refused by the host, which gets a token",
    async (answer) => {
      const { result } = await answered(era, answer);
      expect(result.structuredContent).toMatchObject({
        status: "needs_confirmation",
        message: expect.stringMatching(/^This host answered the question by itself/),
      });
      const human = await answered(era, answer, 0, "human");
      expect(human.result.structuredContent.error).toMatchObject({
        code: "policy_denied",
        message: expect.stringContaining("answered the question by itself"),
      });
      expect(await posts()).toBe(0);
    },
  );

  it.each([
    [{ action: "decline" }, /^The user declined\. Nothing was sent\./],
    [{ action: "cancel" }, /^The user closed the question/],
    [{ action: "accept", content: { agree: false } }, /^The user declined\./],
    // A program's handler that accepts and leaves the form empty learns why that was no yes.
    [{ action: "accept", content: {} }, /^The form came back .*"agree": true/],
    [{ action: "accept" }, /^The form came back .*"agree": true/],
  ])("that a person refuses with %j is refused, with no way around", async (answer, says) => {
    const { result } = await answered(era, answer, 700);
    const { code, message, nextActions } = result.structuredContent.error;
    expect(code).toBe("declined");
    expect(message).toMatch(says);
    expect(JSON.stringify([message, nextActions])).not.toMatch(/ATLAS_MCP|--confirm|confirmation/);
    expect(await posts()).toBe(0);
  });
});
