import { describe, expect, it } from "vitest";
import { leaseTag } from "../../src/atlas/resources/lease.ts";
import { actionsOf } from "../support/contract.ts";
import { aws } from "../support/live-sandbox.ts";
import { type Fixture, sharedFixture } from "./fixture.ts";

const live = sharedFixture({ kind: "v2 modern", step: 20 });

const until = "2100-01-01T00:00:00Z";
const earlier = "2099-12-31T00:00:00Z";
const later = "2100-01-02T00:00:00Z";

const project = ({ driver, sandbox }: Fixture, more: object = {}) =>
  driver.call("create_project", { name: "shop", orgId: sandbox.orgId, ...more });

const cluster = ({ driver }: Fixture, groupId: string, more: object = {}) =>
  driver.call("create_flex_cluster", { groupId, name: "db", providerSettings: aws, ...more });

/** A project with a lease, by its id. */
const leased = async (fixture: Fixture): Promise<string> =>
  (await project(fixture, { sweepAfter: until })).structured.project.id;

describe("a project with a lease", () => {
  it("keeps it in Atlas as one tag, and shows the date alone", () =>
    live(async (fixture) => {
      const { orgId } = fixture.sandbox;
      const tags = [{ key: "team", value: "shop" }];
      const { structured } = await project(fixture, {
        sweepAfter: "2100-01-01T02:30:00.9+02:30",
        tags,
      });
      expect(structured).toMatchObject({
        outcome: "created",
        project: { sweepAfter: until, tags },
      });
      const tag = leaseTag({ kind: "project", parentId: orgId, name: "shop" }, until);
      const [, there] = (await fixture.sandbox.state()).projects;
      expect(there?.tags).toEqual([...tags, tag]);
      expect(tag.value).toMatch(/^21000101T000000Z\.[0-9a-f]{8}$/);
    }));

  it("passes it on to a cluster that is given none", () =>
    live(async (fixture) => {
      const groupId = await leased(fixture);
      expect((await cluster(fixture, groupId)).structured.cluster).toMatchObject({
        sweepAfter: until,
      });
    }));

  it.each([
    ["an own one", earlier, earlier],
    ["none, if that is asked", "never", undefined],
    ["none, if that is asked in capitals", "NEVER", undefined],
  ])("leaves a cluster %s", (_what, sweepAfter, expected) =>
    live(async (fixture) => {
      const groupId = await leased(fixture);
      const { structured } = await cluster(fixture, groupId, { sweepAfter });
      expect(structured.cluster.sweepAfter).toBe(expected);
    }),
  );

  it("that is over says so, and so does its list", () =>
    live(async (fixture) => {
      const { driver, sandbox } = fixture;
      const past = "2020-01-01T00:00:00Z";
      const tag = leaseTag({ kind: "project", parentId: sandbox.orgId, name: "old" }, past);
      const { id } = await sandbox.make("/groups", {
        name: "old",
        orgId: sandbox.orgId,
        tags: [tag],
      });
      const shown = { name: "old", sweepAfter: past, expired: true, tags: [] };
      const one = await driver.call("get_project", { groupId: id });
      expect(one.structured.project).toMatchObject(shown);
      const { projects } = (await driver.call("list_projects")).structured;
      expect(projects).toContainEqual(expect.objectContaining(shown));
      expect(
        (await leased(fixture)) && (await driver.call("list_projects")).structured.projects,
      ).toContainEqual(expect.not.objectContaining({ expired: true }));
      const taken = (await project(fixture, { name: "old" })).structured;
      expect(taken.error.existing).toMatchObject(shown);
    }));

  it("keeps its lease when it is renamed, and the tag is of the new name", () =>
    live(async (fixture) => {
      const groupId = await leased(fixture);
      const { driver, sandbox } = fixture;
      const { structured } = await driver.call("update_project", { groupId, name: "store" });
      expect(structured).toMatchObject({
        outcome: "updated",
        project: { name: "store", sweepAfter: until },
        differences: [{ field: "name", yours: "store", existing: "shop" }],
      });
      const tag = leaseTag({ kind: "project", parentId: sandbox.orgId, name: "store" }, until);
      expect((await sandbox.state()).projects[1]?.tags).toEqual([tag]);
    }));
});

describe("a tag that was copied", () => {
  const past = "2020-01-01T00:00:00Z";
  const copiedFrom = (orgId: string, name: string) =>
    leaseTag({ kind: "project", parentId: orgId, name }, past);

  it("becomes no lease when its project gets the name that it was written for", () =>
    live(async ({ driver, sandbox }) => {
      const { orgId } = sandbox;
      const tags = [copiedFrom(orgId, "ci"), { key: "team", value: "shop" }];
      const { id: groupId } = await sandbox.make("/groups", { name: "ci-copy", orgId, tags });
      const { structured } = await driver.call("update_project", { groupId, name: "ci" });
      expect(structured).toMatchObject({ outcome: "updated", project: { name: "ci" } });
      expect(structured.project).not.toHaveProperty("sweepAfter");
      expect((await sandbox.state()).projects[1]?.tags).toEqual([{ key: "team", value: "shop" }]);
    }));

  it("goes where no lease is asked for", () =>
    live(async ({ driver, sandbox }) => {
      const { orgId } = sandbox;
      const copied = copiedFrom(orgId, "ci");
      const { id: groupId } = await sandbox.make("/groups", { name: "x", orgId, tags: [copied] });
      const { structured } = await driver.call("update_project", { groupId, sweepAfter: "never" });
      expect(structured).toMatchObject({
        outcome: "updated",
        differences: [{ field: "sweepAfter", yours: "never", existing: copied.value }],
      });
      expect((await sandbox.state()).projects[1]?.tags).toEqual([]);
    }));
});

describe("a project whose lease is over", () => {
  it("gives it to no new cluster", () =>
    live(async (fixture) => {
      const { sandbox } = fixture;
      const past = "2020-01-01T00:00:00Z";
      const tag = leaseTag({ kind: "project", parentId: sandbox.orgId, name: "old" }, past);
      const { id } = await sandbox.make("/groups", {
        name: "old",
        orgId: sandbox.orgId,
        tags: [tag],
      });
      const refused = (await cluster(fixture, id)).structured.error;
      expect(refused).toMatchObject({
        code: "invalid_input",
        outcome: "not_created",
        fields: [{ path: "sweepAfter" }],
      });
      const own = await cluster(fixture, id, { sweepAfter: until });
      expect(own.structured).toMatchObject({ outcome: "created", cluster: { sweepAfter: until } });
    }));
});

describe("a create beside a lease that exists", () => {
  it.each([
    ["the same date", until, []],
    ["an earlier date", earlier, []],
    ["a later date", later, ["sweepAfter"]],
    ["no end", "never", ["sweepAfter"]],
    ["nothing said", undefined, []],
  ])("with %s", (_what, sweepAfter, differing) =>
    live(async (fixture) => {
      await leased(fixture);
      const asked = { ...(sweepAfter && { sweepAfter }), ifExists: "return" };
      const { structured } = await project(fixture, asked);
      const differences = structured.error?.differences ?? [];
      expect(differences.map(({ field }: { field: string }) => field)).toEqual(differing);
      expect(structured.outcome ?? structured.error.code).toBe(
        differing.length === 0 ? "existing" : "name_conflict",
      );
    }),
  );

  it("that is missing offers to give it one", () =>
    live(async (fixture) => {
      await project(fixture);
      const result = await project(fixture, { sweepAfter: until });
      const [offered] = actionsOf(result).filter(({ tool }) => tool === "update_project");
      expect(offered?.arguments).toMatchObject({ sweepAfter: until });
      const { driver } = fixture;
      const given = await driver.call("update_project", offered?.arguments ?? {});
      expect(given.structured.project).toMatchObject({ name: "shop", sweepAfter: until });
    }));
});
