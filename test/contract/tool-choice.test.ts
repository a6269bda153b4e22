import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { actionsOf, rpcCodeOf, toolNames } from "../support/contract.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { run } from "../support/program.ts";

const reason = "the operator chose other tools (ATLAS_MCP_TOOLS)";
const prompt = "provision_flex_cluster";

let sandbox: LiveSandbox;
let groupId: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  groupId = (await sandbox.make("/groups", { name: "shop", orgId: sandbox.orgId })).id;
});
afterAll(() => sandbox.close());

/** A server with this choice, for as long as `use` takes. */
const having = async (
  choice: string,
  use: (driver: Driver) => Promise<void>,
  args: string[] = [],
) => {
  const env = {
    ...sandbox.env,
    ATLAS_MCP_ALLOW_DELETE: "true",
    ATLAS_MCP_EPHEMERAL: "true",
    ATLAS_MCP_TOOLS: choice,
  };
  const driver = await connect("v2 modern", { env, args });
  await use(driver).finally(() => driver.close());
};

const namesOf = async (driver: Driver) => (await driver.listTools()).map(({ name }) => name);
const stepsOf = (text: string) => [...text.matchAll(/^\d+\. (\w+):/gm)].map(([, tool]) => tool);
const othersIn = (text: string, offered: readonly string[]) =>
  toolNames.filter((name) => !offered.includes(name) && new RegExp(`\\b${name}\\b`).test(text));

describe("a server with a choice of tools", () => {
  it.each([
    ["in capitals, with white space", " Create_Project ,\tGET_FLEX_CLUSTER\n"],
    ["with white space alone", "create_project get_flex_cluster"],
    ["with a comma too many", ",create_project,,get_flex_cluster,"],
  ])("that is written %s lists those", (_how, choice) =>
    having(choice, async (driver) => {
      expect(await namesOf(driver)).toEqual(["create_project", "get_flex_cluster"]);
    }),
  );

  it("lists all where the variable is empty, and takes the flag before the variable", async () => {
    await having(" ", async (driver) => expect(await namesOf(driver)).toEqual(toolNames));
    const readers = toolNames.filter((name) => /^(get|list|check)_/.test(name));
    await having("delete", async (driver) => expect(await namesOf(driver)).toEqual(readers), [
      "--tools=read",
    ]);
  });

  it("refuses the others with the reason", () =>
    having("read", async (driver) => {
      expect(await rpcCodeOf(driver.call("create_project", {}))).toBe(-32602);
      await expect(driver.call("create_project", {})).rejects.toThrow(
        `Tool "create_project" is switched off: ${reason}.`,
      );
    }));

  it("says in get_account why they are off", () =>
    having("get_account", async (driver) => {
      const { structured } = await driver.call("get_account");
      const others = toolNames.filter((name) => name !== "get_account");
      expect(structured.switchedOff).toEqual(others.map((tool) => ({ tool, reason })));
    }));

  it("suggests none of them", () =>
    having("create_flex_cluster, create_access_list_entry", async (driver) => {
      const offered = ["create_flex_cluster", "create_access_list_entry"];
      const cluster = { groupId, name: "db", providerSettings: aws };
      const results = [
        await driver.call("create_flex_cluster", { ...cluster, groupId: "no-id" }),
        await driver.call("create_flex_cluster", cluster),
        await driver.call("create_flex_cluster", cluster),
        await driver.call("create_access_list_entry", {
          groupId: "f".repeat(24),
          ipAddress: "203.0.113.7",
        }),
      ];
      for (const result of results) {
        for (const { tool } of actionsOf(result)) expect(offered).toContain(tool);
        expect(othersIn(result.text, offered)).toEqual([]);
      }
    }));

  it.each(["read", "create", "delete", "connect", "get_account", "delete_project", "create,read"])(
    "of %s speaks of no other in its instructions and descriptions",
    (choice) =>
      having(choice, async (driver) => {
        const tools = await driver.listTools();
        const offered = tools.map(({ name }) => name);
        expect(othersIn(driver.instructions() ?? "", offered)).toEqual([]);
        expect(othersIn(JSON.stringify(tools), offered)).toEqual([]);
      }),
  );

  it("leaves their steps out of the prompt, and asks for the project that no step finds", () =>
    having("connect", async (driver) => {
      const text = await driver.getPrompt(prompt, { project: "shop", cluster: "db" });
      expect(stepsOf(text)).toEqual([
        "get_flex_cluster",
        "create_database_user",
        "create_access_list_entry",
        "check_connection",
      ]);
      expect(text).toContain('The project is "shop"; ask me for its id.');
    }));

  it("has no prompt where no step of it is left", () =>
    having("delete", async (driver) => {
      expect(await driver.listPrompts()).toEqual([]);
      expect(await rpcCodeOf(driver.getPrompt(prompt))).toBe(-32602);
    }));
});

describe("the commands with a choice of tools", () => {
  it("tools lists those, and says why the others are off", async () => {
    const { code, stdout } = await run(["tools", "--tools", "delete"]);
    const rows = stdout.trimEnd().split("\n").slice(1);
    const off = rows.filter((row) => row.startsWith("off:"));
    expect(rows.slice(0, -off.length).map((row) => row.split(" ")[0])).toEqual([
      "delete_database_user",
      "delete_access_list_entry",
      "delete_flex_cluster",
      "delete_project",
    ]);
    expect(off).toEqual([
      expect.stringMatching(/^off: get_account, list_projects, .*: the operator/),
    ]);
    expect(code).toBe(0);
  });

  it("tools --json has them with their reasons", async () => {
    const { stdout } = await run(["tools", "--json", "--tools", "get_account"]);
    const { tools, switchedOff } = JSON.parse(stdout);
    expect(tools).toHaveLength(1);
    expect(switchedOff).toContainEqual({ tool: "create_project", reason });
  });

  it("doctor says it too", async () => {
    const { stdout } = await run(["doctor", "--json"], { ATLAS_MCP_TOOLS: "get_account" });
    const { says } = JSON.parse(stdout).checks.find(({ check }: any) => check === "tools");
    const others = toolNames.filter((name) => name !== "get_account");
    const [on, off = ""] = says.split("; off: ");
    expect([on, off.endsWith(`: ${reason}`)]).toEqual(["get_account", true]);
    expect(
      off
        .slice(0, -reason.length - 2)
        .split(", ")
        .sort(),
    ).toEqual([...others].sort());
  });
});
