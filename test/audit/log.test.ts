import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openFakeAtlas } from "../support/atlas.ts";
import { connect, type Driver } from "../support/clients.ts";
import { auditFile } from "../support/consent.ts";
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
        request: { method: "POST", path: "/api/atlas/v2/groups" },
      });
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

const actions = (structured: Record<string, any>) => structured.nextActions;
