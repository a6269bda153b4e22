import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createSandbox } from "@atlas-provision-mcp/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, type Driver, type Kind } from "../support/clients.ts";
import { aws } from "../support/live-sandbox.ts";
import { permissionsOf } from "../support/passwords-folder.ts";
import { run } from "../support/program.ts";
import { type Era, type RawProcess, startRawBundle } from "../support/raw.ts";

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

  it("forgets everything without it but the organization", async () => {
    const visit = async () => {
      const driver = await connect("v2 modern");
      const { organizations, projects } = await answer(driver, "get_account");
      const orgId = organizations[0].id;
      await answer(driver, "create_project", { name: "shop", orgId });
      await driver.close();
      return { orgId, projects };
    };
    const first = await visit();
    expect(await visit()).toEqual({ orgId: first.orgId, projects: [] });
  });
});

describe("two windows of a host with one state file", () => {
  it("see the same, and the second goes on when the first ends", async () => {
    const path = stateFile();
    const first = await open("v2 legacy", path);
    const [{ id: orgId }] = (await answer(first, "get_account")).organizations;
    const second = await open("v2 modern over http", path);
    const { project } = await answer(second, "create_project", { name: "shop", orgId });
    const groupId = project.id;
    expect(await answer(first, "get_project", { groupId })).toMatchObject({ status: "ok" });
    await first.close();
    const db = { groupId, name: "db", providerSettings: aws, waitSeconds: 20 };
    expect(await answer(second, "create_flex_cluster", db)).toMatchObject({
      outcome: "created",
      ready: true,
    });
  });

  it("go on when the one that has the sandbox is killed, and a third joins", async () => {
    const path = stateFile();
    const start = async (era: Era): Promise<RawProcess> => {
      const raw = startRawBundle(era, { args: ["--state", path] });
      onTestFinished(() => raw.close().catch(() => {}));
      await raw.hello();
      return raw;
    };
    const call = async (raw: RawProcess, tool: string, args: object = {}) =>
      (await raw.call(tool, args, 30_000)).result.structuredContent;
    const namesIn = async (raw: RawProcess): Promise<string[]> =>
      (await call(raw, "get_account")).projects.map(({ name }: { name: string }) => name).sort();

    const [first, second] = [await start("2025"), await start("2026")];
    const [{ id: orgId }] = (await call(first, "get_account")).organizations;
    await call(second, "create_project", { name: "one", orgId });
    expect(await namesIn(first)).toEqual(["one"]);
    first.child.kill("SIGKILL");
    expect(await namesIn(second)).toEqual(["one"]);
    await call(second, "create_project", { name: "two", orgId });
    const third = await start("2025");
    expect(await namesIn(third)).toEqual(["one", "two"]);
    await call(third, "create_project", { name: "three", orgId });
    expect(await namesIn(second)).toEqual(["one", "three", "two"]);
    second.child.kill("SIGKILL");
    await call(third, "create_project", { name: "four", orgId });
    expect(await namesIn(third)).toEqual(["four", "one", "three", "two"]);
    // The address is the same, whichever process has the sandbox.
    const consoles = [first, second, third].map((raw) => JSON.parse(raw.stderr()).console);
    expect(new Set(consoles).size).toBe(1);
  });

  it("lose nothing when the first is killed in the middle of a call of the second", async () => {
    const path = stateFile();
    const [first, second] = ["2025", "2026"].map((era) => {
      const raw = startRawBundle(era as Era, { args: ["--state", path] });
      onTestFinished(() => raw.close().catch(() => {}));
      return raw;
    }) as [RawProcess, RawProcess];
    await Promise.all([first.hello(), second.hello()]);
    const account = await first.call("get_account", {});
    const orgId = account.result.structuredContent.organizations[0].id;
    const calls = Array.from({ length: 10 }, (_, index) =>
      second.call("create_project", { name: `p${index}`, orgId }, 30_000),
    );
    await calls[0];
    first.child.kill("SIGKILL");
    for (const { result } of await Promise.all(calls))
      expect(result.structuredContent).toMatchObject({ status: "ok", outcome: "created" });
    const { result } = await second.call("get_account", {});
    expect(result.structuredContent.totalCount).toBe(10);
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

  it("because a sandbox with TLS has it is a clear error that says who and what to do", async () => {
    const path = stateFile();
    const folder = dirname(path);
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-subj", "/CN=localhost", "-keyout", key, "-out", cert],
    ]);
    const sandbox = await createSandbox({
      statePath: path,
      tls: { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") },
    });
    onTestFinished(() => sandbox.close());
    const { error } = await answer(await open("v2 modern", path), "get_account");
    expect(error).toMatchObject({
      code: "unavailable",
      outcome: "no_change",
      retry: "after_fix",
    });
    expect(error.message).toMatch(/\(process \d+ at https:\S+\).*Set --state to another file\.$/);
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
