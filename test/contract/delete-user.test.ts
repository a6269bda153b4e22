import { describe, expect, it } from "vitest";
import { type Fixture, sharedFixture } from "./fixture.ts";

const patient = sharedFixture({
  kind: "v2 modern",
  env: { ATLAS_MCP_CONFIRM: "never", ATLAS_MCP_ALLOW_DELETE: "1" },
  step: 20,
});

const make = ({ sandbox, groupId }: Fixture, more: object = {}) =>
  sandbox.make(`/groups/${groupId}/databaseUsers`, {
    databaseName: "admin",
    username: "app",
    password: "Abcdefghijklmnopqrstuvwxyz012345",
    roles: [{ roleName: "readWrite", databaseName: "shop" }],
    groupId,
    ...more,
  });

const remove = ({ driver, groupId }: Fixture, more: object = {}) =>
  driver.call("delete_database_user", { groupId, username: "app", ...more });

const left = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).users.map(({ databaseName, username }) => `${databaseName} ${username}`);

const deletes = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).requests.filter(({ method }) => method === "DELETE").length;

describe("delete_database_user", () => {
  it("removes the user, and no other", () =>
    patient(async (fixture) => {
      await make(fixture);
      await make(fixture, { username: "other" });
      const { structured } = await remove(fixture);
      expect(structured).toMatchObject({
        status: "ok",
        outcome: "deleted",
        receipt: { resource: 'database user "app"' },
      });
      expect(await left(fixture)).toEqual(["admin other"]);
      expect(await deletes(fixture)).toBe(1);
    }));

  it("says absent of one that is not there, and which one was probably meant", () =>
    patient(async (fixture) => {
      await make(fixture);
      const { structured } = await remove(fixture, { username: "App" });
      expect(structured).toMatchObject({
        outcome: "absent",
        note: expect.stringContaining('"app"'),
      });
      expect(await deletes(fixture)).toBe(0);
    }));

  it("says absent where the project is not there either", () =>
    patient(async (fixture) => {
      const { structured } = await remove(fixture, { groupId: "f".repeat(24) });
      expect(structured.outcome ?? structured.error.code).toMatch(/absent|not_found/);
    }));

  it.each(["a/b", "a?b#c", "ü ser", " app", "%2e%2e", "a%2Fb"])(
    "sends the name %j as one segment of the path, as it is",
    (username) =>
      patient(async (fixture) => {
        await make(fixture, { username });
        expect((await remove(fixture, { username })).structured.outcome).toBe("deleted");
        expect(await left(fixture)).toEqual([]);
      }),
  );

  it("removes a user of another kind", () =>
    patient(async (fixture) => {
      const username = "CN=app,O=shop";
      await make(fixture, {
        username,
        databaseName: "$external",
        x509Type: "CUSTOMER",
        password: undefined,
      });
      expect((await remove(fixture, { username })).structured.outcome).toBe("absent");
      const asked = { username, databaseName: "$external" };
      expect((await remove(fixture, asked)).structured.outcome).toBe("deleted");
    }));

  it("shows the request of a dry run", () =>
    patient(async (fixture) => {
      await make(fixture);
      const { structured } = await remove(fixture, { dryRun: true });
      expect(structured).toMatchObject({
        outcome: "would_delete",
        request: { method: "DELETE", path: expect.stringMatching(/\/databaseUsers\/admin\/app$/) },
      });
      expect(await left(fixture)).toEqual(["admin app"]);
    }));

  it.each([
    ["commit_then_reset", 1],
    ["commit_then_500", 1],
    ["commit_then_hang", 1],
    ["reset", 2],
    ["error:500:UNEXPECTED_ERROR", 2],
    ["html_503", 2],
  ])("after %s it is gone, and says so", (fault, sent) =>
    patient(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("deleteGroupDatabaseUser", fault);
      expect((await remove(fixture)).structured.outcome).toBe("deleted");
      expect(await left(fixture)).toEqual([]);
      expect(await deletes(fixture)).toBe(sent);
    }),
  );

  it("changed nothing where Atlas refuses it", () =>
    patient(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("deleteGroupDatabaseUser", "error:403:ACCESS_FORBIDDEN");
      const { structured } = await remove(fixture);
      expect(structured.error).toMatchObject({ code: "forbidden", outcome: "not_deleted" });
      expect(await left(fixture)).toEqual(["admin app"]);
    }));
});
