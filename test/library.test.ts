import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { beforeAll, describe, expect, it } from "vitest";
import { tools } from "../src/index.ts";
import { connect, type ToolResult } from "./support/clients.ts";
import { schemaProblem, toolNames } from "./support/contract.ts";
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
  let results: [string, ToolResult][];
  beforeAll(async () => {
    ({ results } = await travel("v2 modern"));
    const driver = await connect("v2 modern", { env: { ATLAS_MCP_CONFIRM: "token" } });
    const shown = { ...(await driver.call("get_account", {})).structured };
    const orgId = shown.organizations[0].id;
    const { structured } = await driver.call("create_project", { name: "shop", orgId });
    const groupId = structured.project.id;
    const cluster = { groupId, name: "db", providerSettings: aws };
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
    ["an action without a reason", { nextActions: [{ tool: "get_account", arguments: {} }] }],
  ])("does not hold with %s", (_what, change) => {
    const [, good] = results.find(([name]) => name === "create_project") ?? [];
    const check = new AjvJsonSchemaValidator().getValidator(schemaOf("create_project"));
    expect(check({ ...good?.structured, ...change }).valid).toBe(false);
  });
});
