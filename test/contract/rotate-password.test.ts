import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { aws } from "../support/live-sandbox.ts";
import { passwordsFolder } from "../support/passwords-folder.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";
import { make, makeUser, patches, role, update, userIn } from "./users.ts";

const passwords = passwordsFolder();
const unasked = sharedFixture({
  kind: "v2 modern",
  step: 20,
  env: { ...passwords.env, ATLAS_MCP_CONFIRM: "never", ATLAS_MCP_ALLOW_DELETE: "true" },
});
const folderless = sharedFixture({
  kind: "v2 modern over http",
  env: {
    ATLAS_MCP_CREDENTIALS_DIR: "",
    ATLAS_MCP_CONFIRM: "never",
    ATLAS_MCP_ALLOW_DELETE: "true",
  },
});

/** The user's file and those beside it. */
const filesOf = ({ groupId }: Fixture) => {
  const path = passwords.pathOf(groupId, "app");
  const names = readdirSync(dirname(path)).filter((name) => /^app[.~]/.test(name));
  return {
    path,
    text: readFileSync(path, "utf8"),
    password: passwords.read(groupId, "app").MONGODB_PASSWORD,
    others: names.filter((name) => name !== basename(path)),
  };
};

const besideIn = (fixture: Fixture) => {
  const { path, others } = filesOf(fixture);
  const [name = ""] = others;
  return parseEnv(readFileSync(`${dirname(path)}/${name}`, "utf8")).MONGODB_PASSWORD;
};

describe("a rotation", () => {
  const rotate = (fixture: Fixture, more: object = {}) =>
    update(fixture, { rotatePassword: true, ...more });

  it("puts a new password where the first one was, with the address, and removes the old one", () =>
    unasked(async (fixture) => {
      const { sandbox, groupId } = fixture;
      await make(fixture);
      const before = filesOf(fixture).password;
      await sandbox.make(`/groups/${groupId}/flexClusters`, { name: "db", providerSettings: aws });
      const { structured } = await rotate(fixture);
      const { path, password, others, text } = filesOf(fixture);
      expect(structured).toMatchObject({
        outcome: "updated",
        credentialsFile: path,
        use: `node --env-file=${path}`,
        note: expect.stringContaining("new password"),
      });
      expect(structured).not.toHaveProperty("differences");
      expect(password).not.toBe(before);
      expect(others).toEqual([]);
      expect(text).not.toMatch(/before|confirmed/);
      expect(passwords.read(groupId, "app").MONGODB_URI).toContain(`:${password}@`);
      expect(await patches(fixture)).toBe(1);
      expect(JSON.stringify(structured)).not.toContain(password);
    }));

  it("makes a file for a user whose password this server never had", () =>
    unasked(async (fixture) => {
      await makeUser(fixture);
      const { structured } = await rotate(fixture, { description: "new" });
      expect(structured).toMatchObject({
        outcome: "updated",
        credentialsFile: filesOf(fixture).path,
        differences: [{ field: "description", yours: "new" }],
      });
      expect(await userIn(fixture)).toMatchObject({ roles: [role("read", "app")] });
    }));

  it("shows a placeholder in a dry run, and touches no file", () =>
    unasked(async (fixture) => {
      await make(fixture);
      const { text } = filesOf(fixture);
      const { structured } = await rotate(fixture, { dryRun: true });
      expect(structured.request.body.password).toBe("[generated]");
      expect(filesOf(fixture)).toMatchObject({ text, others: [] });
    }));

  it("makes another password each time, and two equal ones at once share one", () =>
    unasked(async (fixture) => {
      await make(fixture);
      await Promise.all([rotate(fixture), rotate(fixture)]);
      const first = filesOf(fixture).password;
      expect(await patches(fixture)).toBe(1);
      await rotate(fixture);
      expect(filesOf(fixture).password).not.toBe(first);
      expect(await patches(fixture)).toBe(2);
    }));

  it("takes turns with another update of the same user", () =>
    unasked(async (fixture) => {
      await make(fixture);
      const both = await Promise.all([rotate(fixture), update(fixture, { description: "new" })]);
      expect(both.map(({ structured }) => structured.outcome)).toEqual(["updated", "updated"]);
      expect((await userIn(fixture))?.description).toBe("new");
      expect(filesOf(fixture).others).toEqual([]);
    }));

  it("whose answer is lost is sent once more", () =>
    unasked(async (fixture) => {
      await make(fixture);
      const before = filesOf(fixture).password;
      await fixture.sandbox.script("updateGroupDatabaseUser", "commit_then_reset");
      expect((await rotate(fixture)).structured.outcome).toBe("updated");
      expect(await patches(fixture)).toBe(2);
      expect(filesOf(fixture)).toMatchObject({ others: [] });
      expect(filesOf(fixture).password).not.toBe(before);
    }));

  it("whose answer never comes is sent once more, with the same password", () =>
    unasked(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("updateGroupDatabaseUser", "commit_then_hang");
      expect((await rotate(fixture)).structured.outcome).toBe("updated");
      expect(await patches(fixture)).toBe(2);
      expect(filesOf(fixture)).toMatchObject({ others: [] });
    }));

  it("whose outcome is unknown leaves both files, and says which is which", () =>
    unasked(async (fixture) => {
      await make(fixture);
      const before = filesOf(fixture).password;
      await fixture.sandbox.script("updateGroupDatabaseUser", "reset", 5);
      const { error } = (await rotate(fixture)).structured;
      const { path, password, others, text } = filesOf(fixture);
      expect(error).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
      expect(error.message).toContain(`new password is in ${path}`);
      expect(error.message).toContain(`the one before is in ${dirname(path)}/${others[0]}`);
      expect([others.length, besideIn(fixture)]).toEqual([1, before]);
      expect(text).toContain("has not confirmed this password");
      await fixture.sandbox.reset();
      expect(error.nextActions).toContainEqual(
        expect.objectContaining({ why: expect.stringContaining("another new password") }),
      );
      expect(JSON.stringify(error)).not.toContain(password);
    }));

  it("after an unknown one makes yet another password, and only that stays", () =>
    unasked(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("updateGroupDatabaseUser", "reset", 2);
      await rotate(fixture);
      const unclear = filesOf(fixture).password;
      expect((await rotate(fixture)).structured.outcome).toBe("updated");
      expect(filesOf(fixture)).toMatchObject({ others: [] });
      expect(filesOf(fixture).password).not.toBe(unclear);
    }));

  it("that Atlas refuses leaves the old file as it was", () =>
    unasked(async (fixture) => {
      await make(fixture);
      const { text } = filesOf(fixture);
      await fixture.sandbox.script("updateGroupDatabaseUser", "error:403:ACCESS_FORBIDDEN");
      const { error } = (await rotate(fixture)).structured;
      expect(error).toMatchObject({ code: "forbidden", outcome: "not_updated" });
      expect(filesOf(fixture)).toMatchObject({ text, others: [] });
      expect(await patches(fixture)).toBe(1);
    }));

  it("that Atlas refuses with a 400 that nobody can explain leaves both files", () =>
    unasked(async (fixture) => {
      await make(fixture);
      const before = filesOf(fixture).password;
      await fixture.sandbox.script("updateGroupDatabaseUser", "error:400:SOMETHING_NEW");
      const { error } = (await rotate(fixture)).structured;
      expect(error).toMatchObject({ outcome: "unknown" });
      expect(error.message).toContain("the one before is in");
      expect(besideIn(fixture)).toBe(before);
    }));

  it("is refused, with the reason, where there is no folder for passwords", () =>
    folderless(async (fixture) => {
      await makeUser(fixture);
      const { error } = (await rotate(fixture)).structured;
      expect(error).toMatchObject({ code: "forbidden", outcome: "not_updated" });
      expect(error.message).toContain("ATLAS_MCP_CREDENTIALS_DIR");
      expect((await update(fixture, { description: "new" })).structured.outcome).toBe("updated");
      expect(await patches(fixture)).toBe(1);
    }));
});
