import { describe, expect, it, onTestFinished } from "vitest";
import { provision } from "../faults/provision.ts";
import { atlasWith, type FakeProject, idOf } from "../operations/many-projects.ts";
import { createFakeClock } from "../support/fake-clock.ts";

/** What the tool answers before an Atlas with these projects; each list of clusters takes so many milliseconds. */
const list = async (projects: FakeProject[], { listMs = 0, deadlineMs = 45_000 } = {}) => {
  const clock = createFakeClock({ limitsFrom: 5000 });
  const atlas = await atlasWith(projects, { onList: () => clock.pass(listMs) });
  const server = provision({
    baseUrl: atlas.url,
    account: { clientId: "mdb_sa_id_1", clientSecret: "mdb_sa_sk_1" },
    clock,
    deadlineMs,
  });
  onTestFinished(() => server.close());
  return server.call("list_flex_clusters", {});
};

const shut = { status: 403, errorCode: "ACCESS_FORBIDDEN" };

describe("list_flex_clusters", () => {
  it("names free and dedicated clusters apart, and says that they are not in the estimate", async () => {
    const answer = await list([
      { name: "a", clusterCount: 3, flex: ["f"], others: ["m10", "free"] },
      { name: "b", clusterCount: 1, flex: ["f"] },
    ]);
    expect(answer).toMatchObject({ totalCount: 2, estimatedMonthlyUsd: { from: 16, to: 60 } });
    expect(answer.otherClusters).toEqual([
      { groupId: idOf(0), projectName: "a", name: "free" },
      { groupId: idOf(0), projectName: "a", name: "m10" },
    ]);
    expect(answer.note).toBe("The estimate is for flex clusters only.");
  });

  it("names 50 of them, and counts the rest", async () => {
    const others = Array.from({ length: 53 }, (_, at) => `m-${at}`);
    const answer = await list([{ name: "a", others }]);
    expect(answer.otherClusters).toHaveLength(50);
    expect(answer.note).toContain("3 other clusters are not shown.");
  });

  it("does without them where they may not be read, and does not call that none", async () => {
    const answer = await list([{ name: "a", clusterCount: 2, flex: ["f"], others: shut }]);
    expect(answer).toMatchObject({
      totalCount: 1,
      note: "Other clusters of 1 project could not be read.",
    });
    expect(answer).not.toHaveProperty("otherClusters");
    expect(answer).not.toHaveProperty("notReadable");
  });

  it("names five of the projects that could not be read, and counts the rest", async () => {
    const answer = await list([
      ...Array.from({ length: 7 }, (_, at) => ({ name: `p-${at}`, flex: shut })),
      { name: "z", flex: ["f"] },
    ]);
    expect(answer.notReadable).toBe(7);
    expect(answer.note).toMatch(
      /^At least: 7 projects could not be read: (\w{24} \(forbidden\), ){5}and 2 more\.$/,
    );
  });

  it("fails where no project could be read", async () => {
    const answer = await list([{ name: "a", flex: shut }]);
    expect(answer.error).toMatchObject({ code: "forbidden", outcome: "no_change" });
  });

  it("says how many projects were left when its time was over", async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ name: `p-${at}`, flex: ["f"] }));
    const answer = await list(many, { listMs: 100, deadlineMs: 6000 });
    expect(answer.totalCount).toBeGreaterThan(0);
    expect(answer.totalCount + answer.notReadable).toBe(60);
    expect(answer.notReadable).toBeGreaterThan(0);
    expect(answer.note).toContain("(unavailable)");
  });
});
