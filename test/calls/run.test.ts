import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { rpcCodeOf } from "../support/contract.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";

let sandbox: LiveSandbox;
let groupId: string;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
  groupId = (await sandbox.make("/groups", { name: "home", orgId: sandbox.orgId })).id;
});
afterAll(() => sandbox.close());

const open = (env: Record<string, string> = {}): Promise<Driver> =>
  connect("v2 modern", { env: { ...sandbox.env, ATLAS_MCP_LOG_LEVEL: "info", ...env } });

const linesOf = (driver: Driver): any[] =>
  driver
    .stderr()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const levels: Record<number, string> = { 30: "info", 40: "warn" };

/** The first line of the log about this tool. */
const lineOf = async (driver: Driver, tool: string) => {
  const line = await until(
    async () => linesOf(driver).find((one) => one.tool === tool),
    `a line about ${tool}`,
  );
  return { ...line, level: levels[line.level] };
};

describe("the operator's log", () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await open({
      ATLAS_MCP_CONFIRM: "auto",
      ATLAS_MCP_POLICY: "",
      ATLAS_MCP_ALLOW_DELETE: "1",
    });
  });
  afterAll(() => driver.close());

  it("has the code of a failed call", async () => {
    await driver.call("get_project", { groupId: "no id" });
    expect(await lineOf(driver, "get_project")).toMatchObject({
      level: "info",
      status: "error",
      code: "invalid_input",
      outcome: "no_change",
    });
  });

  it("says that a confirmation is needed", async () => {
    await driver.call("create_flex_cluster", { groupId, name: "db", providerSettings: aws });
    const line = await lineOf(driver, "create_flex_cluster");
    expect(line).toMatchObject({ level: "info", status: "needs_confirmation" });
    expect(line).not.toHaveProperty("code");
  });

  it("has no code of a call that succeeds", async () => {
    await driver.call("get_account");
    const line = await lineOf(driver, "get_account");
    expect(line).toMatchObject({ level: "info", status: "ok", outcome: "found" });
    expect(line).not.toHaveProperty("code");
  });

  it("warns of a call that the policy denies", async () => {
    const scoped = await open({ MONGODB_ATLAS_ORG_ID: sandbox.orgId });
    await scoped.call("create_project", { name: "more", orgId: "f".repeat(24) });
    expect(await lineOf(scoped, "create_project")).toMatchObject({
      level: "warn",
      status: "error",
      code: "policy_denied",
      outcome: "not_created",
    });
    await scoped.close();
  });
});

describe("a tool that is not offered", () => {
  let driver: Driver;
  const refusalOf = async (name: string): Promise<string> => {
    expect(await rpcCodeOf(driver.call(name))).toBe(-32602);
    return driver.call(name).then(String, (error: Error) => error.message);
  };
  beforeAll(async () => {
    driver = await open({ ATLAS_MCP_READ_ONLY: "1" });
  });
  afterAll(() => driver.close());

  it("is refused with the reason why it is switched off", async () => {
    expect(await refusalOf("create_project")).toContain(
      'Tool "create_project" is switched off: the server is read-only (ATLAS_MCP_READ_ONLY).',
    );
  });

  it.each([
    ["get_acount", "get_account"],
    ["getProject", "get_project"],
    ["list-projects", "list_projects"],
    ["mcp__atlas__get_flex_cluster", "get_flex_cluster"],
  ])("is refused with the name that %s probably means", async (name, meant) => {
    expect(await refusalOf(name)).toContain(`Tool "${name}" is unknown; did you mean ${meant}?`);
  });

  it("is refused without a guess where nothing is close", async () => {
    expect(await refusalOf("drop_database")).toMatch(/Tool "drop_database" is unknown\.$/);
  });

  it("is never meant by another name", async () => {
    expect(await refusalOf("create_projct")).toMatch(/Tool "create_projct" is unknown\.$/);
  });

  it("has a line in the log", async () => {
    await refusalOf("delete_project");
    const [off, unknown] = [
      await lineOf(driver, "delete_project"),
      await lineOf(driver, "drop_database"),
    ];
    expect(off).toMatchObject({ level: "warn", principal: "operator", msg: "tool not offered" });
    expect(off.reason).toContain("switched off");
    expect(unknown.reason).toContain("unknown");
  });

  it("is cut in the log and in the answer", async () => {
    const name = "x".repeat(5000);
    expect((await refusalOf(name)).length).toBeLessThan(300);
    expect(driver.stderr()).not.toContain("x".repeat(200));
  });
});
