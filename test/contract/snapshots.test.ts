import { describe, expect, it } from "vitest";
import { aws } from "../support/live-sandbox.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const day = 86_400_000;

/** How far Atlas's clock is ahead, so that its clusters are as old as a test needs. */
let ahead = 0;

const env = { ATLAS_MCP_CONFIRM: "token", ATLAS_MCP_ALLOW_DELETE: "true" };
const asking = sharedFixture({
  kind: "v2 modern",
  env,
  step: 20,
  atlas: { clock: () => Date.now() + ahead },
});

const makeCluster = async ({ sandbox, groupId }: Fixture, age: number) => {
  ahead = 0;
  const body = { name: "db", providerSettings: aws };
  const { createDate } = await sandbox.make(`/groups/${groupId}/flexClusters`, body);
  ahead = age;
  return Date.parse(createDate);
};

const listSnapshots = "listGroupFlexClusterBackupSnapshots";

const questionOf = async (
  { driver, groupId }: Fixture,
  tool = "delete_flex_cluster",
  more: object = { name: "db" },
) => {
  const { structured } = await driver.call(tool, { groupId, ...more });
  expect(structured.status).toBe("needs_confirmation");
  return structured.message as string;
};

const readsOf = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).requests.filter(({ operation }) => operation === listSnapshots).length;

describe("the question about the delete of a cluster", () => {
  it.each([1, 3, 20])("tells the newest snapshot of one that is %s days old", (days) =>
    asking(async (fixture) => {
      const created = await makeCluster(fixture, days * day + 3_600_000);
      const newest = `${new Date(created + days * day).toISOString().slice(0, 19)}Z`;
      expect(await questionOf(fixture)).toMatch(
        new RegExp(`\\? This cannot be undone: .* Its newest snapshot is of ${newest}\\. It costs`),
      );
    }),
  );

  it("says that a new one has no snapshot, and deletes it after a yes", () =>
    asking(async (fixture) => {
      await makeCluster(fixture, 0);
      const { driver, groupId } = fixture;
      const args = { groupId, name: "db" };
      const { message, confirmation } = (await driver.call("delete_flex_cluster", args)).structured;
      expect(message).toContain("It has no snapshot.");
      const deleted = await driver.call("delete_flex_cluster", { ...args, confirmation });
      expect(deleted.structured.outcome).toBe("deleted");
    }));

  it.each(["error:403:ACCESS_FORBIDDEN", "html_503", "reset", "hang", "json_portal"])(
    "says that the snapshots could not be read (%s)",
    (fault) =>
      asking(async (fixture) => {
        await makeCluster(fixture, 2 * day);
        await fixture.sandbox.script(listSnapshots, fault, 20);
        expect(await questionOf(fixture)).toContain("Its snapshots could not be read.");
      }),
  );

  it("reads them for no other question, and not for a dry run", () =>
    asking(async (fixture) => {
      await makeCluster(fixture, 2 * day);
      const { driver, groupId } = fixture;
      await driver.call("delete_flex_cluster", { groupId, name: "db", dryRun: true });
      const more = { name: "db2", providerSettings: aws };
      expect(await questionOf(fixture, "create_flex_cluster", more)).not.toContain("napshot");
      expect(await readsOf(fixture)).toBe(0);
    }));
});
