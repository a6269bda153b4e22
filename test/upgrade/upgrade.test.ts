/**
 * Files that version 0.1.0 has written, which are below this folder, are read by this version (docs/upgrade.md). They were
 * made by the program at the commit of that version, with ATLAS_MCP_SECRET as below; only the times in the state are older.
 */
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { chmod, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundle, programEnv, runCommand } from "../support/bundle.ts";
import { connect } from "../support/clients.ts";

const secret = "a-secret-of-twenty-characters";
const groupId = "6b09e5bf57af2e7d7fb3a9f1";
const folder = mkdtempSync(join(tmpdir(), "upgrade-"));
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  cpSync(fileURLToPath(new URL("0.1.0", import.meta.url)), folder, { recursive: true });
  // As they were written; a checkout does not keep who may read a file.
  const files = await readdir(folder, { recursive: true });
  await Promise.all(files.map((name) => chmod(path(name), /\.\w+$/.test(name) ? 0o600 : 0o700)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  runCommand(process.execPath, [bundle, ...args], programEnv({ ATLAS_MCP_SECRET: secret }));

it("goes on with a sandbox's state and an audit, and gives out the passwords on file", async () => {
  const env = {
    ATLAS_MCP_SANDBOX_STATE: path("state.json"),
    ATLAS_MCP_AUDIT: path("audit.jsonl"),
    ATLAS_MCP_CREDENTIALS_DIR: path("credentials"),
    ATLAS_MCP_SECRET: secret,
  };
  const driver = await connect("v2 modern", { env });
  const { structured: project } = await driver.call("get_project", { groupId });
  const { structured: user } = await driver.call("create_database_user", {
    groupId,
    username: "app",
    ifExists: "return",
  });
  const { structured: made } = await driver.call("create_access_list_entry", {
    groupId,
    ipAddress: "203.0.113.8",
  });
  await driver.close();
  expect(project).toMatchObject({
    project: { name: "shop", tags: [{ key: "team", value: "a" }] },
    clusters: [{ name: "orders", stateName: "IDLE", terminationProtectionEnabled: false }],
    databaseUsers: [{ username: "app" }, { username: "o'brien" }],
    accessListEntries: [{ ipAddress: "203.0.113.7" }],
  });
  expect(user).toMatchObject({
    outcome: "existing",
    credentialsFile: path(`credentials/${groupId}/app.env`),
  });
  expect(made).toMatchObject({ outcome: "created" });

  const { code, stdout } = await run("audit", "verify", path("audit.jsonl"));
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/intact\. 16 lines, 8 changes, 2 chain/),
  ]);
});

it.each(["app", "o'brien"])("gives an application the password of %s", async (username) => {
  const given = [
    "--project",
    groupId,
    "--user",
    username,
    "--credentials-dir",
    path("credentials"),
  ];
  // No test prints a password.
  const shown =
    'console.log(require("crypto").createHash("sha256").update(process.env.MONGODB_URI).digest("hex"))';
  const { code, stdout } = await run("run", ...given, "--", process.execPath, "-e", shown);
  const file = path(
    `credentials/${groupId}/${encodeURIComponent(username).replace("'", "%27")}.env`,
  );
  const [, uri] = /^MONGODB_URI='(.*)'$/m.exec(readFileSync(file, "utf8")) ?? [];
  const digest = createHash("sha256").update(`${uri}`).digest("hex");
  expect([code, stdout]).toEqual([0, `${digest}\n`]);
});

it("reads a token file and a policy", async () => {
  const listed = await run("token", "--list", path("tokens.json"));
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('"name":"alice"') });
  const { stdout } = await run("doctor", "--json", "--policy", path("policy.jsonc"));
  const { checks } = JSON.parse(stdout);
  // Its example allows an organization that this sandbox does not have.
  expect(JSON.stringify(checks)).toContain(
    "allows only organizations that these credentials do not see",
  );
});
