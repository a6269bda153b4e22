/** A host that validates a call by the advertised schema, before it sends it: what is wrong is still ours to say. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, programEnv } from "../support/bundle.ts";
import { installed, load, repository } from "./tools.ts";

const adapters = "examples/agents/node_modules/@langchain/mcp-adapters/dist/index.js";

let client: any;
let tools: any[];
beforeAll(async () => {
  installed("../../../examples/agents/node_modules/ai/package.json");
  const { MultiServerMCPClient } = await load(join(repository, adapters));
  const server = {
    transport: "stdio",
    command: process.execPath,
    args: [bundle],
    env: programEnv(),
  };
  client = new MultiServerMCPClient({ mcpServers: { atlas: server } });
  tools = await client.getTools();
});
afterAll(() => client?.close());

/** The error as the model reads it. */
const errorOf = async (name: string, args: object): Promise<any> => {
  const tool = tools.find((one) => one.name === name);
  const said = await tool.invoke(args).then(String, ({ message }: Error) => message);
  return JSON.parse(said.slice(said.indexOf("{"))).error;
};

describe("LangChain's MCP adapters", () => {
  it("let every problem of a call through", async () => {
    const { code, fields } = await errorOf("create_flex_cluster", {
      groupId: "shop",
      name: "my db-",
      providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
      tags: [{ key: "k".repeat(256), value: "" }],
      waitSeconds: -1,
    });
    expect(code).toBe("invalid_input");
    expect(fields.map(({ path }: { path: string }) => path).sort()).toEqual([
      "groupId",
      "name",
      "tags[0].key",
      "tags[0].value",
      "waitSeconds",
    ]);
  });

  it("let a call through that is mended", async () => {
    const cluster = { groupId: "32b6e34b3d91647abb20e7b8", name: "db" };
    const { code } = await errorOf("get_flex_cluster", { ...cluster, waitSeconds: 400 });
    expect(code).toBe("not_found");
  });
});
