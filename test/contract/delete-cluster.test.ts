import { describe, expect, it } from "vitest";
import { connect, type ToolResult } from "../support/clients.ts";
import { actionsOf, rpcCodeOf } from "../support/contract.ts";
import { aws, startSandbox } from "../support/live-sandbox.ts";
import { until } from "../support/until.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const allowed = { ATLAS_MCP_ALLOW_DELETE: "true" };
const patient = sharedFixture({ kind: "v2 modern", env: allowed, step: 20 });
/** Time for a few looks at a cluster that is not going. */
const hasty = sharedFixture({
  kind: "v1 over http",
  env: { ...allowed, ATLAS_MCP_DEADLINE_MS: "4000", ATLAS_MCP_REQUEST_TIMEOUT_MS: "300" },
  step: 20,
});
const asking = sharedFixture({
  kind: "v2 legacy",
  env: { ...allowed, ATLAS_MCP_CONFIRM: "token" },
});
const slow = sharedFixture({
  kind: "v2 modern",
  env: { ...allowed, ATLAS_MCP_CONFIRM: "token" },
  atlas: { provisionMs: 3000 },
  step: 5,
});

const make = ({ sandbox, groupId }: Fixture, more: object = {}) =>
  sandbox.make(`/groups/${groupId}/flexClusters`, { name: "db", providerSettings: aws, ...more });

const remove = ({ driver, groupId }: Fixture, more: object = {}): Promise<ToolResult> =>
  driver.call("delete_flex_cluster", { groupId, name: "db", ...more });

const left = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).clusters.map(({ name, stateName }) => `${name} ${stateName}`);

const deletes = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).requests.filter(({ operation }) => operation === "deleteGroupFlexCluster")
    .length;

describe("delete_flex_cluster", () => {
  it("says deleted when the cluster is gone", () =>
    patient(async (fixture) => {
      await make(fixture);
      const { structured } = await remove(fixture);
      expect(structured).toMatchObject({
        status: "ok",
        outcome: "deleted",
        receipt: { resource: 'flex cluster "db"', approver: "operator" },
      });
      expect(await left(fixture)).toEqual([]);
    }));

  it("says absent of one that is not there, and sends nothing", () =>
    patient(async (fixture) => {
      expect((await remove(fixture)).structured).toMatchObject({ status: "ok", outcome: "absent" });
      expect(await deletes(fixture)).toBe(0);
    }));

  it("says absent, and which one was probably meant, where only the case differs", () =>
    patient(async (fixture) => {
      await make(fixture, { name: "Orders" });
      const { structured } = await remove(fixture, { name: "orders" });
      expect(structured).toMatchObject({
        outcome: "absent",
        note: 'No cluster has exactly this name, but the project has "Orders".',
        nextActions: [{ tool: "get_flex_cluster", arguments: { name: "Orders" } }],
      });
      expect(await left(fixture)).toEqual([expect.stringMatching(/^Orders /)]);
    }));

  it("says that the project is not found where that is what is not there", () =>
    patient(async ({ driver }) => {
      const args = { groupId: "a".repeat(24), name: "db" };
      const { structured } = await driver.call("delete_flex_cluster", args);
      expect(structured.error).toMatchObject({ code: "not_found", outcome: "not_deleted" });
    }));

  it("does not lift termination protection", () =>
    patient(async (fixture) => {
      await make(fixture, { terminationProtectionEnabled: true });
      const { structured } = await remove(fixture);
      expect(structured.error).toMatchObject({ code: "conflict", outcome: "not_deleted" });
      expect(structured.error.message).toContain("Termination protection is on");
      expect([await deletes(fixture), await left(fixture)]).toEqual([0, ["db IDLE"]]);
    }));

  it("shows in a dry run what it would send, and deletes nothing", () =>
    patient(async (fixture) => {
      await make(fixture);
      const { structured } = await remove(fixture, { dryRun: true });
      expect(structured).toMatchObject({
        status: "ok",
        outcome: "would_delete",
        request: {
          method: "DELETE",
          path: `/api/atlas/v2/groups/${fixture.groupId}/flexClusters/db`,
        },
      });
      expect([await deletes(fixture), await left(fixture)]).toEqual([0, ["db IDLE"]]);
    }));

  it("says absent in a dry run as well", () =>
    patient(async (fixture) => {
      const { structured } = await remove(fixture, { dryRun: true });
      expect(structured).toMatchObject({ status: "ok", outcome: "absent" });
    }));

  it("asks once more where Atlas has accepted it and not acted", () =>
    patient(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("deleteGroupFlexCluster", "ignored_delete");
      expect((await remove(fixture)).structured.outcome).toBe("deleted");
      expect([await deletes(fixture), await left(fixture)]).toEqual([2, []]);
    }));

  it("never says deleted of what Atlas has accepted and still has when time is over", () =>
    hasty(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("deleteGroupFlexCluster", "ignored_delete", 9);
      const result = await remove(fixture);
      expect(result.structured.error).toMatchObject({
        code: "outcome_unknown",
        outcome: "unknown",
        retry: "after_delay",
        existing: { name: "db", stateName: "IDLE" },
      });
      expect(actionsOf(result).map(({ tool }) => tool)).toEqual([
        "get_flex_cluster",
        "delete_flex_cluster",
      ]);
      expect(await left(fixture)).toEqual(["db IDLE"]);
    }));

  it("is asked about with what is lost, and goes through with the confirmation", () =>
    asking(async (fixture) => {
      await make(fixture);
      const first = (await remove(fixture)).structured;
      expect(first.status).toBe("needs_confirmation");
      expect(first.message).toContain("cannot be undone");
      expect(await deletes(fixture)).toBe(0);
      const { structured } = await remove(fixture, { confirmation: first.confirmation });
      expect(structured).toMatchObject({ outcome: "deleted", receipt: { approver: "agent" } });
    }));

  it("needs a new yes for another cluster that has taken the name", () =>
    asking(async (fixture) => {
      await make(fixture);
      const { confirmation } = (await remove(fixture)).structured;
      await remove(fixture, { confirmation });
      const { id } = await make(fixture);
      expect((await remove(fixture, { confirmation })).structured.status).toBe(
        "needs_confirmation",
      );
      expect((await fixture.sandbox.state()).clusters.map((one) => one.id)).toEqual([id]);
    }));
});

describe("a cluster that is DELETING", () => {
  it("is waited for without a question and without another delete", () =>
    slow(async (fixture) => {
      await make(fixture);
      const { confirmation } = (await remove(fixture)).structured;
      // Somebody's time-out: the delete has left, and its caller has not waited.
      const caller = new AbortController();
      const args = { groupId: fixture.groupId, name: "db", confirmation };
      const call = fixture.driver.call("delete_flex_cluster", args, { signal: caller.signal });
      await until(async () => (await left(fixture)).includes("db DELETING"), "the delete");
      caller.abort();
      await call.catch(() => {});
      expect((await remove(fixture)).structured).toMatchObject({
        status: "ok",
        outcome: "deleted",
      });
      expect([await deletes(fixture), await left(fixture)]).toEqual([1, []]);
    }));
});

describe("deletes on Atlas that the operator has not allowed", () => {
  it("are not offered, and get_account says why", async () => {
    const sandbox = await startSandbox();
    const driver = await connect("v2 legacy", { env: sandbox.env });
    try {
      const { switchedOff } = (await driver.call("get_account")).structured;
      expect(switchedOff.map(({ tool }: { tool: string }) => tool)).toEqual([
        "create_ephemeral_cluster",
        "get_ephemeral_cluster",
        "delete_flex_cluster",
        "delete_project",
      ]);
      expect(switchedOff[2].reason).toContain("ATLAS_MCP_ALLOW_DELETE");
      const args = { groupId: "a".repeat(24), name: "db" };
      expect(await rpcCodeOf(driver.call("delete_flex_cluster", args))).toBe(-32602);
    } finally {
      await driver.close();
      await sandbox.close();
    }
  });
});
