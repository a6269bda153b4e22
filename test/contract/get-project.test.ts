import { describe, expect, it } from "vitest";
import { aws } from "../support/live-sandbox.ts";
import { sharedFixture } from "./fixture.ts";

const small = sharedFixture({ kind: "v2 modern" });
const large = sharedFixture({ kind: "v1 over http" });

describe("get_project", () => {
  it("shows an empty project with empty lists", () =>
    small(async ({ driver, groupId }) => {
      const { structured } = await driver.call("get_project", { groupId });
      expect(structured).toMatchObject({
        status: "ok",
        outcome: "found",
        project: { id: groupId, name: "home" },
        clusters: [],
        databaseUsers: [],
        accessListEntries: [],
        totals: { clusters: 0, databaseUsers: 0, accessListEntries: 0 },
      });
      expect(structured).not.toHaveProperty("note");
    }));

  it("says of one that is not there that it is not found", () =>
    small(async ({ driver }) => {
      const { structured } = await driver.call("get_project", { groupId: "a".repeat(24) });
      expect(structured.error).toMatchObject({ code: "not_found", outcome: "no_change" });
    }));

  it("stays small enough for a host, and counts what it does not show", () =>
    large(async ({ driver, groupId, sandbox }) => {
      await sandbox.make(`/groups/${groupId}/flexClusters`, { name: "db", providerSettings: aws });
      const entries = Array.from({ length: 200 }, (_, index) => ({
        cidrBlock: `10.0.${index}.0/24`,
        comment: "x".repeat(80),
      }));
      await sandbox.make(`/groups/${groupId}/accessList`, entries);
      for (let index = 0; index < 60; index += 1)
        await sandbox.make(`/groups/${groupId}/databaseUsers`, {
          databaseName: "admin",
          groupId,
          username: `user-${index}-${"x".repeat(200)}`,
          password: "Abcdefgh12345678",
          roles: [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }],
        });
      const { structured, text } = await driver.call("get_project", { groupId });
      const { clusters, databaseUsers, accessListEntries, totals, note } = structured;
      expect(totals).toEqual({ clusters: 1, databaseUsers: 60, accessListEntries: 200 });
      expect(Buffer.byteLength(text)).toBeLessThan(50_000);
      expect(clusters).toHaveLength(1);
      expect(databaseUsers.length).toBeGreaterThan(10);
      expect(accessListEntries.length).toBeGreaterThan(10);
      const missing = { users: 60 - databaseUsers.length, entries: 200 - accessListEntries.length };
      expect(missing.entries).toBeGreaterThan(0);
      expect(note).toContain(`${missing.entries} access list entries`);
      if (missing.users > 0) expect(note).toContain(`${missing.users} database users`);
    }));
});
