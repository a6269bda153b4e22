import {
  type ClientOptions,
  InMemoryTransport,
  Client as NewClient,
} from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { createSandbox, createServer, ServerError, tools } from "../src/index.ts";
import { connect, type ToolResult } from "./support/clients.ts";
import { schemaProblem, toolNames } from "./support/contract.ts";
import { fileClock } from "./support/fast-clock.ts";
import { travel } from "./support/journey.ts";
import { aws } from "./support/live-sandbox.ts";

const schemaOf = (name: string): object => {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`There is no ${name}.`);
  return tool.outputSchema;
};

describe("the tools as data", () => {
  it("are all there, in order, and survive JSON", () => {
    expect(tools.map(({ name }) => name)).toEqual(toolNames);
    expect(JSON.parse(JSON.stringify(tools))).toEqual(tools);
  });

  it.each(tools)("have schemas of $name that a strict validator takes", (tool) => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false, validateFormats: false });
    expect(() => ajv.compile(tool.inputSchema)).not.toThrow();
    expect(() => ajv.compile(tool.outputSchema)).not.toThrow();
  });

  it("say of an argument what hosts cannot be told", () => {
    const create = tools.find(({ name }) => name === "create_flex_cluster");
    expect(create?.inputSchema).toMatchObject({
      additionalProperties: false,
      required: ["groupId", "name", "providerSettings"],
      properties: { providerSettings: { examples: [{ regionName: "US_EAST_1" }] } },
    });
  });
});

describe("the schema of a tool's answers", () => {
  const clock = fileClock();
  let results: [string, ToolResult][];
  beforeAll(async () => {
    ({ results } = await travel("v2 modern", { clock }));
    const driver = await connect("v2 modern", { env: { ATLAS_MCP_CONFIRM: "token" } });
    const shown = { ...(await driver.call("get_account", {})).structured };
    const orgId = shown.organizations[0].id;
    const { structured } = await driver.call("create_project", { name: "shop", orgId });
    const groupId = structured.project.id;
    const cluster = { groupId, name: "db", providerSettings: aws };
    // What a dry run shows.
    for (const args of [
      { ...cluster, dryRun: true },
      { ...cluster, name: "db-2", dryRun: true },
    ])
      results.push(["create_flex_cluster", await driver.call("create_flex_cluster", args)]);
    for (const args of [cluster, { ...cluster, providerSettings: { regionName: 5 } }])
      results.push(["create_flex_cluster", await driver.call("create_flex_cluster", args)]);
    const open = { groupId, cidrBlock: "0.0.0.0/0" };
    results.push(["create_access_list_entry", await driver.call("create_access_list_entry", open)]);
    await driver.close();
  }, 60_000);

  it("holds for every answer of the way there and back, whatever its status", () => {
    const wrong = results.flatMap(([name, result]) => schemaProblem(schemaOf(name), result) ?? []);
    expect(wrong).toEqual([]);
    const seen = new Set(results.map(([, { structured }]) => structured.status));
    expect([...seen].sort()).toEqual(["error", "needs_confirmation", "ok"]);
    expect(new Set(results.map(([name]) => name))).toEqual(new Set(toolNames));
  });

  it.each([
    ["an unknown member", { surprise: true }],
    ["an outcome of another tool", { outcome: "deleted" }],
    ["a status that there is not", { status: "done" }],
    ["a project that is a text", { project: "shop" }],
    ["no project", { project: undefined }],
    ["a project without an id", { project: { name: "shop" } }],
    ["a project without a name", { project: { id: "5a9db0c5a9db0c5a9db0c501" } }],
    ["the request of a dry run", { request: { method: "GET", path: "/", headers: {} } }],
    ["the outcome of a dry run", { outcome: "would_create" }],
    ["an action without a reason", { nextActions: [{ tool: "get_account", arguments: {} }] }],
  ])("does not hold with %s", (_what, change) => {
    const [, good] = results.find(([name]) => name === "create_project") ?? [];
    const check = new AjvJsonSchemaValidator().getValidator(schemaOf("create_project"));
    expect(check(JSON.parse(JSON.stringify({ ...good?.structured, ...change }))).valid).toBe(false);
  });
});

const pinned = (version: string): ClientOptions => ({
  versionNegotiation: { mode: { pin: version } },
});
const named = { name: "test", version: "1.0.0" };

/** Name, code and message of the error of the library. */
const refusalOf = async (doing: Promise<unknown>): Promise<[string, string, string]> => {
  const error: unknown = await doing.catch((thrown: unknown) => thrown);
  if (error instanceof ServerError) return [error.name, error.code, error.message];
  throw new Error(`It was ${error}.`);
};

describe("a server without a transport of its own", () => {
  it.each([
    ["a client of 2026", () => new NewClient(named, pinned("2026-07-28"))],
    ["a client of 2025", () => new NewClient(named)],
    ["a client of the first SDK", () => new OldClient(named)],
  ])("serves %s over a pair in memory, and lets go of it at the end", async (_who, client) => {
    const server = await createServer({ env: {} });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    const one: Pick<OldClient, "connect" | "callTool" | "onclose"> = client() as any;
    await one.connect(near as any);
    const { structuredContent } = await one.callTool({ name: "get_account", arguments: {} });
    expect(structuredContent).toMatchObject({ status: "ok", backend: "sandbox" });
    const closed = new Promise<void>((resolve) => {
      one.onclose = resolve;
    });
    await server.close();
    await closed;
  });

  it("asks a client's user before it opens a project to the internet", async () => {
    const server = await createServer({ env: {} });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await server.connect(far);
    const client = new NewClient(named, { capabilities: { elicitation: {} } });
    const asked: string[] = [];
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      asked.push(params.message);
      // A person takes longer than a host that says no by itself.
      await new Promise((resolve) => setTimeout(resolve, 700));
      return { action: "decline" };
    });
    await client.connect(near);
    const call = async (name: string, args: Record<string, unknown>): Promise<any> =>
      (await client.callTool({ name, arguments: args })).structuredContent;
    const [{ id: orgId }] = (await call("get_account", {})).organizations;
    const { project } = await call("create_project", { name: "shop", orgId });
    const open = { groupId: project.id, cidrBlock: "0.0.0.0/0" };
    expect(await call("create_access_list_entry", open)).toMatchObject({
      error: { code: "declined" },
    });
    expect(asked).toHaveLength(1);
    await server.close();
  });

  it("serves several clients at once", async () => {
    const server = await createServer({ env: {} });
    const clients = await Promise.all(
      [1, 2].map(async () => {
        const [near, far] = InMemoryTransport.createLinkedPair();
        await server.connect(far);
        const client = new NewClient(named);
        await client.connect(near);
        return client;
      }),
    );
    const lists = await Promise.all(clients.map((client) => client.listTools()));
    expect(lists.map((list) => list.tools.length)).toEqual([toolNames.length, toolNames.length]);
    await server.close();
  });

  it("says so where a transport does not start", async () => {
    const server = await createServer({ env: {} });
    const [, far] = InMemoryTransport.createLinkedPair();
    far.start = () => Promise.reject(new Error("no line"));
    await expect(server.connect(far)).rejects.toThrow("no line");
    await server.close();
  });

  it("connects nobody after its end", async () => {
    const server = await createServer({ env: {} });
    await server.close();
    const [, far] = InMemoryTransport.createLinkedPair();
    expect(await refusalOf(server.connect(far))).toEqual([
      "ServerError",
      "closed",
      "The server is closed; createServer() creates another one.",
    ]);
  });

  it("rejects wrong settings in a sentence", async () => {
    const made = createServer({ env: { ATLAS_MCP_BACKEND: "nowhere" } });
    expect(await refusalOf(made)).toEqual([
      "ServerError",
      "invalid_setting",
      expect.stringContaining("ATLAS_MCP_BACKEND must be one of atlas, sandbox"),
    ]);
  });

  it("does not take the variables of a sandbox for options, which would mean those of the process", async () => {
    const sandbox = await createSandbox();
    // @ts-expect-error: the variables are no options
    const [name, code, message] = await refusalOf(createServer(sandbox.env));
    expect([name, code]).toEqual(["ServerError", "invalid_option"]);
    expect(message).toContain(
      'There is no option "MONGODB_ATLAS_BASE_URL"; the only option is "env"',
    );
    await sandbox.close();
  });

  it.each([
    [5, "The options must be an object."],
    [null, "The options must be an object."],
    [[], "The options must be an object."],
    [{ enw: {} }, 'There is no option "enw"'],
    [{ env: {}, args: [] }, 'There is no option "args"'],
    [{ env: null }, 'The option "env" must be an object of environment variables'],
    [{ env: 5 }, 'The option "env" must be an object of environment variables'],
    [{ env: { ATLAS_MCP_READ_ONLY: true } }, 'The option "env" must be an object of environment'],
  ])("refuses the options %j", async (options, problem) => {
    const refused = await refusalOf(createServer(options as never));
    expect(refused).toEqual(["ServerError", "invalid_option", expect.stringContaining(problem)]);
  });
});
