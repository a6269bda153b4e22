import { describe, expect, it } from "vitest";
import { actionsOf } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const live = sharedFixture({ kind: "v2 modern", step: 20 });
const asking = sharedFixture({
  kind: "v1 over http",
  env: { ATLAS_MCP_CONFIRM: "token", ATLAS_MCP_ALLOW_DELETE: "true" },
});

const team = { key: "team", value: "shop" };
const until = "2100-01-01T00:00:00Z";

const make = ({ sandbox, groupId }: Fixture, more: object = {}) =>
  sandbox.make(`/groups/${groupId}/flexClusters`, { name: "db", providerSettings: aws, ...more });

const update = ({ driver, groupId }: Fixture, more: object) =>
  driver.call("update_flex_cluster", { groupId, name: "db", ...more });

const clusterIn = async ({ sandbox }: Fixture) => (await sandbox.state()).clusters[0];

/** The requests that changed something, or tried. */
const patches = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).requests.filter(({ method }) => method === "PATCH").length;

describe("update_flex_cluster", () => {
  it("changes what is asked, and says what it was before", () =>
    live(async (fixture) => {
      await make(fixture);
      const { structured } = await update(fixture, {
        tags: [team],
        terminationProtectionEnabled: true,
      });
      expect(structured).toMatchObject({
        status: "ok",
        outcome: "updated",
        differences: [
          { field: "tags", yours: [team], existing: [] },
          { field: "terminationProtectionEnabled", yours: true, existing: false },
        ],
        cluster: { name: "db", tags: [team], terminationProtectionEnabled: true },
        receipt: { resource: 'flex cluster "db"' },
      });
      expect(await clusterIn(fixture)).toMatchObject({
        tags: [team],
        terminationProtectionEnabled: true,
      });
      expect(await patches(fixture)).toBe(1);
    }));

  it("says unchanged where nothing differs, and sends nothing", () =>
    live(async (fixture) => {
      await make(fixture, { tags: [team] });
      const { structured } = await update(fixture, { tags: [team] });
      expect(structured).toMatchObject({ status: "ok", outcome: "unchanged" });
      expect(structured).not.toHaveProperty("differences");
      expect(await patches(fixture)).toBe(0);
    }));

  it("shows the request of a dry run, with all tags that it would leave", () =>
    live(async (fixture) => {
      await make(fixture, { tags: [team] });
      const { structured } = await update(fixture, { sweepAfter: until, dryRun: true });
      expect(structured).toMatchObject({
        outcome: "would_update",
        request: {
          method: "PATCH",
          path: expect.stringContaining("/flexClusters/db"),
          body: { tags: [team, { key: "atlas-provision-mcp.delete-after" }] },
        },
      });
      expect(Object.keys(structured.request.body)).toEqual(["tags"]);
      expect(await patches(fixture)).toBe(0);
    }));

  it("gives a cluster a lease, keeps it beside new tags, extends it and takes it away", () =>
    live(async (fixture) => {
      await make(fixture, { tags: [team] });
      const leased = (await update(fixture, { sweepAfter: until })).structured;
      expect(leased.cluster).toMatchObject({ sweepAfter: until, tags: [team] });
      const other = { key: "team", value: "orders" };
      const tagged = (await update(fixture, { tags: [other] })).structured;
      expect(tagged.cluster).toMatchObject({ sweepAfter: until, tags: [other] });
      const later = "2100-01-02T00:00:00Z";
      const extended = (await update(fixture, { sweepAfter: "2100-01-02T01:00:00+01:00" }))
        .structured;
      expect(extended).toMatchObject({
        cluster: { sweepAfter: later },
        differences: [{ field: "sweepAfter", yours: later, existing: until }],
      });
      const freed = (await update(fixture, { sweepAfter: "never" })).structured;
      expect(freed.cluster).not.toHaveProperty("sweepAfter");
      expect((await clusterIn(fixture))?.tags).toEqual([other]);
    }));

  it("keeps a tag with its key that is the lease of another cluster, until it is given one", () =>
    live(async (fixture) => {
      const copied = {
        key: "atlas-provision-mcp.delete-after",
        value: "20991231T000000Z.00000000",
      };
      await make(fixture, { tags: [team, copied] });
      const { cluster } = (await update(fixture, { tags: [] })).structured;
      expect(cluster.tags).toEqual([copied]);
      expect(cluster).not.toHaveProperty("sweepAfter");
      await update(fixture, { sweepAfter: until });
      expect((await clusterIn(fixture))?.tags).toHaveLength(1);
      expect((await update(fixture, { sweepAfter: until })).structured.outcome).toBe("unchanged");
    }));

  it.each([
    [
      "the key that is kept for leases",
      { tags: [{ key: "atlas-provision-mcp.delete-after", value: "x" }] },
      "tags[0].key",
    ],
    ["a date in the past", { sweepAfter: "2020-01-01T00:00:00Z" }, "sweepAfter"],
    ["a date without a time zone", { sweepAfter: "2100-01-01T00:00:00" }, "sweepAfter"],
    ["nothing to change", {}, ""],
    ["the region", { providerSettings: aws }, "providerSettings"],
  ])("refuses %s, and sends nothing", (_what, more, path) =>
    live(async (fixture) => {
      await make(fixture);
      const { structured } = await update(fixture, more);
      expect(structured.error).toMatchObject({ code: "invalid_input", outcome: "not_updated" });
      expect(structured.error.fields.map((field: { path: string }) => field.path)).toContain(path);
      expect(await patches(fixture)).toBe(0);
    }),
  );

  it("takes 49 tags beside a lease, and refuses a 50th", () =>
    live(async (fixture) => {
      await make(fixture);
      const tags = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: "v" }));
      await update(fixture, { sweepAfter: until, tags: tags.slice(1) });
      expect((await clusterIn(fixture))?.tags).toHaveLength(50);
      const { structured } = await update(fixture, { tags });
      expect(structured.error).toMatchObject({
        code: "invalid_input",
        fields: [{ path: "tags", problem: expect.stringContaining("49") }],
      });
    }));

  it("names the clusters that exist where none has the name", () =>
    live(async (fixture) => {
      await make(fixture);
      const { driver, groupId } = fixture;
      const result = await driver.call("update_flex_cluster", { groupId, name: "dc", tags: [] });
      expect(result.structured.error).toMatchObject({ code: "not_found", outcome: "not_updated" });
      expect(result.structured.error.message).toContain("It has: db.");
    }));

  it("offers the update where a create finds one that differs only in what can be changed", () =>
    live(async (fixture) => {
      const { driver, groupId } = fixture;
      await make(fixture);
      const create = { groupId, name: "db", providerSettings: aws };
      const asked = { ...create, tags: [team], sweepAfter: until };
      const conflict = await driver.call("create_flex_cluster", asked);
      expect(conflict.structured.error).toMatchObject({ code: "name_conflict", identical: false });
      const offered = actionsOf(conflict).find(({ tool }) => tool === "update_flex_cluster");
      expect(offered?.arguments).toEqual({ groupId, name: "db", tags: [team], sweepAfter: until });
      expect((await update(fixture, offered?.arguments ?? {})).structured.outcome).toBe("updated");
      const again = await driver.call("create_flex_cluster", { ...asked, ifExists: "return" });
      expect(again.structured).toMatchObject({
        outcome: "existing",
        cluster: { sweepAfter: until },
      });
    }));

  it("offers no update where the region differs too", () =>
    live(async (fixture) => {
      const { driver, groupId } = fixture;
      await make(fixture);
      const conflict = await driver.call("create_flex_cluster", {
        groupId,
        name: "db",
        providerSettings: { ...aws, regionName: "EU_WEST_1" },
        tags: [team],
      });
      expect(actionsOf(conflict).map(({ tool }) => tool)).not.toContain("update_flex_cluster");
    }));
});

describe("an update whose answer is lost", () => {
  it.each(["commit_then_reset", "commit_then_500", "commit_then_truncate", "commit_then_hang"])(
    "is found where Atlas did it (%s)",
    (fault) =>
      live(async (fixture) => {
        await make(fixture);
        await fixture.sandbox.script("updateGroupFlexCluster", fault);
        const { structured } = await update(fixture, { tags: [team] });
        expect(structured).toMatchObject({ outcome: "updated", reconciled: true });
        expect(await patches(fixture)).toBe(1);
      }),
  );

  it("is sent once more where Atlas did not do it", () =>
    live(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("updateGroupFlexCluster", "reset");
      const { structured } = await update(fixture, { tags: [team] });
      expect(structured.outcome).toBe("updated");
      expect((await clusterIn(fixture))?.tags).toEqual([team]);
    }));

  it("is unknown where it is lost again", () =>
    live(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("updateGroupFlexCluster", "reset", 5);
      const { structured } = await update(fixture, { tags: [team] });
      expect(structured.error).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
      expect(structured.error.nextActions).toContainEqual(
        expect.objectContaining({ tool: "update_flex_cluster" }),
      );
    }));

  it("changed nothing where Atlas refuses it", () =>
    live(async (fixture) => {
      await make(fixture);
      await fixture.sandbox.script("updateGroupFlexCluster", "error:403:ACCESS_FORBIDDEN");
      const { structured } = await update(fixture, { tags: [team] });
      expect(structured.error).toMatchObject({ code: "forbidden", outcome: "not_updated" });
      expect(await patches(fixture)).toBe(1);
    }));
});

describe("switching termination protection off on live Atlas", () => {
  const off = { terminationProtectionEnabled: false };

  it("is asked, and says what it means", () =>
    asking(async (fixture) => {
      await make(fixture, { terminationProtectionEnabled: true });
      const first = (await update(fixture, off)).structured;
      expect(first.status).toBe("needs_confirmation");
      expect(first.message).toMatch(
        /^Change flex cluster "db" .*switches termination protection off/,
      );
      expect(await patches(fixture)).toBe(0);
      const { confirmation } = first;
      expect((await update(fixture, { ...off, confirmation })).structured).toMatchObject({
        outcome: "updated",
        receipt: { approver: "agent" },
      });
    }));

  it("is not asked where it is off already, or switched on", () =>
    asking(async (fixture) => {
      await make(fixture);
      expect((await update(fixture, off)).structured.outcome).toBe("unchanged");
      const on = { terminationProtectionEnabled: true, tags: [team] };
      expect((await update(fixture, on)).structured.outcome).toBe("updated");
    }));
});
