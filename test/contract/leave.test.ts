/** What takes something away on live Atlas: a person is asked, or the operator has allowed it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { aws } from "../support/live-sandbox.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "leave-"));
afterAll(() => rmSync(folder, { recursive: true }));

const policyFile = (rules: object): string => {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, JSON.stringify(rules));
  return path;
};

const questions: string[] = [];
const yes = (question: string) => {
  questions.push(question);
  return "accept" as const;
};

const auto = { ATLAS_MCP_CONFIRM: "auto" };
const mute = sharedFixture({ kind: "v2 modern", env: auto, step: 20 });
const asking = sharedFixture({ kind: "v2 modern", answers: yes, env: auto, step: 20 });
const deaf = sharedFixture({
  kind: "v2 legacy",
  answers: yes,
  env: { ATLAS_MCP_CONFIRM: "token" },
  step: 20,
});
const never = sharedFixture({ kind: "v2 modern", env: { ATLAS_MCP_CONFIRM: "never" }, step: 20 });
const neverAsking = sharedFixture({
  kind: "v2 modern",
  answers: yes,
  env: { ATLAS_MCP_CONFIRM: "never" },
  step: 20,
});
const allowed = sharedFixture({
  kind: "v2 modern",
  env: { ...auto, ATLAS_MCP_ALLOW_DELETE: "true" },
  step: 20,
});
const waived = sharedFixture({
  kind: "v2 modern",
  env: {
    ...auto,
    ATLAS_MCP_POLICY: policyFile({
      consent: {
        delete_database_user: "allow",
        delete_access_list_entry: "allow",
        update_flex_cluster: "allow",
      },
    }),
  },
  step: 20,
});

const calls: [tool: string, args: object][] = [
  ["delete_database_user", { username: "app" }],
  ["delete_access_list_entry", { ipAddress: "203.0.113.7" }],
  ["update_flex_cluster", { name: "db", terminationProtectionEnabled: false }],
];

/** Calls the tool in a project that has what it takes away. */
const take = async ({ sandbox, driver, groupId }: Fixture, tool: string, args: object) => {
  await sandbox.make(`/groups/${groupId}/flexClusters`, {
    name: "db",
    providerSettings: aws,
    terminationProtectionEnabled: true,
  });
  await sandbox.make(`/groups/${groupId}/accessList`, [{ ipAddress: "203.0.113.7" }]);
  await sandbox.make(`/groups/${groupId}/databaseUsers`, {
    databaseName: "admin",
    username: "app",
    password: "Abcdefghijklmnopqrstuvwxyz012345",
    roles: [{ roleName: "readWrite", databaseName: "shop" }],
  });
  return driver.call(tool, { groupId, ...args });
};

const changes = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).requests.filter(({ method }) => method === "DELETE" || method === "PATCH")
    .length;

describe.each(calls)("%s on live Atlas", (tool, args) => {
  it.each([
    ["in a host that cannot ask", mute],
    ["where the operator wants tokens, which ask nobody", deaf],
    ["where nobody is asked, in a host that cannot ask", never],
    ["where nobody is asked, in a host that can ask", neverAsking],
  ])("is denied %s", (_where, fixtureOf) =>
    fixtureOf(async (fixture) => {
      const { structured } = await take(fixture, tool, args);
      expect(structured.error).toMatchObject({
        code: "policy_denied",
        outcome: tool.startsWith("delete_") ? "not_deleted" : "not_updated",
        message: expect.stringContaining("ATLAS_MCP_ALLOW_DELETE"),
      });
      expect(await changes(fixture)).toBe(0);
    }),
  );

  it("is done where a person agrees", () =>
    asking(async (fixture) => {
      questions.length = 0;
      const { structured } = await take(fixture, tool, args);
      expect(structured).toMatchObject({ status: "ok", receipt: { approver: "user" } });
      expect(questions).toHaveLength(1);
      expect(questions[0]).not.toContain("its data is lost");
    }));

  it("is asked with a token where the operator allows deletes", () =>
    allowed(async (fixture) => {
      expect((await take(fixture, tool, args)).structured.status).toBe("needs_confirmation");
      expect(await changes(fixture)).toBe(0);
    }));

  it("is done without a question where the policy allows it", () =>
    waived(async (fixture) => {
      const { structured } = await take(fixture, tool, args);
      expect(structured).toMatchObject({ status: "ok", receipt: { approver: "not_needed" } });
    }));
});

describe("the questions", () => {
  it("show the roles of the user and the comment of the entry that go", () =>
    asking(async (fixture) => {
      const { sandbox, driver, groupId } = fixture;
      questions.length = 0;
      await take(fixture, "delete_database_user", { username: "app" });
      const entry = { cidrBlock: "198.51.100.0/24", comment: "office" };
      await sandbox.make(`/groups/${groupId}/accessList`, [entry]);
      const { cidrBlock } = entry;
      await driver.call("delete_access_list_entry", { groupId, cidrBlock });
      expect(questions[0]).toMatch(/^Delete database user "app" \(readWrite on shop\)/);
      expect(questions[1]).toMatch(/^Delete IP access list entry .*198\.51\.100\.0\/24.*"office"/);
    }));
});
