import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { ToolResult } from "../support/clients.ts";
import { actionsOf } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { passwordsFolder, permissionsOf } from "../support/passwords-folder.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const passwords = passwordsFolder();
const patient = sharedFixture({
  kind: "v2 modern",
  env: { ...passwords.env, ATLAS_MCP_ALLOW_DELETE: "true" },
  step: 20,
});
/** Time for a look-up after 0.5 s, and for no second one. */
const hasty = sharedFixture({
  kind: "v1 over http",
  env: {
    ...passwords.env,
    ATLAS_MCP_DEADLINE_MS: "1400",
    ATLAS_MCP_REQUEST_TIMEOUT_MS: "300",
  },
  step: 5,
});

const user = ({ driver, groupId }: Fixture, more: object = {}): Promise<ToolResult> =>
  driver.call("create_database_user", { groupId, username: "app", ...more });

const cluster = ({ driver, groupId }: Fixture, name: string) =>
  driver.call("create_flex_cluster", { groupId, name, providerSettings: aws, waitSeconds: 10 });

const passwordOf = ({ groupId }: Fixture): string =>
  passwords.read(groupId, "app").MONGODB_PASSWORD ?? "";

describe("the file of a new database user", () => {
  it("can be read by its owner alone, as can its folders", () =>
    patient(async (fixture) => {
      const { credentialsFile } = (await user(fixture)).structured;
      expect(credentialsFile).toBe(passwords.pathOf(fixture.groupId, "app"));
      expect(permissionsOf(credentialsFile)).toBe("600");
      expect(permissionsOf(dirname(credentialsFile))).toBe("700");
      expect(permissionsOf(passwords.folder)).toBe("700");
    }));

  it("comes with the command that gives it to an application", () =>
    patient(async (fixture) => {
      const path = passwords.pathOf(fixture.groupId, "app");
      const use = `node --env-file=${path}`;
      expect((await user(fixture)).structured).toMatchObject({ outcome: "created", use });
      const again = await user(fixture, { ifExists: "return" });
      expect(again.structured).toMatchObject({ outcome: "existing", use });
      const planned = await user(fixture, { username: "later", dryRun: true });
      expect(planned.structured).not.toHaveProperty("use");
    }));

  it("has the connection string where the project has one cluster that runs", () =>
    patient(async (fixture) => {
      const { structured } = await cluster(fixture, "db");
      const { standardSrv } = structured.cluster.connectionStrings;
      const { note } = (await user(fixture)).structured;
      expect(note).toBeUndefined();
      expect(passwords.read(fixture.groupId, "app").MONGODB_URI).toBe(
        `${standardSrv.replace("//", `//app:${passwordOf(fixture)}@`)}/?retryWrites=true&w=majority`,
      );
    }));

  it("is completed by a repeat, once there is a cluster, with the password that it has", () =>
    patient(async (fixture) => {
      const made = await user(fixture);
      expect(made.structured.note).toContain("no MONGODB_URI yet");
      const password = passwordOf(fixture);
      await cluster(fixture, "db");
      const again = await user(fixture, { ifExists: "return" });
      expect(again.structured).toMatchObject({ status: "ok", outcome: "existing" });
      const { MONGODB_PASSWORD, MONGODB_URI } = passwords.read(fixture.groupId, "app");
      expect(MONGODB_PASSWORD).toBe(password);
      expect(MONGODB_URI).toContain(`//app:${password}@db.`);
    }));

  it("has no connection string where there are several clusters, unless the user may reach one only", () =>
    patient(async (fixture) => {
      await cluster(fixture, "db");
      await cluster(fixture, "other");
      const both = await user(fixture);
      expect(both.structured.note).toContain("reaches several clusters: db, other");
      expect(passwords.read(fixture.groupId, "app")).not.toHaveProperty("MONGODB_URI");
      const scopes = [{ name: "other", type: "CLUSTER" }];
      const one = await user(fixture, { username: "narrow", scopes });
      expect(one.structured.note).toBeUndefined();
      expect(passwords.read(fixture.groupId, "narrow").MONGODB_URI).toContain("@other.");
    }));

  it("follows the cluster, and says where that is gone", () =>
    patient(async (fixture) => {
      const { driver, groupId } = fixture;
      const remove = (name: string) => driver.call("delete_flex_cluster", { groupId, name });
      await cluster(fixture, "first");
      await user(fixture);
      await remove("first");
      const gone = await user(fixture, { ifExists: "return" });
      expect(gone.structured.note).toContain("point to a deleted cluster");
      await cluster(fixture, "second");
      const again = await user(fixture, { ifExists: "return" });
      expect(again.structured.note).not.toContain("gone");
      expect(passwords.read(groupId, "app").MONGODB_URI).toContain("@second.");
    }));

  it("has a new password, and not that of a file from before, and says so", () =>
    patient(async (fixture) => {
      const path = passwords.pathOf(fixture.groupId, "app");
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, "MONGODB_PASSWORD='Abcdefgh12345678'\n", { mode: 0o600 });
      const { structured } = await user(fixture);
      expect(structured.outcome).toBe("created");
      expect(structured.note).toContain("this one has a new password");
      expect(passwordOf(fixture)).toMatch(/^[A-Za-z0-9]{32}$/);
      expect(readdirSync(dirname(path))).toEqual(["app.env"]);
    }));

  it("is not made by a dry run, which shows that a password would be generated", () =>
    patient(async (fixture) => {
      const { structured } = await user(fixture, { dryRun: true });
      expect(structured).toMatchObject({ status: "ok", outcome: "would_create" });
      expect(structured.request.body).toMatchObject({ username: "app", password: "[generated]" });
      expect(passwords.has(fixture.groupId, "app")).toBe(false);
      expect((await fixture.sandbox.state()).users).toEqual([]);
    }));
});

describe("a database user that is there already", () => {
  it("is a conflict, and its file stays as it is", () =>
    patient(async (fixture) => {
      await user(fixture);
      const password = passwordOf(fixture);
      const { structured } = await user(fixture);
      expect(structured.error).toMatchObject({ code: "name_conflict", identical: true });
      expect(passwordOf(fixture)).toBe(password);
    }));

  it("is returned where that is asked for, with the file that it was made with", () =>
    patient(async (fixture) => {
      await user(fixture);
      const { structured } = await user(fixture, { ifExists: "return" });
      expect(structured).toMatchObject({ outcome: "existing", databaseUser: { username: "app" } });
      expect(structured.credentialsFile).toBe(passwords.pathOf(fixture.groupId, "app"));
      expect(structured.note).toContain("keeps its password; the file has the one");
    }));

  it("is not said to have a file where it was made elsewhere", () =>
    patient(async (fixture) => {
      const { groupId, sandbox } = fixture;
      await sandbox.make(`/groups/${groupId}/databaseUsers`, {
        databaseName: "admin",
        groupId,
        username: "elsewhere",
        password: "Abcdefgh12345678",
        roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }],
      });
      const { structured } = await user(fixture, { username: "elsewhere", ifExists: "return" });
      expect(structured).toMatchObject({ status: "ok", outcome: "existing" });
      expect(structured).not.toHaveProperty("credentialsFile");
      expect(structured.note).toContain("which this server does not have");
      expect(passwords.has(groupId, "elsewhere")).toBe(false);
    }));

  it("that differs is never returned, and the differences are told", () =>
    patient(async (fixture) => {
      await user(fixture);
      const roles = [{ roleName: "read", databaseName: "shop" }];
      const { structured } = await user(fixture, { roles, ifExists: "return" });
      expect(structured.error).toMatchObject({
        code: "name_conflict",
        outcome: "exists",
        identical: false,
        differences: [{ field: "roles" }],
      });
    }));
});

describe("the password of a user that was not made", () => {
  it.each(["error:403:ACCESS_FORBIDDEN", "error:403:GROUP_USERS_LIMIT_EXCEEDED"])(
    "goes after a plain refusal (%s)",
    (fault) =>
      patient(async (fixture) => {
        await fixture.sandbox.script("createGroupDatabaseUser", fault);
        const { structured } = await user(fixture);
        expect(structured.error.outcome).toBe("not_created");
        expect(passwords.has(fixture.groupId, "app")).toBe(false);
      }),
  );

  it("stays after a lost answer, its path is in the message, and the repeat uses it", () =>
    hasty(async (fixture) => {
      const { driver, groupId, sandbox } = fixture;
      await sandbox.script("createGroupDatabaseUser", "reset", 2);
      const lost = await user(fixture);
      expect(lost.structured.error).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
      expect(lost.structured.error.message).toContain(passwords.pathOf(groupId, "app"));
      const password = passwordOf(fixture);
      const repeat = actionsOf(lost).find(({ tool }) => tool === "create_database_user");
      const made = await driver.call("create_database_user", repeat?.arguments);
      expect(made.structured).toMatchObject({ status: "ok", outcome: "created" });
      expect(passwordOf(fixture)).toBe(password);
      expect((await sandbox.state()).users).toHaveLength(1);
    }));

  it("that was there before stays, refusal or not", () =>
    hasty(async (fixture) => {
      await fixture.sandbox.script("createGroupDatabaseUser", "reset", 2);
      await user(fixture);
      const password = passwordOf(fixture);
      await fixture.sandbox.script("createGroupDatabaseUser", "error:403:ACCESS_FORBIDDEN");
      expect((await user(fixture)).structured.error.outcome).toBe("not_created");
      expect(passwordOf(fixture)).toBe(password);
    }));
});

describe("a file that cannot be trusted", () => {
  const spoil = (path: string, text: string, mode: number) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text);
    chmodSync(path, mode);
  };

  it.each([
    ["can be read by others", "MONGODB_PASSWORD='Abcdefgh12345678'\n", 0o644, "chmod 600"],
    ["has no password", "something else\n", 0o600, "is not overwritten"],
  ])("because it %s is named, stays, and nothing is sent", (_what, text, mode, said) =>
    patient(async (fixture) => {
      const path = passwords.pathOf(fixture.groupId, "app");
      spoil(path, text, mode);
      const { structured } = await user(fixture);
      expect(structured.error).toMatchObject({ code: "forbidden", outcome: "not_created" });
      expect(structured.error.message).toContain(path);
      expect(structured.error.message).toContain(said);
      const { users, requests } = await fixture.sandbox.state();
      expect(users).toEqual([]);
      expect(requests.map(({ operation }) => operation)).not.toContain("createGroupDatabaseUser");
    }),
  );
});
