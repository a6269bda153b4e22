import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, type Driver } from "../support/clients.ts";
import { aws, startSandbox } from "../support/live-sandbox.ts";
import { run } from "../support/program.ts";

const open = async (args: string[] = [], env: Record<string, string> = {}): Promise<Driver> => {
  const driver = await connect("v2 modern", { args, env });
  onTestFinished(() => driver.close());
  return driver;
};

const answer = async (driver: Driver, tool: string, args: object = {}) =>
  (await driver.call(tool, args)).structured;

const statePath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "state-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, `${basename(folder)}.json`);
};

const orgOf = async (driver: Driver): Promise<string> =>
  (await answer(driver, "get_account")).organizations[0].id;

const groupId = "a".repeat(24);
const began = /began empty .*this server process.*--state FILE/;

describe("the embedded sandbox", () => {
  it("has the same organization in every process, so that its id holds in the next", async () => {
    const orgId = await orgOf(await open());
    expect(orgId).toMatch(/^[a-f0-9]{24}$/);
    const next = await open();
    const made = await answer(next, "create_project", { name: "shop", orgId });
    expect(made).toMatchObject({ outcome: "created", project: { orgId } });
  });

  it("says once where its console is, which shows the calls", async () => {
    const driver = await open();
    expect(driver.stderr()).toBe("");
    await Promise.all([answer(driver, "get_account"), answer(driver, "list_projects")]);
    await answer(driver, "get_account");
    const lines = driver.stderr().trim().split("\n");
    expect(lines).toHaveLength(1);
    const { level, msg, console: address } = JSON.parse(lines[0] ?? "{}");
    expect([level, msg]).toEqual([40, `Sandbox console: ${address}`]);
    expect(await (await fetch(address)).text()).toContain("<title>Atlas sandbox</title>");
  });

  it("says nothing of that where a command has started it", async () => {
    const ran = await run(["doctor"]);
    expect(ran.stdout).toContain("sandbox");
    expect(ran.stderr).toBe("");
  });

  it("has the organization that the operator names", async () => {
    const orgId = "5".repeat(24);
    expect(await orgOf(await open(["--org", orgId]))).toBe(orgId);
  });

  it("keeps the organization of its state file", async () => {
    const path = statePath();
    const first = await open(["--state", path, "--org", "5".repeat(24)]);
    await orgOf(first);
    await first.close();
    const other = await open(["--state", path, "--org", "6".repeat(24)]);
    const { error } = await answer(other, "get_account");
    expect(error.message).toContain(
      `has the organization ${"5".repeat(24)}, not ${"6".repeat(24)}`,
    );
    expect(error.message).toMatch(/Set --state to another file\.$/);
    expect(await orgOf(await open(["--state", path]))).toBe("5".repeat(24));
  });

  it("works in a host that starts a process for each call, with a state file", async () => {
    const path = statePath();
    const once = async (tool: string, args: object = {}) => {
      const driver = await open(["--state", path, "--confirm", "always"]);
      const result = await answer(driver, tool, args);
      await driver.close();
      return result;
    };
    const [{ id: orgId }] = (await once("get_account")).organizations;
    const { project } = await once("create_project", { name: "shop", orgId });
    const db = { groupId: project.id, name: "db", providerSettings: aws };
    const { confirmation } = await once("create_flex_cluster", db);
    const made = await once("create_flex_cluster", { ...db, confirmation });
    expect(made).toMatchObject({ outcome: "created", receipt: { approver: "agent" } });
  });

  it("says in get_account that it began empty, and how to keep it", async () => {
    const account = await answer(await open(), "get_account");
    expect(account).toMatchObject({ status: "ok", note: expect.stringMatching(began) });
  });

  it.each([
    ["get_project", { groupId }],
    ["get_flex_cluster", { groupId, name: "db" }],
    ["create_flex_cluster", { groupId, name: "db", providerSettings: aws }],
    ["create_database_user", { groupId, username: "app" }],
    ["delete_flex_cluster", { groupId, name: "db" }],
  ])("says so too where %s finds nothing", async (tool, args) => {
    const { error } = await answer(await open(), tool, args);
    expect(error.code).toBe("not_found");
    expect(error.message).toMatch(began);
  });

  it("says nothing of that with a state file", async () => {
    const driver = await open(["--state", statePath()]);
    expect(await answer(driver, "get_account")).not.toHaveProperty("note");
    const { error } = await answer(driver, "get_project", { groupId });
    expect(error.code).toBe("not_found");
    expect(error.message).not.toMatch(/began empty|--state/);
  });

  it("is not meant where the sandbox runs on its own", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const driver = await open([], sandbox.env);
    expect(await answer(driver, "get_account")).not.toHaveProperty("note");
    const { error } = await answer(driver, "get_project", { groupId });
    expect(error.message).not.toMatch(/began empty|--state/);
  });
});

describe("a check of a connection in a sandbox", () => {
  it("asks nobody for a name that never exists, and says why nothing can connect", async () => {
    const driver = await open();
    const orgId = await orgOf(driver);
    const { project } = await answer(driver, "create_project", { name: "shop", orgId });
    const cluster = { groupId: project.id, name: "db" };
    await answer(driver, "create_flex_cluster", {
      ...cluster,
      providerSettings: aws,
      waitSeconds: 20,
    });
    const checked = await answer(driver, "check_connection", cluster);
    expect(checked).toMatchObject({
      outcome: "found",
      connected: false,
      failedStep: "dns_srv",
      cause: "reserved_name",
      note: expect.stringContaining("sandbox"),
    });
    expect(checked).not.toHaveProperty("nextActions");
    expect(checked.note).not.toContain("Tried for");
  });
});
