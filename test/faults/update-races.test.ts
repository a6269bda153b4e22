/** Two servers that change one resource at the same moment: the tags of one and the lease of the other both stay. */
import { afterAll, describe, expect, it } from "vitest";
import { type Harness, openHarness } from "./harness.ts";

const opened: Harness[] = [];
afterAll(() => Promise.all(opened.map((harness) => harness.close())));

const until = "2100-01-01T00:00:00Z";
const tags = [{ key: "team", value: "shop" }];

describe.each(["cluster", "project"] as const)("two servers that change one %s", (kind) => {
  it("within 300 ms of each other both get what they asked for", async () => {
    const harness = await openHarness(20);
    opened.push(harness);
    const [one, other] = [harness.process(), harness.process()];
    for (let round = 0; round < 24; round += 1) {
      const groupId = await harness.makeProject(`p${round}`);
      await harness.makeCluster(groupId, "db", { tags: [{ key: "a", value: "b" }] });
      const [tool, about] =
        kind === "cluster"
          ? ["update_flex_cluster", { groupId, name: "db" }]
          : ["update_project", { groupId }];
      const pause = harness.clock.sleep(12.5 * round);
      const both = [
        { ...about, tags },
        { ...about, sweepAfter: until },
      ];
      const [first = {}, second = {}] = round % 2 === 0 ? both : both.reverse();
      const answers = await Promise.all([
        one.call(tool, first),
        pause.then(() => other.call(tool, second)),
      ]);
      expect(answers).toMatchObject([{ outcome: "updated" }, { outcome: "updated" }]);
      const after = await one.call("get_project", { groupId });
      const resource = kind === "cluster" ? after.clusters[0] : after.project;
      expect(resource).toMatchObject({ tags, sweepAfter: until });
      await harness.reset();
    }
  }, 60_000);

  it("to different tags leave one of both, and tell which one it is not", async () => {
    const harness = await openHarness(20);
    opened.push(harness);
    const [one, other] = [harness.process(), harness.process()];
    const groupId = await harness.makeProject("p");
    await harness.makeCluster(groupId, "db");
    const [tool, about] =
      kind === "cluster"
        ? ["update_flex_cluster", { groupId, name: "db" }]
        : ["update_project", { groupId }];
    const asked = ["one", "other"].map((value) => [{ key: "team", value }]);
    const answers = await Promise.all([
      one.call(tool, { ...about, tags: asked[0] }),
      harness.clock.sleep(300).then(() => other.call(tool, { ...about, tags: asked[1] })),
    ]);
    const after = await one.call("get_project", { groupId });
    const there = (kind === "cluster" ? after.clusters[0] : after.project).tags;
    const stays = asked.findIndex((list) => JSON.stringify(list) === JSON.stringify(there));
    expect(answers[stays]).toMatchObject({ outcome: "updated" });
    expect(answers[1 - stays]).toMatchObject({
      error: { code: "conflict", outcome: "unknown", differences: [{ field: "tags" }] },
    });
  });

  it("with equal calls in one server share their requests", async () => {
    const harness = await openHarness(20);
    opened.push(harness);
    const one = harness.process();
    const groupId = await harness.makeProject("p");
    await harness.makeCluster(groupId, "db");
    const [tool, about] =
      kind === "cluster"
        ? ["update_flex_cluster", { groupId, name: "db", tags }]
        : ["update_project", { groupId, tags }];
    const answers = await Promise.all([1, 2, 3].map(() => one.call(tool, about)));
    expect(answers.map(({ outcome }) => outcome)).toEqual(["updated", "updated", "updated"]);
    const { requests } = await harness.state();
    expect(requests.filter(({ method }) => method === "PATCH")).toHaveLength(1);
  });
});
