import { describe, expect, it } from "vitest";
import { readAllFlexClusters } from "../../src/operations/all-flex-clusters.ts";
import { readOtherClusters } from "../../src/operations/other-clusters.ts";
import { atlasWith, type FakeProject, idOf } from "./many-projects.ts";

const find = async (projects: FakeProject[]) => {
  const { work, asked } = await atlasWith(projects);
  const { clusters, unread } = await readOtherClusters(work, await readAllFlexClusters(work));
  return {
    unread,
    named: clusters.map(({ project, name }) => `${project.name}/${name}`),
    asked: asked().flatMap((path) => /groups\/(\w+)\/clusters$/.exec(path)?.[1] ?? []),
  };
};

describe("free and dedicated clusters", () => {
  it("are named, in the order of names", async () => {
    const { named, unread } = await find([
      { name: "b", clusterCount: 3, flex: ["f"], others: ["m10", "free"] },
      { name: "a", others: ["m30"] },
    ]);
    expect([named, unread]).toEqual([["a/m30", "b/free", "b/m10"], 0]);
  });

  it("are asked for only where a project has more clusters than flex clusters, or does not say", async () => {
    const { asked } = await find([
      { name: "none", clusterCount: 0 },
      { name: "flex alone", clusterCount: 1, flex: ["f"] },
      { name: "more", clusterCount: 2, flex: ["f"] },
      { name: "silent", flex: ["f"] },
    ]);
    expect(asked.toSorted()).toEqual([idOf(2), idOf(3)]);
  });

  it("have no flex cluster among them, should Atlas list one", async () => {
    expect((await find([{ name: "a", flex: ["f"], others: ["f", "m10"] }])).named).toEqual([
      "a/m10",
    ]);
  });

  it.each([
    ["is forbidden", { status: 403, errorCode: "ACCESS_FORBIDDEN" }, 1],
    ["fails", { status: 500, errorCode: "UNEXPECTED_ERROR" }, 1],
    ["finds no project", { status: 404, errorCode: "GROUP_NOT_FOUND" }, 0],
  ])("are left out where the list %s", async (_what, others, unread) => {
    const found = await find([
      { name: "a", others },
      { name: "b", others: ["m10"] },
    ]);
    expect(found).toMatchObject({ named: ["b/m10"], unread });
  });
});
