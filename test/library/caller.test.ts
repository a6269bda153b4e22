import { Client as NewClient } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import {
  type AtlasServer,
  type Call,
  CallError,
  createCaller,
  createSandbox,
  createServer,
  type McpClient,
  type Sandbox,
  tools,
} from "../../src/index.ts";

const named = { name: "test", version: "1.0.0" };
const pinned = { versionNegotiation: { mode: { pin: "2026-07-28" } } };

/** What a promise rejects with. */
const rejection = async (doing: Promise<unknown>): Promise<unknown> =>
  doing.then(
    (value) => expect.fail(`It resolved with ${JSON.stringify(value)}.`),
    (error: unknown) => error,
  );

const needed = {
  status: "needs_confirmation",
  backend: "atlas",
  quote: { currency: "USD", perMonth: { from: 0, to: 0 } },
  confirmation: "one",
  message: "Delete it?",
  nextActions: [],
};

let sandbox: Sandbox;
let server: AtlasServer;
beforeAll(async () => {
  sandbox = await createSandbox({ provisionMs: 0 });
  const env = { ...sandbox.env, ATLAS_MCP_LOG_LEVEL: "silent", ATLAS_MCP_ALLOW_DELETE: "true" };
  server = await createServer({ env });
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
  await server.close();
  await sandbox.close();
});

describe.each([
  ["SDK 2 in 2026", () => new NewClient(named, pinned)],
  ["SDK 2 in 2025", () => new NewClient(named)],
  ["SDK 1", () => new OldClient(named)],
])("a caller over a client of %s", (_which, create) => {
  /** A connected client, the typed call, and the methods of the messages that it sends. */
  const connect = async (): Promise<{ client: McpClient; call: Call; sent: string[] }> => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    const sent: string[] = [];
    const send = near.send.bind(near);
    near.send = (message, options) => {
      if ("method" in message) sent.push(message.method);
      return send(message, options);
    };
    const client: any = create();
    await client.connect(near);
    onTestFinished(() => client.close());
    return { client, call: createCaller(client), sent };
  };

  it("resolves with the success, and rejects with what the tool or the server says", async () => {
    const { call } = await connect();
    const { project } = await call("create_project", { name: "shop", orgId: sandbox.orgId });
    expect(sandbox.state().projects).toMatchObject([{ id: project.id }]);
    expect(
      await rejection(call("create_project", { name: "shop", orgId: sandbox.orgId })),
    ).toMatchObject({ name: "ToolError", code: "name_conflict", outcome: "exists" });
    const unknown = await rejection(call("creat_project" as "create_project", {} as never));
    expect(unknown).toBeInstanceOf(CallError);
    expect(unknown).toMatchObject({ code: "tool_not_offered", cause: { code: -32602 } });
    // The same change once more, now with somebody to ask.
    const { outcome } = await call(
      "delete_project",
      { groupId: project.id, name: "shop" },
      { confirm: ({ message }) => message.includes("cannot be undone") },
    );
    expect(outcome).toBe("deleted");
  });

  it("cancels a call that is aborted", async () => {
    const { call, sent } = await connect();
    sandbox.addFaults({ operation: "listOrgs", fault: "hang" });
    const controller = new AbortController();
    const failing = rejection(call("get_account", {}, { signal: controller.signal }));
    await expect.poll(() => sandbox.requests("listOrgs").length).toBe(1);
    controller.abort("enough");
    expect(await failing).toMatchObject({ name: "CallError", code: "aborted", cause: "enough" });
    await expect.poll(() => sent).toContain("notifications/cancelled");
  });

  it("says that there is no result where the connection is closed", async () => {
    const { client, call } = await connect();
    await (client as any).close();
    const error = await rejection(call("get_account", {}));
    expect(error).toMatchObject({ name: "CallError", code: "call_failed" });
    expect((error as CallError).cause).toBeInstanceOf(Error);
  });
});

describe("a caller over any other client", () => {
  it("takes a function", async () => {
    const call = createCaller((name, args) => server.call(name as "get_account", args as never));
    expect((await call("get_account", {})).organizations).toHaveLength(1);
  });

  it("reads the text where there is no structured content", async () => {
    const result = { status: "ok", backend: "sandbox", outcome: "found", projects: [] };
    const content = [{ type: "text", text: JSON.stringify(result) }];
    const call = createCaller({ callTool: async () => ({ content }) });
    expect(await call("list_projects", {})).toEqual(result);
  });

  it.each([
    ["nothing", undefined],
    ["a bare text", { content: [{ type: "text", text: "Unauthorized" }], isError: true }],
    ["another server's result", { structuredContent: { clusters: [] } }],
    ["a status alone", { structuredContent: { status: "error" } }],
  ])("does not take %s for a result", async (_what, answer) => {
    const call = createCaller(async () => answer);
    expect(await rejection(call("get_account", {}))).toMatchObject({
      name: "CallError",
      code: "not_a_result",
      tool: "get_account",
    });
  });

  it("does not wait for a client that ignores the signal", async () => {
    const signals: unknown[] = [];
    const call = createCaller((_name, _args, options) => {
      signals.push(options.signal);
      return new Promise(() => {});
    });
    const signal = AbortSignal.timeout(20);
    expect(await rejection(call("get_account", {}, { signal }))).toMatchObject({ code: "aborted" });
    expect(signals).toEqual([signal]);
  });

  it("says what a client throws", async () => {
    const call = createCaller(() => {
      throw new TypeError("no session");
    });
    expect(await rejection(call("get_account", {}))).toMatchObject({
      code: "call_failed",
      message: "no session",
      cause: expect.any(TypeError),
    });
  });

  it("asks three times at most where no confirmation is taken", async () => {
    const given: unknown[] = [];
    const call = createCaller((_name, args) => {
      given.push(args.confirmation);
      return { ...needed, confirmation: `number ${given.length}` };
    });
    const args = { groupId: "5a9db0c5a9db0c5a9db0c501", name: "shop" };
    const error = await rejection(call("delete_project", args, { confirm: () => true }));
    expect(error).toMatchObject({ name: "ConfirmationError", code: "confirmation_needed" });
    expect(given).toEqual([undefined, "number 1", "number 2", "number 3"]);
  });
});

describe("a program without types", () => {
  it.each([{}, 5, "x", null, { callTool: 5 }])("is told that %j is no client", (client) => {
    expect(() => createCaller(client as never)).toThrow(/needs an MCP client/);
  });

  it.each([
    [5, {}],
    ["get_account", "x"],
    ["get_account", null],
  ])("is told what is wrong about a call with %j and %j", async (name, args) => {
    const call = createCaller(() => ({}));
    const error = await call(name as never, args as never).catch((one: unknown) => one);
    expect(error).toMatchObject({ name: "CallError", code: "invalid_option" });
  });

  it("cannot change the tools", () => {
    expect(() => Object.assign(tools[0], { name: "x" })).toThrow(TypeError);
    expect(Object.isFrozen(tools)).toBe(true);
  });
});
