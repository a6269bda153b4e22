import { describe, expect, it } from "vitest";
import { actionsOf } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const fixture = sharedFixture({ kind: "v2 modern", step: 20, atlas: { provisionMs: 3000 } });

const create = ({ driver, groupId }: Fixture) =>
  driver.call("create_flex_cluster", { groupId, name: "db", providerSettings: aws });

const get = ({ driver, groupId }: Fixture, waitSeconds: number) =>
  driver.call("get_flex_cluster", { groupId, name: "db", waitSeconds });

describe("a cluster that is young", () => {
  it.each(["updating", "late_strings", "updating+late_strings"])(
    "is ready when it is IDLE and can be reached, not before (%s)",
    (fault) =>
      fixture(async (shared) => {
        await shared.sandbox.script("createGroupFlexCluster", fault);
        expect((await create(shared)).structured).toMatchObject({ ready: false });
        const { structured } = await get(shared, 40);
        const standardSrv = expect.any(String);
        expect(structured).toMatchObject({
          ready: true,
          cluster: { stateName: "IDLE", connectionStrings: { standardSrv } },
        });
      }),
  );

  it("is not ready while it is IDLE without strings, and the next call waits", () =>
    fixture(async (shared) => {
      await shared.sandbox.script("createGroupFlexCluster", "late_strings");
      await create(shared);
      await advance(shared.sandbox.url, 3000);
      const result = await get(shared, 0);
      const cluster = { stateName: "IDLE", connectionStrings: {} };
      expect(result.structured).toMatchObject({ ready: false, cluster });
      expect(actionsOf(result)).toMatchObject([{ tool: "get_flex_cluster" }]);
    }));
});

const advance = async (url: string, advanceMs: number): Promise<void> => {
  await fetch(`${url}/_sandbox/clock`, { method: "POST", body: JSON.stringify({ advanceMs }) });
};

describe("a project that was just made, whose reads Atlas refuses for a moment", () => {
  it("is told apart from one without access: the call may be repeated", () =>
    fixture(async ({ driver, sandbox }) => {
      await sandbox.script("createGroup", "user_cannot_access_group");
      const made = await driver.call("create_project", { name: "shop", orgId: sandbox.orgId });
      expect(made.structured).toMatchObject({ outcome: "created" });
      const groupId = made.structured.project.id;
      const refused = await driver.call("get_project", { groupId });
      expect(refused.structured.error).toMatchObject({ code: "forbidden", outcome: "no_change" });
      expect(refused.structured.error.message).toContain("just created: then repeat the call");
      const seen = await driver.call("get_project", { groupId });
      expect(seen.structured).toMatchObject({ outcome: "found", project: { name: "shop" } });
    }));

  it("takes a cluster all the same", () =>
    fixture(async ({ driver, sandbox }) => {
      await sandbox.script("createGroup", "user_cannot_access_group:9");
      const made = await driver.call("create_project", { name: "shop", orgId: sandbox.orgId });
      const groupId = made.structured.project.id;
      const cluster = { groupId, name: "db", providerSettings: aws };
      const { structured } = await driver.call("create_flex_cluster", cluster);
      expect(structured).toMatchObject({ outcome: "created" });
      expect((await sandbox.state()).clusters).toMatchObject([{ groupId, name: "db" }]);
    }));
});
