import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, type Driver, type Kind } from "../support/clients.ts";
import { aws } from "../support/live-sandbox.ts";
import { permissionsOf } from "../support/passwords-folder.ts";
import { run } from "../support/program.ts";

/** A path for a state file, in a folder that goes with the running test. */
const stateFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "state-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state.json");
};

const open = async (kind: Kind, path: string): Promise<Driver> => {
  const driver = await connect(kind, { args: ["--state", path] });
  onTestFinished(() => driver.close());
  return driver;
};

const answer = async (driver: Driver, tool: string, args: object = {}) =>
  (await driver.call(tool, args)).structured;

const restarts: [first: Kind, second: Kind][] = [
  ["v1", "v2 modern"],
  ["v2 modern over http", "v2 legacy"],
];

describe("the embedded sandbox with --state", () => {
  it.each(restarts)("has everything again after a restart (%s, then %s)", async (before, after) => {
    const path = stateFile();
    const first = await open(before, path);
    const [{ id: orgId }] = (await answer(first, "get_account")).organizations;
    const { project } = await answer(first, "create_project", { name: "shop", orgId });
    const groupId = project.id;
    const db = { groupId, name: "db", providerSettings: aws };
    const { cluster } = await answer(first, "create_flex_cluster", { ...db, waitSeconds: 20 });
    const user = await answer(first, "create_database_user", { groupId, username: "app" });
    await answer(first, "create_access_list_entry", { groupId, ipAddress: "203.0.113.7" });
    await first.close();
    expect(permissionsOf(path)).toBe("600");

    const second = await open(after, path);
    expect((await answer(second, "get_account")).organizations).toMatchObject([{ id: orgId }]);
    expect(await answer(second, "get_project", { groupId })).toMatchObject({
      project: { name: "shop" },
      clusters: [{ id: cluster.id, connectionStrings: cluster.connectionStrings }],
      databaseUsers: [{ username: "app" }],
      accessListEntries: [{ cidrBlock: "203.0.113.7/32" }],
    });
    const args = { groupId, username: "app", ifExists: "return" };
    expect(await answer(second, "create_database_user", args)).toMatchObject({
      outcome: "existing",
      credentialsFile: user.credentialsFile,
    });
    await answer(second, "delete_flex_cluster", { groupId, name: "db" });
    await answer(second, "delete_project", { groupId, name: "shop" });
    await second.close();

    const third = await open(after, path);
    expect((await answer(third, "get_account")).projects).toEqual([]);
  });

  it("forgets everything without it", async () => {
    const orgOf = async () => {
      const driver = await connect("v2 modern");
      const { organizations } = await answer(driver, "get_account");
      await driver.close();
      return organizations[0].id;
    };
    expect(await orgOf()).not.toBe(await orgOf());
  });
});

describe("a state file that cannot be used", () => {
  const damaged = ["", "{", '{"version":1}', "[]", "\u0000\u0001"];

  it.each(damaged)("because it is %j is a clear error, and stays as it is", async (text) => {
    const path = stateFile();
    writeFileSync(path, text);
    const { error } = await answer(await open("v2 modern", path), "get_account");
    expect(error).toMatchObject({ code: "unavailable", outcome: "no_change" });
    expect(error.message).toContain("The sandbox cannot keep its state");
    expect(error.message).toContain(path);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("because another server has it is a clear error, until that one ends", async () => {
    const path = stateFile();
    const first = await open("v2 legacy", path);
    expect(await answer(first, "get_account")).toMatchObject({ status: "ok" });
    const second = await open("v2 modern over http", path);
    const { error } = await answer(second, "get_account");
    expect(error).toMatchObject({ code: "unavailable", outcome: "no_change" });
    expect(error.message).toContain("is in use by another sandbox");
    await first.close();
    expect(await answer(second, "get_account")).toMatchObject({ status: "ok" });
  });

  it("because another server has it makes nothing", async () => {
    const path = stateFile();
    const first = await open("v2 modern", path);
    const [{ id: orgId }] = (await answer(first, "get_account")).organizations;
    const second = await open("v1", path);
    const { error } = await answer(second, "create_project", { name: "shop", orgId });
    expect(error).toMatchObject({ code: "unavailable", outcome: "not_created" });
    expect((await answer(first, "get_account")).projects).toEqual([]);
  });

  it("because its folder does not exist is a clear error", async () => {
    const path = join(stateFile(), "none", "state.json");
    const { error } = await answer(await open("v2 modern", path), "get_account");
    expect(error.message).toContain("its folder does not exist");
  });

  it("because Atlas is the backend, not the sandbox, ends the program at the start", async () => {
    const { code, stderr } = await run(["--state", stateFile()], {
      MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1",
      MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_1",
    });
    expect({ code, lines: stderr.trim().split("\n").length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toMatch(/ATLAS_MCP_SANDBOX_STATE|--state/);
  });
});
