import { describe, expect, it } from "vitest";
import { readAllFlexClusters } from "../../src/operations/all-flex-clusters.ts";
import { failureOf, orgId } from "../support/atlas.ts";
import { atlasWith, type FakeProject, idOf } from "./many-projects.ts";

type Found = Awaited<ReturnType<typeof readAllFlexClusters>>;

const namesOf = ({ clusters }: Found) =>
  clusters.map(({ project, cluster }) => `${project.name}/${cluster.name}`);

const forbidden = { status: 401, errorCode: "USER_CANNOT_ACCESS_GROUP" };
const other = "f".repeat(24);

describe("all flex clusters", () => {
  it("are those of every project, in the order of names, with their whole projects", async () => {
    const { work } = await atlasWith([
      { name: "b", flex: ["z", "a"] },
      { name: "a", flex: ["c"], clusterCount: 1 },
      { name: "C", flex: [] },
    ]);
    const found = await readAllFlexClusters(work);
    expect(namesOf(found)).toEqual(["a/c", "b/a", "b/z"]);
    expect(found.projects.map(({ name }) => name)).toEqual(["C", "a", "b"]);
    expect(found.clusters[0]?.project).toEqual({ id: idOf(1), name: "a", orgId, clusterCount: 1 });
    expect(found.notReadable).toEqual([]);
  });

  it("are read several projects at a time, and not more than eight", async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ name: `p-${at}`, flex: ["c"] }));
    const { work, mostAtOnce } = await atlasWith(many, { late: 5 });
    expect(namesOf(await readAllFlexClusters(work))).toHaveLength(40);
    expect(mostAtOnce()).toBe(8);
  });

  it("take more than one page of projects", async () => {
    const many = Array.from({ length: 501 }, (_, at) => ({ name: `p-${at}`, clusterCount: 0 }));
    const { work, asked } = await atlasWith(many);
    const found = await readAllFlexClusters(work);
    expect([found.projects.length, found.clusters.length]).toEqual([501, 0]);
    expect(asked()).toHaveLength(503);
  });

  it("are asked of a project whose count is 0 too", async () => {
    const projects: FakeProject[] = [{ name: "a", clusterCount: 0, flex: ["late"] }, { name: "b" }];
    const { work } = await atlasWith(projects);
    expect(namesOf(await readAllFlexClusters(work))).toEqual(["a/late"]);
  });

  it.each([
    ["a refusal", forbidden, "forbidden", /not allowed|access/],
    ["another refusal", { status: 403, errorCode: "ACCESS_FORBIDDEN" }, "forbidden", /may not/],
    ["an error that lasts", { status: 500, errorCode: "UNEXPECTED_ERROR" }, "unavailable", /Atlas/],
  ] as const)("name a project with %s, and why", async (_what, flex, code, why) => {
    const { work } = await atlasWith([
      { name: "a", flex },
      { name: "b", flex: ["c"] },
    ]);
    const found = await readAllFlexClusters(work);
    expect(namesOf(found)).toEqual(["b/c"]);
    expect(found.projects.map(({ name }) => name)).toEqual(["b"]);
    expect(found.notReadable).toMatchObject([
      {
        project: { id: idOf(0), name: "a" },
        failed: { code, message: expect.stringMatching(why) },
      },
    ]);
  });

  it("leave out a project that was deleted meanwhile", async () => {
    const { work } = await atlasWith([
      { name: "a", flex: { status: 404, errorCode: "GROUP_NOT_FOUND" } },
      { name: "b", flex: ["c"] },
    ]);
    const found = await readAllFlexClusters(work);
    expect([namesOf(found), found.notReadable]).toEqual([["b/c"], []]);
    expect(found.projects.map(({ name }) => name)).toEqual(["b"]);
  });

  it.each([
    [forbidden, "forbidden"],
    [{ status: 401 }, "unauthenticated"],
    [{ status: 500, errorCode: "UNEXPECTED_ERROR" }, "unavailable"],
  ])("are told as not readable where no project can be read (%o)", async (flex, code) => {
    const { work } = await atlasWith([
      { name: "a", flex },
      { name: "b", flex },
    ]);
    const { projects, notReadable } = await readAllFlexClusters(work);
    expect([projects, notReadable.map(({ failed }) => failed.code)]).toEqual([[], [code, code]]);
  });

  it("say which projects were not asked before time was up", async () => {
    const { bench } = await atlasWith([
      { name: "a", flex: ["b"] },
      { name: "b", flex: ["c"] },
    ]);
    const { notReadable } = await readAllFlexClusters(bench.work({ deadlineMs: 1400 }));
    expect(notReadable).toHaveLength(2);
    for (const { failed } of notReadable) expect(failed.message).toContain("no time");
  });
});

describe("bounds on all flex clusters:", () => {
  const projects: FakeProject[] = [
    { name: "a", flex: ["one"] },
    { name: "b", flex: ["two"] },
    { name: "far", flex: ["three"], orgId: other },
  ];

  it("an organization as argument or in the scope", async () => {
    const { work, asked } = await atlasWith(projects);
    expect(namesOf(await readAllFlexClusters(work, { orgId }))).toEqual(["a/one", "b/two"]);
    const fixed = { ...work, scope: { orgId: other } };
    expect(namesOf(await readAllFlexClusters(fixed))).toEqual(["far/three"]);
    expect(asked()).not.toContain("/api/atlas/v2/groups");
  });

  it("an organization whose list does not name it", async () => {
    const { work } = await atlasWith([{ name: "a", flex: ["one"], orgId: "" }]);
    const found = readAllFlexClusters({ ...work, bounds: { organizations: [orgId] } });
    expect(namesOf(await found)).toEqual(["a/one"]);
  });

  it("a project as argument or in the scope", async () => {
    const { work, asked } = await atlasWith(projects);
    expect(namesOf(await readAllFlexClusters(work, { groupId: idOf(0) }))).toEqual(["a/one"]);
    const fixed = { ...work, scope: { groupId: idOf(1), orgId } };
    expect(namesOf(await readAllFlexClusters(fixed))).toEqual(["b/two"]);
    expect(asked()).toHaveLength(4);
  });

  it("a project that is in another organization than the call says", async () => {
    const { work } = await atlasWith(projects);
    expect(
      await failureOf(readAllFlexClusters(work, { groupId: idOf(0), orgId: other })),
    ).toMatchObject({ code: "invalid_input", fields: [{ path: "orgId" }] });
  });

  it("a project and another organization in the scope", async () => {
    const { work, asked } = await atlasWith(projects);
    const fixed = { ...work, scope: { groupId: idOf(1), orgId: other } };
    expect(await failureOf(readAllFlexClusters(fixed))).toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(/project is in another organization/),
    });
    expect(asked()).toHaveLength(1);
  });

  it("one organization, or several", async () => {
    const { work } = await atlasWith(projects);
    const within = (...organizations: string[]) =>
      readAllFlexClusters({ ...work, bounds: { organizations } }).then(namesOf);
    expect(await within(other)).toEqual(["far/three"]);
    expect(await within(other, "e".repeat(24))).toEqual(["far/three"]);
    expect(await within()).toEqual([]);
  });

  it("certain projects; one that refuses to be read is counted, one that is not there is not", async () => {
    const { work } = await atlasWith([...projects, { name: "shut", self: forbidden }]);
    const ids = [idOf(2), idOf(1), idOf(3), "c".repeat(24)];
    const found = await readAllFlexClusters({ ...work, bounds: { projects: ids } });
    expect(namesOf(found)).toEqual(["b/two", "far/three"]);
    expect(found.notReadable).toMatchObject([
      { project: { id: idOf(3) }, failed: { code: "forbidden" } },
    ]);
    const inOrg = await readAllFlexClusters({ ...work, bounds: { projects: ids } }, { orgId });
    expect(namesOf(inOrg)).toEqual(["b/two"]);
  });
});
