import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  CallError,
  ConfirmationError,
  createSandbox,
  createServer,
  type Sandbox,
  ServerError,
  ToolError,
} from "../../src/index.ts";
import { aws } from "../support/live-sandbox.ts";

type Env = Record<string, string>;

/** A server on a sandbox, which it takes for live Atlas. */
const open = async (env: Env = {}) => {
  const sandbox = await createSandbox({ provisionMs: 0 });
  const all = { ...sandbox.env, ATLAS_MCP_LOG_LEVEL: "silent", ...env };
  const server = await createServer({ env: all });
  onTestFinished(async () => {
    await server.close();
    await sandbox.close();
  });
  return { sandbox, server, call: server.call };
};

// A project takes a second to be made, so many tests share one.
let shared: Sandbox;
let groupId: string;
beforeAll(async () => {
  shared = await createSandbox({ provisionMs: 0 });
  const server = await createServer({ env: { ...shared.env, ATLAS_MCP_LOG_LEVEL: "silent" } });
  const made = await server.call("create_project", { name: "shop", orgId: shared.orgId });
  groupId = made.project.id;
  await server.close();
});
afterAll(() => shared.close());

/** A server of its own on the sandbox with the project; `sent` counts the clusters that it has asked for. */
const openWithProject = async (env: Env = {}) => {
  const all = { ...shared.env, ATLAS_MCP_LOG_LEVEL: "silent", ...env };
  const server = await createServer({ env: all });
  onTestFinished(() => server.close());
  // Atlas limits the requests of a minute.
  shared.advanceClock(60_000);
  const before = shared.requests("createGroupFlexCluster").length;
  const sent = () => shared.requests("createGroupFlexCluster").length - before;
  const cluster = { groupId, name: `db-${randomUUID()}`, providerSettings: aws };
  return { sandbox: shared, server, call: server.call, cluster, sent };
};

/** What a promise rejects with. */
const rejection = async (doing: Promise<unknown>): Promise<unknown> =>
  doing.then(
    (value) => expect.fail(`It resolved with ${JSON.stringify(value)}.`),
    (error: unknown) => error,
  );

describe("a call in this process", () => {
  it("resolves with the success, which has what every success of the tool has", async () => {
    const { sandbox, call } = await open();
    const { project, outcome } = await call("create_project", {
      name: "shop",
      orgId: sandbox.orgId,
    });
    expect([outcome, project.name]).toEqual(["created", "shop"]);
    expect(sandbox.state().projects).toMatchObject([{ id: project.id }]);
  });

  it("shows with dryRun what would be sent, and sends nothing", async () => {
    const { sandbox, call } = await open();
    const planned = await call("create_project", {
      name: "shop",
      orgId: sandbox.orgId,
      dryRun: true,
    });
    if (planned.outcome !== "would_create") throw new Error(planned.outcome);
    expect(planned.request).toMatchObject({ method: "POST", path: "/api/atlas/v2/groups" });
    expect(sandbox.requests("createGroup")).toEqual([]);
  });

  it("rejects with all that the failure says", async () => {
    const { cluster, call } = await openWithProject();
    const providerSettings = { ...aws, regionName: "us-east-1" };
    const error = await rejection(call("create_flex_cluster", { ...cluster, providerSettings }));
    expect(error).toBeInstanceOf(ToolError);
    expect(error).toMatchObject({
      name: "ToolError",
      code: "invalid_input",
      tool: "create_flex_cluster",
      outcome: "not_created",
      retry: "after_fix",
      retryAfterSeconds: undefined,
      fields: [{ path: "providerSettings.regionName" }],
      differences: [],
      nextActions: [{ tool: "create_flex_cluster" }],
      result: { status: "error", backend: "atlas" },
    });
    const { message, result } = error as ToolError;
    expect(message).toBe(result.error.message);
  });

  it("has what exists, and what differs, of a name that is taken", async () => {
    const { sandbox, call } = await openWithProject();
    const tags = [{ key: "team", value: "a" }];
    const error = await rejection(
      call("create_project", { name: "shop", orgId: sandbox.orgId, tags }),
    );
    expect(error).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      existing: { name: "shop" },
      differences: [{ field: "tags" }],
    });
  });

  it("says how long to wait", async () => {
    const { sandbox, call } = await open({ ATLAS_MCP_DEADLINE_MS: "2000" });
    sandbox.addFaults({ operation: "createGroup", fault: "rate_limit:55", times: 9 });
    const error = await rejection(call("create_project", { name: "a", orgId: sandbox.orgId }));
    expect(error).toMatchObject({ code: "rate_limited", retryAfterSeconds: 55 });
    expect(error).toMatchObject({ atlas: { status: 429 } });
  });

  it("hands out nothing that belongs to the server", async () => {
    const { call } = await open();
    const first = await call("get_account", {});
    first.policy.readOnly = true;
    first.switchedOff.length = 0;
    const { policy, switchedOff } = await call("get_account", {});
    expect([policy.readOnly, switchedOff.length > 0]).toEqual([false, true]);
  });

  it("says why a tool is not offered, and sends nothing", async () => {
    const { sandbox, call } = await open({ ATLAS_MCP_READ_ONLY: "true" });
    const error = await rejection(call("create_project", { name: "a", orgId: sandbox.orgId }));
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ name: "CallError", code: "tool_not_offered" });
    expect(String(error)).toContain("read-only");
    const unknown = await rejection(call("creat_project" as "create_project", {} as never));
    expect(unknown).toMatchObject({ code: "tool_not_offered", tool: "creat_project" });
    expect(String(unknown)).toContain('"creat_project" is unknown');
    expect(sandbox.requests()).toEqual([]);
  });

  it("is refused after the end", async () => {
    const { server } = await open();
    await server.close();
    const error = await rejection(server.call("get_account", {}));
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ code: "closed" });
  });

  it("can be made within await using", async () => {
    const server = await (async () => {
      await using own = await createServer({ env: { ATLAS_MCP_LOG_LEVEL: "silent" } });
      expect((await own.call("get_account", {})).backend).toBe("sandbox");
      return own;
    })();
    expect(await rejection(server.call("get_account", {}))).toMatchObject({ code: "closed" });
  });

  it("ends with the server, and with what is true then", async () => {
    const { sandbox, server } = await open();
    sandbox.addFaults({ operation: "listOrgs", fault: "hang" });
    const failing = rejection(server.call("get_account", {}));
    await expect.poll(() => sandbox.requests("listOrgs").length).toBe(1);
    await server.close();
    expect(await failing).toMatchObject({ name: "ToolError", outcome: "no_change" });
  });

  it.each([
    [5, "must be an object"],
    [{ confrim: () => true }, 'no option "confrim"'],
    [{ confirm: true }, '"confirm" must be a function'],
    [{ signal: {} }, '"signal" must be an AbortSignal'],
  ])("refuses the options %j before anything is sent", async (options, problem) => {
    const { sandbox, call } = await open();
    const error = await rejection(call("get_account", {}, options as never));
    expect(error).toMatchObject({ name: "CallError", code: "invalid_option" });
    expect(String(error)).toContain(problem);
    expect(sandbox.requests()).toEqual([]);
  });
});

describe("a change that a person has to agree to", () => {
  it("is not made where nobody can be asked, and says how to agree later", async () => {
    const { sent, call, cluster } = await openWithProject();
    const error = await rejection(call("create_flex_cluster", cluster));
    expect(error).toBeInstanceOf(ConfirmationError);
    expect(error).toMatchObject({
      name: "ConfirmationError",
      code: "confirmation_needed",
      quote: { currency: "USD", perMonth: { from: 8, to: 30 } },
      result: { status: "needs_confirmation" },
    });
    expect(sent()).toBe(0);
    const { confirmation } = error as ConfirmationError;
    const { outcome } = await call("create_flex_cluster", { ...cluster, confirmation });
    expect(outcome).toBe("created");
  });

  it("is made after a yes, and the audit says that the program agreed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "call-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const audit = join(folder, "audit.jsonl");
    const { call, cluster } = await openWithProject({ ATLAS_MCP_AUDIT: audit });
    const questions: unknown[] = [];
    const { receipt } = await call("create_flex_cluster", cluster, {
      confirm: async (question) => {
        questions.push(question);
        return true;
      },
    });
    expect(questions).toEqual([
      {
        tool: "create_flex_cluster",
        arguments: cluster,
        message: expect.stringMatching(
          /^Create flex cluster "db-\S+" .* Backend: Atlas at http:\S+$/,
        ),
        quote: expect.objectContaining({ perMonth: { from: 8, to: 30 } }),
        backend: "atlas",
      },
    ]);
    expect(receipt).toMatchObject({ approver: "agent" });
    const lines = readFileSync(audit, "utf8").trim().split("\n");
    const ofCluster = lines.map((line) => JSON.parse(line)).slice(-2);
    expect(ofCluster).toMatchObject([
      { kind: "intent", approver: "agent", principal: "operator" },
      { kind: "outcome" },
    ]);
  });

  it.each([[false], [undefined], ["yes"]])("is not made after %s", async (said) => {
    const { sent, call, cluster } = await openWithProject();
    const confirm = () => said as boolean;
    const error = await rejection(call("create_flex_cluster", cluster, { confirm }));
    expect(error).toMatchObject({ name: "ConfirmationError", code: "confirmation_declined" });
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(/^The answer was no, .* Backend: /),
    );
    expect(error).toHaveProperty("message", expect.not.stringContaining("Ask your user"));
    expect(sent()).toBe(0);
  });

  it("is not made where nobody answers until the call is aborted", async () => {
    const { sent, call, cluster } = await openWithProject();
    const given = new AbortController();
    const confirm = () => {
      setTimeout(() => given.abort(), 20);
      return new Promise<boolean>(() => {});
    };
    const { signal } = given;
    const error = await rejection(call("create_flex_cluster", cluster, { confirm, signal }));
    expect(error).toMatchObject({ name: "CallError", code: "aborted" });
    expect(sent()).toBe(0);
  });

  it("is not made where nobody answers until the server is closed", async () => {
    const { sent, call, cluster, server } = await openWithProject();
    const confirm = () => {
      setTimeout(() => void server.close(), 20);
      return new Promise<boolean>(() => {});
    };
    const error = await rejection(call("create_flex_cluster", cluster, { confirm }));
    expect(error).toMatchObject({ name: "ServerError", code: "closed" });
    expect(sent()).toBe(0);
  });

  it("is not made where the operator wants a person in a form", async () => {
    const { call, cluster } = await openWithProject({ ATLAS_MCP_CONFIRM: "human" });
    const error = await rejection(call("create_flex_cluster", cluster, { confirm: () => true }));
    expect(error).toMatchObject({ name: "ToolError", code: "policy_denied" });
  });

  it("is not made where asking fails", async () => {
    const { sent, call, cluster } = await openWithProject();
    const confirm = () => Promise.reject(new Error("no terminal"));
    const error = await rejection(call("create_flex_cluster", cluster, { confirm }));
    expect(String(error)).toBe("Error: no terminal");
    expect(sent()).toBe(0);
  });

  it("is not made where the call is aborted while it is asked", async () => {
    const { sent, call, cluster } = await openWithProject();
    const controller = new AbortController();
    const confirm = () => {
      controller.abort();
      return true;
    };
    const options = { confirm, signal: controller.signal };
    const error = await rejection(call("create_flex_cluster", cluster, options));
    expect(error).toMatchObject({ name: "CallError", code: "aborted" });
    expect(sent()).toBe(0);
  });
});

describe("an aborted call", () => {
  it("sends nothing if it was aborted before", async () => {
    const { sandbox, call } = await open();
    const reason = new Error("not any more");
    const signal = AbortSignal.abort(reason);
    const error = await rejection(call("get_account", {}, { signal }));
    expect(error).toMatchObject({ name: "CallError", code: "aborted", cause: reason });
    expect(sandbox.requests()).toEqual([]);
  });

  it("ends at once with what is true", async () => {
    const { sandbox, call } = await open();
    sandbox.addFaults({ operation: "listOrgs", fault: "hang" });
    const controller = new AbortController();
    const reason = new Error("enough");
    const startedAt = performance.now();
    const failing = rejection(call("get_account", {}, { signal: controller.signal }));
    await expect.poll(() => sandbox.requests("listOrgs").length).toBe(1);
    controller.abort(reason);
    const error = await failing;
    expect(error).toMatchObject({ name: "ToolError", outcome: "no_change", cause: reason });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
