import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { type Raw, startRaw } from "../support/raw.ts";

const capable = { elicitation: { form: {} } };

const metaOf = (clientCapabilities: object) => ({
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": clientCapabilities,
    "io.modelcontextprotocol/clientInfo": { name: "forger", version: "1" },
  },
});

const accepted = { inputResponses: { consent: { action: "accept", content: { agree: true } } } };

let sandbox: LiveSandbox;
let groupId: string;
let raw: Raw;
const others: Raw[] = [];

const start = (env: Record<string, string> = {}): Raw => {
  const one = startRaw("2026", { env: { ...sandbox.env, ATLAS_MCP_CONFIRM: "auto", ...env } });
  others.push(one);
  return one;
};

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.reset();
  raw = start({ ATLAS_MCP_ALLOW_DELETE: "1" });
  groupId = (await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId })).id;
});
afterEach(async () => {
  await Promise.all(others.splice(0).map((one) => one.close()));
});

const args = (more: object = {}) => ({ groupId, name: "db", providerSettings: aws, ...more });

/** A call by a host that can ask; `more` is what a second round brings along. */
const round = async (
  more: object = {},
  given: object = args(),
  by: Raw = raw,
  tool = "create_flex_cluster",
): Promise<any> => {
  const params = { name: tool, arguments: given, ...metaOf(capable), ...more };
  return (await by.ask("tools/call", params)).result;
};

/** A call by a host that cannot ask. */
const plain = async (given: object, by: Raw = raw, tool = "create_flex_cluster"): Promise<any> =>
  (await by.ask("tools/call", { name: tool, arguments: given, ...metaOf({}) })).result
    .structuredContent;

const sent = async () =>
  (await sandbox.state()).requests.filter(
    ({ method, path }) => method !== "GET" && path.includes("flexClusters"),
  ).length;

const asksAgain = async (result: any) => {
  expect(result.resultType).toBe("input_required");
  expect(result.inputRequests.consent.params.message).toMatch(/8 to 30 USD|cannot be undone/);
  expect(await sent()).toBe(0);
};

describe("an acceptance", () => {
  it("with the state of its question is consent", async () => {
    const { requestState } = await round();
    const { structuredContent } = await round({ ...accepted, requestState });
    expect(structuredContent).toMatchObject({ outcome: "created", receipt: { approver: "user" } });
  });

  it("without a state is asked for again", async () => asksAgain(await round(accepted)));

  it.each([
    ["another name", { name: "other" }],
    ["another region", { providerSettings: { ...aws, regionName: "EU_WEST_1" } }],
    ["a tag more", { tags: [{ key: "a", value: "b" }] }],
    ["another way with existing ones", { ifExists: "return" }],
  ])("with the state of a question about %s is asked for again", async (_what, other) => {
    const { requestState } = await round();
    await asksAgain(await round({ ...accepted, requestState }, args(other)));
  });

  it("holds where only the wait is another", async () => {
    const { requestState } = await round();
    const { structuredContent } = await round(
      { ...accepted, requestState },
      args({ waitSeconds: 1 }),
    );
    expect(structuredContent.outcome).toBe("created");
  });

  it("with the state of a process that has another secret is asked for again", async () => {
    const [one, other] = [
      start({ ATLAS_MCP_SECRET: "the secret of one process" }),
      start({ ATLAS_MCP_SECRET: "the secret of another" }),
    ];
    const { requestState } = await round({}, args(), one);
    await asksAgain(await round({ ...accepted, requestState }, args(), other));
  });

  it("holds in another process that shares the secret", async () => {
    const ATLAS_MCP_SECRET = "the secret of both processes";
    const [one, other] = [start({ ATLAS_MCP_SECRET }), start({ ATLAS_MCP_SECRET })];
    const { requestState } = await round({}, args(), one);
    const { structuredContent } = await round({ ...accepted, requestState }, args(), other);
    expect(structuredContent.outcome).toBe("created");
  });

  it("with a confirmation as its state is asked for again", async () => {
    const { confirmation } = await plain(args());
    await asksAgain(await round({ ...accepted, requestState: confirmation }));
  });

  it("of another kind than the protocol's is asked for again", async () => {
    const { requestState } = await round();
    for (const consent of [{ action: "yes" }, { action: true }, {}, "accept"])
      await asksAgain(await round({ inputResponses: { consent }, requestState }));
  });
});

describe("a confirmation", () => {
  it("that is a state is none", async () => {
    const { requestState } = await round();
    const answer = await plain(args({ confirmation: requestState }));
    expect(answer.status).toBe("needs_confirmation");
    expect(answer.message).toMatch(/^The confirmation in this call is not one of this server's/);
    expect(await sent()).toBe(0);
  });

  it("is no way around a user who can be asked", async () => {
    const { confirmation } = await plain(args());
    await asksAgain(await round({}, args({ confirmation })));
  });

  it("for other arguments is none", async () => {
    const { confirmation } = await plain(args());
    const answer = await plain(args({ name: "other", confirmation }));
    expect([answer.status, await sent()]).toEqual(["needs_confirmation", 0]);
    expect(answer.message).toMatch(/^The confirmation in this call was given for something else/);
  });

  it("that was changed is told as that", async () => {
    const { confirmation } = await plain(args());
    const changed = confirmation.slice(0, -1) + (confirmation.endsWith("A") ? "B" : "A");
    const answer = await plain(args({ confirmation: changed }));
    expect([answer.status, await sent()]).toEqual(["needs_confirmation", 0]);
    expect(answer.message).toMatch(/^The confirmation in this call is not one of this server's/);
  });

  it("of another process with the same credential holds", async () => {
    const { confirmation } = await plain(args(), start());
    const made = await plain(args({ confirmation }), start());
    expect(made).toMatchObject({ outcome: "created", receipt: { approver: "agent" } });
  });

  it("of a process with another key is told as that", async () => {
    const other = start({ ATLAS_MCP_SECRET: "a secret that only one process has" });
    const { confirmation } = await plain(args(), other);
    const answer = await plain(args({ confirmation }));
    expect([answer.status, await sent()]).toEqual(["needs_confirmation", 0]);
    expect(answer.message).toMatch(
      /^The confirmation in this call was issued by another server process, with another key.*ATLAS_MCP_SECRET/,
    );
  });

  it.each(["", null])("that is empty (%j) is none", async (confirmation) => {
    const answer = await plain(args({ confirmation }));
    expect([answer.status, await sent()]).toEqual(["needs_confirmation", 0]);
  });

  it.each([[42], [{}], ["x".repeat(1_000_000)]])(
    "of a wrong form is a bad argument (%#)",
    async (confirmation) => {
      const answer = await plain(args({ confirmation }));
      expect(answer.error).toMatchObject({
        code: "invalid_input",
        fields: [{ path: "confirmation" }],
      });
      expect(await sent()).toBe(0);
    },
  );

  it("that is used again makes no second cluster, and does not change the first", async () => {
    const { confirmation } = await plain(args());
    const made = await plain(args({ confirmation }));
    const again = await plain(args({ confirmation }));
    expect(made.outcome).toBe("created");
    expect(again.error).toMatchObject({ code: "name_conflict", identical: true });
    expect(await sent()).toBe(1);
  });

  it("to delete does not hold for another cluster that has taken the name", async () => {
    const make = async () => plain(args({ confirmation: (await plain(args())).confirmation }));
    const remove = (confirmation?: string) =>
      plain(
        { groupId, name: "db", ...(confirmation ? { confirmation } : {}) },
        raw,
        "delete_flex_cluster",
      );
    await make();
    const { confirmation: first } = await remove();
    const { confirmation: second } = await remove();
    expect((await remove(second)).outcome).toBe("deleted");
    await make();
    const answer = await remove(first);
    expect(answer.status).toBe("needs_confirmation");
    expect((await sandbox.state()).clusters).toHaveLength(1);
  });
});

describe("a client of 2025", () => {
  it("that brings answers along is not believed", async () => {
    const old = startRaw("2025", { env: { ...sandbox.env, ATLAS_MCP_CONFIRM: "auto" } });
    await old.hello();
    const params = { name: "create_flex_cluster", arguments: args(), ...accepted };
    const { result } = await old.ask("tools/call", params);
    await old.close();
    expect(result.structuredContent.status).toBe("needs_confirmation");
    expect(await sent()).toBe(0);
  });
});
