import { describe, expect, it } from "vitest";
import { actionsOf } from "../support/contract.ts";
import { passwordsFolder } from "../support/passwords-folder.ts";
import { sharedFixture } from "./fixture.ts";
import { cluster, make, makeUser, patches, role, soon, update, userIn } from "./users.ts";

const { env } = passwordsFolder();
const live = sharedFixture({ kind: "v2 modern", step: 20, env });
const asking = sharedFixture({
  kind: "v1 over http",
  env: { ...env, ATLAS_MCP_CONFIRM: "token", ATLAS_MCP_ALLOW_DELETE: "true" },
});

describe("update_database_user", () => {
  it("changes what is asked, and says what it was before", () =>
    live(async (fixture) => {
      await makeUser(fixture, { description: "old" });
      const roles = [role("readWrite", "app"), role("read", "logs")];
      const scopes = [cluster("db")];
      const { structured } = await update(fixture, { roles, scopes, description: "new" });
      expect(structured).toMatchObject({
        status: "ok",
        outcome: "updated",
        differences: [
          { field: "roles", yours: roles, existing: [role("read", "app")] },
          { field: "scopes", yours: scopes, existing: [] },
          { field: "description", yours: "new", existing: "old" },
        ],
        databaseUser: { username: "app", roles, scopes, description: "new" },
        receipt: { resource: 'database user "app"' },
      });
      expect(structured).not.toHaveProperty("credentialsFile");
      expect(await userIn(fixture)).toMatchObject({ roles, scopes, description: "new" });
      expect(await patches(fixture)).toBe(1);
    }));

  it("says unchanged where nothing differs, in whatever order, and sends nothing", () =>
    live(async (fixture) => {
      const roles = [role("readWrite", "app"), role("read", "logs")];
      await makeUser(fixture, { roles, deleteAfterDate: soon(2) });
      const { structured } = await update(fixture, {
        roles: roles.toReversed(),
        scopes: [],
        description: "",
        deleteAfterDate: (await userIn(fixture))?.deleteAfterDate ?? soon(2),
        rotatePassword: false,
      });
      expect(structured).toMatchObject({ status: "ok", outcome: "unchanged" });
      expect(structured).not.toHaveProperty("differences");
      expect(await patches(fixture)).toBe(0);
    }));

  it("takes scopes and a description away", () =>
    live(async (fixture) => {
      await makeUser(fixture, { scopes: [cluster("db")], description: "old" });
      await update(fixture, { scopes: [], description: "" });
      expect(await userIn(fixture)).toMatchObject({ scopes: [], roles: [role("read", "app")] });
      expect((await userIn(fixture))?.description ?? "").toBe("");
    }));

  it("moves the end of a user that has one, and says so where Atlas gives a permanent one none", () =>
    live(async (fixture) => {
      await makeUser(fixture, { deleteAfterDate: soon(2) });
      const later = soon(5);
      expect((await update(fixture, { deleteAfterDate: later })).structured).toMatchObject({
        outcome: "updated",
        databaseUser: { deleteAfterDate: later },
      });
      await makeUser(fixture, { username: "permanent" });
      const refused = await update(fixture, { username: "permanent", deleteAfterDate: later });
      expect(refused.structured.error).toMatchObject({
        code: "conflict",
        outcome: "not_updated",
        retry: "after_fix",
        message: expect.stringMatching(/user .*never expires/),
        fields: [{ path: "deleteAfterDate" }],
      });
    }));

  it("shows the request of a dry run: what differs, and what Atlas requires", () =>
    live(async (fixture) => {
      await makeUser(fixture, { description: "old", scopes: [cluster("db")] });
      const { structured } = await update(fixture, {
        description: "new",
        scopes: [cluster("db")],
        dryRun: true,
      });
      const { groupId } = fixture;
      expect(structured).toMatchObject({ outcome: "would_update", request: { method: "PATCH" } });
      expect(structured.request.path).toMatch(/\/databaseUsers\/admin\/app$/);
      expect(structured.request.body).toEqual({
        groupId,
        databaseName: "admin",
        username: "app",
        roles: [role("read", "app")],
        description: "new",
      });
      expect(await patches(fixture)).toBe(0);
    }));

  it("changes a user of $external", () =>
    live(async (fixture) => {
      const username = "CN=ann,OU=Eng";
      const external = { databaseName: "$external", username };
      await makeUser(fixture, { ...external, x509Type: "CUSTOMER", password: undefined });
      const changed = await update(fixture, { ...external, roles: [role("readWrite", "app")] });
      expect(changed.structured).toMatchObject({ outcome: "updated", databaseUser: external });
    }));

  it.each([
    [
      "a new password for a user of $external",
      { databaseName: "$external", rotatePassword: true },
      "rotatePassword",
    ],
    ["nothing to change", {}, ""],
    ["no roles at all", { roles: [] }, "roles"],
    ["a name that a URL would swallow", { username: "..", description: "x" }, "username"],
    ["a password of the model's own", { password: "made-up-by-a-model" }, "password"],
  ])("refuses %s, and sends nothing", (_what, more, path) =>
    live(async (fixture) => {
      await makeUser(fixture);
      const { structured } = await update(fixture, more);
      expect(structured.error).toMatchObject({ code: "invalid_input", outcome: "not_updated" });
      expect(structured.error.fields.map((field: { path: string }) => field.path)).toContain(path);
      expect(await patches(fixture)).toBe(0);
    }),
  );

  it("sends the name of a user as it is given, with white space around it", () =>
    live(async (fixture) => {
      await makeUser(fixture);
      const { structured } = await update(fixture, { username: " app", description: "x" });
      expect(structured.error).toMatchObject({ code: "not_found", outcome: "not_updated" });
    }));

  it("is what a name conflict offers that differs only in what can be changed", () =>
    live(async (fixture) => {
      await makeUser(fixture);
      const asked = { roles: [role("readWrite", "app")], description: "new" };
      const conflict = await make(fixture, asked);
      const action = actionsOf(conflict).find(({ tool }) => tool === "update_database_user");
      expect(action?.arguments).toMatchObject({ username: "app", ...asked });
      const { structured } = await fixture.driver.call(action?.tool ?? "", action?.arguments);
      expect(structured.outcome).toBe("updated");
      const ending = await make(fixture, { ...asked, deleteAfterDate: soon(3) });
      expect(actionsOf(ending).map(({ tool }) => tool)).not.toContain("update_database_user");
    }));
});

describe("on live Atlas", () => {
  it.each([
    ["a new password", { rotatePassword: true }, /with a new password.*can no longer log in/],
    [
      "roles that may do more",
      { roles: [role("atlasAdmin")] },
      /atlasAdmin on admin.*roles may do more/,
    ],
  ])("%s is asked, and says what it means", (_what, more, says) =>
    asking(async (fixture) => {
      await makeUser(fixture);
      const first = (await update(fixture, more)).structured;
      expect(first.status).toBe("needs_confirmation");
      expect(first.message).toMatch(/^Change database user "app" /);
      expect(first.message).toMatch(says);
      expect(await patches(fixture)).toBe(0);
      const { confirmation } = first;
      expect((await update(fixture, { ...more, confirmation })).structured).toMatchObject({
        outcome: "updated",
        receipt: { approver: "agent" },
      });
    }),
  );

  it("roles that only read and write, and those that are there already, are not asked", () =>
    asking(async (fixture) => {
      await makeUser(fixture, { roles: [role("atlasAdmin")] });
      const same = { roles: [role("atlasAdmin")], description: "new" };
      expect((await update(fixture, same)).structured.outcome).toBe("updated");
      const less = { roles: [role("readWrite", "app")] };
      expect((await update(fixture, less)).structured.outcome).toBe("updated");
    }));
});

describe("an update whose answer is lost", () => {
  it.each(["commit_then_reset", "commit_then_500", "commit_then_truncate", "commit_then_hang"])(
    "is found where Atlas did it (%s)",
    (fault) =>
      live(async (fixture) => {
        await makeUser(fixture);
        await fixture.sandbox.script("updateGroupDatabaseUser", fault);
        const { structured } = await update(fixture, { description: "new" });
        expect(structured).toMatchObject({ outcome: "updated", reconciled: true });
        expect(await patches(fixture)).toBe(1);
      }),
  );

  it("is sent once more where Atlas did not do it, and is unknown where it is lost again", () =>
    live(async (fixture) => {
      await makeUser(fixture);
      await fixture.sandbox.script("updateGroupDatabaseUser", "reset");
      expect((await update(fixture, { description: "new" })).structured.outcome).toBe("updated");
      await fixture.sandbox.script("updateGroupDatabaseUser", "reset", 5);
      const { error } = (await update(fixture, { description: "newer" })).structured;
      expect(error).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
    }));
});
