import { describe, expect, it, onTestFinished } from "vitest";
import type { Answer } from "./provision.ts";
import { aws, openStage, type Stage } from "./stage.ts";

const open = async (): Promise<Stage> => {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  return stage;
};

const project = (stage: Stage, more: object = {}) => ({
  name: "shop",
  orgId: stage.sandbox.orgId,
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
const holdPosts = (stage: Stage) =>
  stage.proxy.script({ method: "POST", path: posts, fault: "held:5000", on: "always" });

const postsOf = async (stage: Stage, operation: string) =>
  (await stage.state()).requests.filter((one) => one.operation === operation).length;

const red = { tags: [{ key: "colour", value: "red" }] };
const blue = { tags: [{ key: "colour", value: "blue" }] };

const outcomeOf = (answer: Answer): string => answer.outcome ?? answer.error.outcome;

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const auditIdOf = (answer: Answer): unknown => answer.receipt?.auditId;

/** What equal calls have in common: each has a receipt of its own. */
const unreceipted = ({ receipt: _, ...rest }: Answer = {}) => rest;

describe("creates at once in one process", () => {
  it("share one flight: 16 identical ones of a project are one post and 16 equal answers", async () => {
    const stage = await open();
    holdPosts(stage);
    const { call } = stage.process();
    const answers = await Promise.all(times(16, () => call("create_project", project(stage))));
    const { projects } = await stage.state();
    expect(projects).toHaveLength(1);
    expect(new Set(answers.map(auditIdOf)).size).toBe(16);
    expect(answers[0]).toMatchObject({ status: "ok", outcome: "created" });
    expect(answers[0]?.project.id).toBe(projects[0]?.id);
    expect(answers.map(unreceipted)).toEqual(times(16, () => unreceipted(answers[0])));
    expect(await postsOf(stage, "createGroup")).toBe(1);
  });

  it("share one flight: 16 identical ones of a cluster are one post and 16 equal answers", async () => {
    const stage = await open();
    const groupId = await stage.makeProject("home");
    holdPosts(stage);
    const { call } = stage.process();
    const answers = await Promise.all(
      times(16, () => call("create_flex_cluster", cluster(groupId))),
    );
    const { clusters } = await stage.state();
    expect(clusters).toHaveLength(1);
    expect(answers[0]).toMatchObject({ status: "ok", outcome: "created" });
    expect(answers[0]?.cluster.id).toBe(clusters[0]?.id);
    expect(answers.map(unreceipted)).toEqual(times(16, () => unreceipted(answers[0])));
    expect(await postsOf(stage, "createGroupFlexCluster")).toBe(1);
  });

  it("share the fate of a lost answer too", async () => {
    const stage = await open();
    await stage.script("createGroup", "hang");
    const { call } = stage.process();
    const answers = await Promise.all(times(16, () => call("create_project", project(stage))));
    expect(answers[0]?.error).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
    expect(answers).toEqual(times(16, () => answers[0]));
    expect(await postsOf(stage, "createGroup")).toBe(1);
  });

  it("end in one project where half of them differ: one half made it, the other is told how it differs", async () => {
    const stage = await open();
    holdPosts(stage);
    const { call } = stage.process();
    const answers = await Promise.all(
      times(16, () => 0).map((_, n) =>
        call("create_project", project(stage, n % 2 === 0 ? red : blue)),
      ),
    );
    const { projects } = await stage.state();
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
    expect(await postsOf(stage, "createGroup")).toBe(1);
  });

  it("are each answered within their own deadline, whatever flight they wait for", async () => {
    const stage = await open();
    const groupId = await stage.makeProject("home");
    // The first to look is held up for 8 s; the other posts meanwhile and hears nothing for all of its time.
    stage.proxy.script({ method: "GET", path: /\/shop$/, fault: "held:8000", on: 1 });
    await stage.script("createGroupFlexCluster", "hang", 9);
    const { call } = stage.process();
    const startedAt = stage.clock.now();
    const slow = call("create_flex_cluster", cluster(groupId, red)).then(
      () => stage.clock.now() - startedAt,
    );
    await stage.clock.sleep(6000);
    const other = call("create_flex_cluster", cluster(groupId, blue));
    expect(await slow).toBeLessThan(47_000);
    await other;
  });
});

describe("two processes that race for one name", () => {
  const race = async (stage: Stage, kind: "project" | "cluster", more: object) => {
    const groupId = kind === "cluster" ? await stage.makeProject("home") : "";
    holdPosts(stage);
    const args = kind === "cluster" ? cluster(groupId, more) : project(stage, more);
    const tool = kind === "cluster" ? "create_flex_cluster" : "create_project";
    return Promise.all([stage.process(), stage.process()].map(({ call }) => call(tool, args)));
  };

  it.each(["project", "cluster"] as const)("end with one %s and two true answers", async (kind) => {
    const stage = await open();
    const answers = await race(stage, kind, red);
    const { projects, clusters } = await stage.state();
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
      const stage = await open();
      const answers = await race(stage, kind, { ifExists: "return" });
      const { projects, clusters } = await stage.state();
      const ids = (kind === "cluster" ? clusters : projects).map(({ id }) => id);
      expect(ids).toHaveLength(1);
      expect(answers.map(outcomeOf).sort()).toEqual(["created", "existing"]);
      expect(answers.map((one) => one[kind].id)).toEqual([ids[0], ids[0]]);
    },
  );

  it("are told of both projects where Atlas has made two, and nobody chooses between them", async () => {
    const stage = await open();
    holdPosts(stage);
    await stage.script("createGroup", "racy", 2);
    const processes = [stage.process(), stage.process()];
    const answers = await Promise.all(
      processes.map(({ call }) => call("create_project", project(stage))),
    );
    const ids = (await stage.state()).projects.map(({ id }) => id).sort();
    expect(ids).toHaveLength(2);
    const told = answers.filter(({ status }) => status === "error");
    expect(told.length).toBeGreaterThan(0);
    for (const { error } of told) {
      expect(error).toMatchObject({ code: "name_conflict", outcome: "exists" });
      expect(error.existing.map(({ id }: { id: string }) => id).sort()).toEqual(ids);
    }
    for (const { project } of answers.filter(({ status }) => status === "ok"))
      expect(ids).toContain(project.id);
  });

  it("stay told of both afterwards, with ifExists return too", async () => {
    const stage = await open();
    await stage.makeProject("shop");
    await stage.script("createGroup", "racy");
    await stage.makeProject("shop");
    const { call } = stage.process();
    const answer = await call("create_project", project(stage, { ifExists: "return" }));
    expect(answer.error).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect(answer.error.existing).toHaveLength(2);
    expect(await postsOf(stage, "createGroup")).toBe(2);
  });
});
