import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAudit } from "../../src/audit/log.ts";
import { systemClock } from "../../src/common/deadline.ts";
import { openFakeAtlas } from "../support/atlas.ts";
import { auditEntry } from "../support/audit-entry.ts";
import { connect, type Driver } from "../support/clients.ts";
import { auditFile, openAuditFile } from "../support/consent.ts";
import { json } from "../support/fake-atlas.ts";
import { aws, type LiveSandbox, startSandbox } from "../support/live-sandbox.ts";
import { run } from "../support/program.ts";

let sandbox: LiveSandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const withAudit = async (
  path: string,
  use: (driver: Driver) => Promise<void>,
  env: Record<string, string> = {},
) => {
  const args = ["--audit", path, "--allow-delete"];
  const driver = await connect("v2 legacy", { env: { ...sandbox.env, ...env }, args });
  await use(driver).finally(() => driver.close());
};

const shop = () => ({ name: "shop", orgId: sandbox.orgId });

describe("the record", () => {
  it("has an intent and an outcome of each change, and nothing of reads and dry runs", async () => {
    const audit = auditFile();
    await withAudit(audit.path, async (driver) => {
      await driver.call("get_account");
      await driver.call("create_project", { ...shop(), dryRun: true });
      const made = await driver.call("create_project", shop());
      const groupId = made.structured.project.id;
      await driver.call("create_database_user", { groupId, username: "app" });
      await driver.call("create_project", { ...shop(), ifExists: "return" });
      await driver.call("delete_project", { groupId, name: "shop" });
      const lines = audit.lines();
      expect(lines.map(({ kind, tool }) => `${kind} ${tool}`)).toEqual([
        "intent create_project",
        "outcome create_project",
        "intent create_database_user",
        "outcome create_database_user",
        "intent delete_project",
        "outcome delete_project",
      ]);
      const [intent, outcome] = lines;
      expect(intent).toMatchObject({
        id: made.structured.receipt.auditId,
        principal: "operator",
        backend: "atlas",
        resource: { kind: "project", name: "shop", orgId: sandbox.orgId },
        request: {
          method: "POST",
          path: "/api/atlas/v2/groups",
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      });
      expect(lines[2]).toMatchObject({
        details: { roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }] },
      });
      expect(intent).not.toHaveProperty("details");
      expect(outcome).toMatchObject({
        id: intent?.id,
        result: { status: "ok", outcome: "created", id: groupId },
      });
      expect(lines[4]?.resource.id).toBe(groupId);
    });
  });

  it("has one line of what the policy denied, and a failed outcome of what Atlas refused", async () => {
    const audit = auditFile();
    await withAudit(
      audit.path,
      async (driver) => {
        await driver.call("create_project", { name: "x", orgId: "b".repeat(24) });
        await sandbox.script("createGroup", "error:403:ACCESS_FORBIDDEN");
        await driver.call("create_project", { name: "x", orgId: sandbox.orgId });
      },
      { MONGODB_ATLAS_ORG_ID: sandbox.orgId },
    );
    const lines = audit.lines();
    expect(lines.map((line) => line.kind)).toEqual(["denied", "intent", "outcome"]);
    expect(lines[2]?.result).toMatchObject({ status: "error", outcome: "not_created" });
  });

  it("is on the disk before the request leaves", async () => {
    const audit = auditFile();
    let atThePost = "";
    const atlas = await openFakeAtlas((seen, response) => {
      if (seen.method !== "POST" || !seen.path.startsWith("/api/atlas/")) return undefined;
      atThePost = readFileSync(audit.path, "utf8");
      return json(response, 201, { id: "1", name: "shop" });
    });
    const driver = await connect("v2 legacy", {
      env: { ...sandbox.env, MONGODB_ATLAS_BASE_URL: atlas.url },
      args: ["--audit", audit.path],
    });
    await driver.call("create_project", shop()).finally(() => driver.close());
    const lines = atThePost
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).kind);
    expect(lines).toEqual(["intent"]);
  });

  it("that cannot be written keeps the change from being sent", async () => {
    await withAudit("/dev/full", async (driver) => {
      const { structured } = await driver.call("create_project", shop());
      expect(structured.error).toMatchObject({ code: "unavailable", outcome: "not_created" });
      expect(structured.error.message).toContain("ENOSPC");
      expect((await sandbox.state()).projects).toEqual([]);
      expect((await driver.call("list_projects")).structured.status).toBe("ok");
    });
  });

  it("in a folder that is not there stops the start", async () => {
    const { code, stderr } = await run(["--audit", "/nowhere/audit.jsonl"]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^atlas-provision-mcp: --audit: .*ENOENT\)\n$/),
    ]);
  });

  it("is one file for several processes, and holds together", async () => {
    const audit = auditFile();
    const drivers = await Promise.all(
      [1, 2, 3].map(() =>
        connect("v2 legacy", { env: sandbox.env, args: ["--audit", audit.path] }),
      ),
    );
    await Promise.all(
      drivers.flatMap((driver, one) =>
        [1, 2, 3, 4].map((name) =>
          driver.call("create_project", { name: `p-${one}-${name}`, orgId: sandbox.orgId }),
        ),
      ),
    );
    await Promise.all(drivers.map((driver) => driver.close()));
    const { code, stdout } = await run(["audit", "verify", audit.path]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("24 lines, 12 changes, 3 chains")]);
  });

  it("has no secret in it", async () => {
    const audit = auditFile();
    const env = { ATLAS_MCP_SECRET: "canary-of-the-secret", ATLAS_MCP_CONFIRM: "token" };
    await withAudit(
      audit.path,
      async (driver) => {
        const { structured } = await driver.call("create_project", shop());
        const args = { groupId: structured.project.id, name: "db", providerSettings: aws };
        const asked = await driver.call("create_flex_cluster", args);
        const [action] = actions(asked.structured);
        await driver.call("create_flex_cluster", action.arguments);
        const text = audit.text();
        expect(text).toContain("create_flex_cluster");
        for (const word of [asked.structured.confirmation, "canary", sandbox.clientSecret])
          expect(text).not.toContain(word);
      },
      env,
    );
  });
});

describe("a file for the record", () => {
  let recorded: string;
  beforeAll(async () => {
    const audit = openAuditFile();
    await withAudit(audit.path, (driver) => driver.call("create_project", shop()).then(() => {}));
    recorded = audit.text();
    audit.remove();
  });

  it.each<[what: string, cut: (text: string) => string]>([
    ["is whole", (text) => text],
    ["ends in the middle of its last line", (text) => text.slice(0, -100)],
    ["ends a letter after its first line", (text) => text.slice(0, text.indexOf("\n") + 2)],
    ["ends in the middle of its first line", (text) => text.slice(0, 100)],
    ["ends after eight letters", (text) => text.slice(0, 8)],
    ["is empty", () => ""],
    ["has a torn line before the others", (text) => `${text.slice(0, 50)}\n${text}`],
  ])("is taken if it %s, and stays a record", async (_what, cut) => {
    const audit = auditFile();
    writeFileSync(audit.path, cut(recorded));
    expect((await run(["tools", "--audit", audit.path])).code).toBe(0);
    const server = createAudit(audit.path, undefined, systemClock);
    for (const kind of ["intent", "outcome"] as const)
      await server.write(auditEntry(kind, "1", "other"));
    await server.close();
    const { code, stdout } = await run(["audit", "verify", audit.path]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(": intact. ")]);
    expect(audit.text()).toContain('"name":"other"');
  });

  it.each<[what: string, content: string | Buffer]>([
    ["tokens", JSON.stringify({ tokens: [{ name: "ci", sha256: "a".repeat(64) }] })],
    ["a policy", '{\n  // why\n  "providers": ["AWS"]\n}\n'],
    ["a policy on one line", '{ "providers": ["AWS"] }'],
    ["a sandbox's state", JSON.stringify({ projects: [], kind: "state" }, null, 2)],
    ["a log of JSON lines", '{"level":30,"msg":"x"}\n{"level":30,"msg":"y"}\n'],
    ["an object with a kind", '{"kind":"Pod","id":"x"}\n'],
    ["an object with a kind that is long", `{"kind":"Pod","a":"${"x".repeat(40_000)}"}`],
    ["text", "Dear diary,\n"],
    ["text after empty lines", "\n\nDear diary,\n"],
    ["text without an end", "a".repeat(100_000)],
    ["bytes", Buffer.from([0, 255, 254, 10, 137, 80, 78, 71])],
    ["a number", "1\n"],
  ])("is refused at the start if it has %s, and stays as it is", async (_what, content) => {
    const audit = auditFile();
    writeFileSync(audit.path, content);
    const before = readFileSync(audit.path);
    for (const [args, env, from] of [
      [["--audit", audit.path], {}, "--audit"],
      [[], { ATLAS_MCP_AUDIT: audit.path }, "ATLAS_MCP_AUDIT"],
    ] as const) {
      const { code, stdout, stderr } = await run(["tools", ...args], env);
      expect([code, stdout, stderr]).toEqual([
        2,
        "",
        `atlas-provision-mcp: ${from}: ${audit.path} holds something other than an audit log, so nothing is added to it; name a new file\n`,
      ]);
    }
    expect(readFileSync(audit.path)).toEqual(before);
  });

  it("is refused if it is a folder", async () => {
    const audit = auditFile();
    mkdirSync(audit.path);
    const { code, stderr } = await run(["tools", "--audit", dirname(audit.path)]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^[^\n]+ is a folder, not a file\n$/),
    ]);
  });
});

const actions = (structured: Record<string, any>) => structured.nextActions;
