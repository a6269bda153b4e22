import { describe, expect, it } from "vitest";
import type { ToolResult } from "../support/clients.ts";
import { actionsOf, callAll } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const allowed = { ATLAS_MCP_ALLOW_DELETE: "true" };
const patient = sharedFixture({ kind: "v2 legacy over http", env: allowed, step: 20 });
const hasty = sharedFixture({
  kind: "v1",
  env: { ...allowed, ATLAS_MCP_DEADLINE_MS: "4000", ATLAS_MCP_REQUEST_TIMEOUT_MS: "300" },
  step: 20,
});
const slow = sharedFixture({
  kind: "v2 modern",
  env: allowed,
  atlas: { provisionMs: 3000 },
  step: 20,
});

const remove = ({ driver, groupId }: Fixture, more: object = {}): Promise<ToolResult> =>
  driver.call("delete_project", { groupId, name: "home", ...more });

const cluster = ({ sandbox, groupId }: Fixture, more: object = {}) =>
  sandbox.make(`/groups/${groupId}/flexClusters`, { name: "db", providerSettings: aws, ...more });

const left = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).projects.map(({ name }) => name);

const deletes = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).requests.filter(({ operation }) => operation === "deleteGroup").length;

describe("delete_project", () => {
  it("says deleted when the project is gone, with its users and its access list", () =>
    patient(async (fixture) => {
      const { driver, groupId } = fixture;
      await driver.call("create_database_user", { groupId, username: "app" });
      await driver.call("create_access_list_entry", { groupId, ipAddress: "203.0.113.7" });
      expect((await remove(fixture)).structured).toMatchObject({
        status: "ok",
        outcome: "deleted",
      });
      const { users, accessList } = await fixture.sandbox.state();
      expect([await left(fixture), users, accessList]).toEqual([[], [], []]);
    }));

  it("says absent of one that is not there, and sends nothing", () =>
    patient(async (fixture) => {
      const { structured } = await remove({ ...fixture, groupId: "a".repeat(24) });
      expect(structured).toMatchObject({ status: "ok", outcome: "absent" });
      expect([await deletes(fixture), await left(fixture)]).toEqual([0, ["home"]]);
    }));

  it("deletes nothing where id and name do not agree, and does not give the name away", () =>
    patient(async (fixture) => {
      const result = await remove(fixture, { name: "shop" });
      const { error } = result.structured;
      expect(error).toMatchObject({
        code: "invalid_input",
        outcome: "not_deleted",
        fields: [{ path: "name" }],
      });
      expect(error.message).not.toContain("home");
      expect(actionsOf(result).map(({ tool }) => tool)).toEqual(["get_project"]);
      expect([await deletes(fixture), await left(fixture)]).toEqual([0, ["home"]]);
    }));

  it("names the clusters that have to go first, with a call for each, and works after them", () =>
    patient(async (fixture) => {
      await cluster(fixture);
      await cluster(fixture, { name: "other" });
      const result = await remove(fixture);
      expect(result.structured.error).toMatchObject({
        code: "conflict",
        outcome: "not_deleted",
        existing: [{ name: "db" }, { name: "other" }],
      });
      expect(await deletes(fixture)).toBe(0);
      const gone = await callAll(fixture.driver, actionsOf(result));
      expect(gone.map(({ structured }) => structured.outcome)).toEqual(["deleted", "deleted"]);
      expect((await remove(fixture)).structured.outcome).toBe("deleted");
    }));

  it("says that it cannot delete clusters that are not flex clusters, instead of to wait for them", () =>
    patient(async (fixture) => {
      const electableSpecs = { instanceSize: "M0" };
      const region = { providerName: "TENANT", ...aws, electableSpecs };
      await fixture.sandbox.make(`/groups/${fixture.groupId}/clusters`, {
        name: "m0",
        clusterType: "REPLICASET",
        replicationSpecs: [{ regionConfigs: [region] }],
      });
      const result = await remove(fixture);
      const { error } = result.structured;
      expect(error).toMatchObject({ code: "conflict", outcome: "not_deleted", retry: "after_fix" });
      expect(error.message).toContain("not flex clusters: m0.");
      expect(actionsOf(result)).toEqual([]);
      expect(await deletes(fixture)).toBe(0);
    }));

  it("says to wait, and not to delete again, where its cluster is going already", () =>
    slow(async (fixture) => {
      await cluster(fixture);
      const { driver, groupId } = fixture;
      const going = driver.call("delete_flex_cluster", { groupId, name: "db" });
      await until(
        async () => (await fixture.sandbox.state()).clusters[0]?.stateName === "DELETING",
        "the delete of the cluster",
      );
      const result = await remove(fixture);
      expect(result.structured.error).toMatchObject({
        code: "conflict",
        outcome: "not_deleted",
        retry: "after_delay",
      });
      expect(actionsOf(result).map(({ tool }) => tool)).toEqual(["delete_project"]);
      expect((await going).structured.outcome).toBe("deleted");
    }));

  it("shows in a dry run what it would send, and deletes nothing", () =>
    patient(async (fixture) => {
      const { structured } = await remove(fixture, { dryRun: true });
      expect(structured).toMatchObject({
        status: "ok",
        outcome: "would_delete",
        request: { method: "DELETE", path: `/api/atlas/v2/groups/${fixture.groupId}` },
      });
      expect([await deletes(fixture), await left(fixture)]).toEqual([0, ["home"]]);
    }));

  it("asks once more where Atlas has accepted it and not acted", () =>
    patient(async (fixture) => {
      await fixture.sandbox.script("deleteGroup", "ignored_delete");
      expect((await remove(fixture)).structured.outcome).toBe("deleted");
      expect([await deletes(fixture), await left(fixture)]).toEqual([2, []]);
    }));

  it("never says deleted of what Atlas has accepted and still has when time is over", () =>
    hasty(async (fixture) => {
      await fixture.sandbox.script("deleteGroup", "ignored_delete", 9);
      const result = await remove(fixture);
      expect(result.structured.error).toMatchObject({
        code: "outcome_unknown",
        outcome: "unknown",
        retry: "after_delay",
      });
      expect(actionsOf(result).map(({ tool }) => tool)).toEqual(["get_project", "delete_project"]);
      expect(await left(fixture)).toEqual(["home"]);
    }));
});
