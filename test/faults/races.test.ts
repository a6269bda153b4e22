import { describe, expect, it, onTestFinished } from "vitest";
import { aws, type Harness, openHarness } from "./harness.ts";
import type { Answer } from "./provision.ts";

const open = async (): Promise<Harness> => {
  const harness = await openHarness();
  onTestFinished(() => harness.close());
  return harness;
};

const project = (harness: Harness, more: object = {}) => ({
  name: "shop",
  orgId: harness.sandbox.orgId,
  ...more,
});
const cluster = (groupId: string, more: object = {}) => ({
  groupId,
  name: "shop",
  providerSettings: aws,
  ...more,
});

const posts = /\/(groups|flexClusters)$/;

/** Posts take 5 s to arrive, so that all that look have looked before. */
const holdPosts = (harness: Harness) =>
  harness.proxy.script({ method: "POST", path: posts, fault: "held:5000", on: "always" });

const postsOf = async (harness: Harness, operation: string) =>
  (await harness.state()).requests.filter((one) => one.operation === operation).length;

const red = { tags: [{ key: "colour", value: "red" }] };
const blue = { tags: [{ key: "colour", value: "blue" }] };

const outcomeOf = (answer: Answer): string => answer.outcome ?? answer.error.outcome;

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const auditIdOf = (answer: Answer): unknown => answer.receipt?.auditId;

/** What equal calls have in common: each has a receipt of its own. */
const unreceipted = ({ receipt: _, ...rest }: Answer = {}) => rest;

describe("creates at once in one process", () => {
  it("share one flight: 16 identical ones of a project are one post and 16 equal answers", async () => {
    const harness = await open();
    holdPosts(harness);
    const { call } = harness.process();
    const answers = await Promise.all(times(16, () => call("create_project", project(harness))));
    const { projects } = await harness.state();
    expect(projects).toHaveLength(1);
    expect(new Set(answers.map(auditIdOf)).size).toBe(16);
    expect(answers[0]).toMatchObject({ status: "ok", outcome: "created" });
    expect(answers[0]?.project.id).toBe(projects[0]?.id);
    expect(answers.map(unreceipted)).toEqual(times(16, () => unreceipted(answers[0])));
    expect(await postsOf(harness, "createGroup")).toBe(1);
  });

  it("share one flight: 16 identical ones of a cluster are one post and 16 equal answers", async () => {
    const harness = await open();
    const groupId = await harness.makeProject("home");
    holdPosts(harness);
    const { call } = harness.process();
    const answers = await Promise.all(
      times(16, () => call("create_flex_cluster", cluster(groupId))),
    );
    const { clusters } = await harness.state();
    expect(clusters).toHaveLength(1);
    expect(answers[0]).toMatchObject({ status: "ok", outcome: "created" });
    expect(answers[0]?.cluster.id).toBe(clusters[0]?.id);
    expect(answers.map(unreceipted)).toEqual(times(16, () => unreceipted(answers[0])));
    expect(await postsOf(harness, "createGroupFlexCluster")).toBe(1);
  });

  it("share the fate of a lost answer too", async () => {
    const harness = await open();
    await harness.script("createGroup", "hang");
    const { call } = harness.process();
    const answers = await Promise.all(times(16, () => call("create_project", project(harness))));
    expect(answers[0]?.error).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
    expect(answers).toEqual(times(16, () => answers[0]));
    expect(await postsOf(harness, "createGroup")).toBe(1);
  });

  it("end in one project where half of them differ: one half made it, the other is told how it differs", async () => {
    const harness = await open();
    holdPosts(harness);
    const { call } = harness.process();
    const answers = await Promise.all(
      times(16, () => 0).map((_, n) =>
        call("create_project", project(harness, n % 2 === 0 ? red : blue)),
      ),
    );
    const { projects } = await harness.state();
    expect(projects).toHaveLength(1);
    const [is, isNot] = projects[0]?.tags[0].value === "red" ? [red, blue] : [blue, red];
    const made = answers.filter(({ status }) => status === "ok");
    const told = answers.filter(({ status }) => status === "error");
    expect(made).toHaveLength(8);
    expect(new Set(made.map((one) => `${one.outcome} ${one.project.id}`))).toEqual(
      new Set([`created ${projects[0]?.id}`]),
    );
    for (const { error } of told)
      expect(error).toMatchObject({
        code: "name_conflict",
        outcome: "exists",
        identical: false,
        existing: { id: projects[0]?.id },
        differences: [{ field: "tags", yours: isNot.tags, existing: is.tags }],
      });
    expect(await postsOf(harness, "createGroup")).toBe(1);
  });

  it("are each answered within their own deadline, whatever flight they wait for", async () => {
    const harness = await open();
    const groupId = await harness.makeProject("home");
    // The first to look is held up for 8 s; the other posts meanwhile and hears nothing for all of its time.
    harness.proxy.script({ method: "GET", path: /\/shop$/, fault: "held:8000", on: 1 });
    await harness.script("createGroupFlexCluster", "hang", 9);
    const { call } = harness.process();
    const startedAt = harness.clock.now();
    const slow = call("create_flex_cluster", cluster(groupId, red)).then(
      () => harness.clock.now() - startedAt,
    );
    await harness.clock.sleep(6000);
    const other = call("create_flex_cluster", cluster(groupId, blue));
    expect(await slow).toBeLessThan(47_000);
    await other;
  });
});

describe("two processes that race for one name", () => {
  const race = async (harness: Harness, kind: "project" | "cluster", more: object) => {
    const groupId = kind === "cluster" ? await harness.makeProject("home") : "";
    holdPosts(harness);
    const args = kind === "cluster" ? cluster(groupId, more) : project(harness, more);
    const tool = kind === "cluster" ? "create_flex_cluster" : "create_project";
    return Promise.all([harness.process(), harness.process()].map(({ call }) => call(tool, args)));
  };

  it.each(["project", "cluster"] as const)("end with one %s and two true answers", async (kind) => {
    const harness = await open();
    const answers = await race(harness, kind, red);
    const { projects, clusters } = await harness.state();
    const [only, ...others] = kind === "cluster" ? clusters : projects;
    expect(others).toEqual([]);
    expect(answers.map(outcomeOf).sort()).toEqual(["created", "exists"]);
    const [made, told] = [...answers].sort((a) => (a.status === "ok" ? -1 : 1));
    expect(made?.[kind].id).toBe(only?.id);
    expect(told?.error).toMatchObject({
      code: "name_conflict",
      identical: true,
      differences: [],
      existing: { id: only?.id },
    });
  });

  it.each(["project", "cluster"] as const)(
    "both have the one %s where an existing one may be returned",
    async (kind) => {
      const harness = await open();
      const answers = await race(harness, kind, { ifExists: "return" });
      const { projects, clusters } = await harness.state();
      const ids = (kind === "cluster" ? clusters : projects).map(({ id }) => id);
      expect(ids).toHaveLength(1);
      expect(answers.map(outcomeOf).sort()).toEqual(["created", "existing"]);
      expect(answers.map((one) => one[kind].id)).toEqual([ids[0], ids[0]]);
    },
  );

  it("keep one project at most where Atlas has made two, and tell what they took back", async () => {
    const harness = await open();
    holdPosts(harness);
    await harness.script("createGroup", "racy", 2);
    const processes = [harness.process(), harness.process()];
    const answers = await Promise.all(
      processes.map(({ call }) => call("create_project", project(harness))),
    );
    const [left, ...others] = (await harness.state()).projects;
    expect(others).toEqual([]);
    const [made, ...moreMade] = answers.filter(({ status }) => status === "ok");
    expect(moreMade).toEqual([]);
    if (made !== undefined) expect(made.project.id).toBe(left?.id);
    const undone = answers.flatMap(({ error }) => error?.undone?.id ?? []);
    expect(undone).toHaveLength(left === undefined ? 2 : 1);
    expect(undone).not.toContain(left?.id);
  });

  it("stay told of both afterwards, with ifExists return too", async () => {
    const harness = await open();
    await harness.makeProject("shop");
    await harness.script("createGroup", "racy");
    await harness.makeProject("shop");
    const { call } = harness.process();
    const answer = await call("create_project", project(harness, { ifExists: "return" }));
    expect(answer.error).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect(answer.error.existing).toHaveLength(2);
    expect(await postsOf(harness, "createGroup")).toBe(2);
  });
});
