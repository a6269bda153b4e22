import { describe, expect, it } from "vitest";
import { benchFor, failureOf, type SandboxBench, startSandboxBench } from "../support/atlas.ts";
import { ensureProject, type How } from "./creating.ts";

const tag = (key: string, value = "x") => ({ key, value });

const start = async () => {
  const sandboxBench = await startSandboxBench();
  const shop = { name: "shop", orgId: sandboxBench.sandbox.orgId };
  return {
    sandboxBench,
    shop,
    ensure: (more: object = {}, how: How = {}) =>
      ensureProject(sandboxBench, { ...shop, ...more }, how),
  };
};

/** How many projects there really are, and how many requests tried to make one. */
const truth = async (sandboxBench: SandboxBench) => ({
  projects: (await sandboxBench.state()).projects.length,
  posts: await sandboxBench.count("createGroup"),
});

describe("a project that is not there", () => {
  it("is created, with what was asked for", async () => {
    const { sandboxBench, ensure } = await start();
    const made = await ensure({ tags: [tag("a")], withDefaultAlertsSettings: false });
    expect(made).toMatchObject({
      outcome: "created",
      resource: { name: "shop", tags: [tag("a")], withDefaultAlertsSettings: false },
    });
    expect(made).not.toHaveProperty("reconciled");
    expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
  });

  it("is created beside one whose name begins alike or differs in case", async () => {
    const { ensure } = await start();
    await ensure({ name: "Shop" });
    await ensure({ name: "shopping" });
    expect((await ensure()).outcome).toBe("created");
  });

  it.each([
    ["error:402:NO_PAYMENT_INFORMATION_FOUND", "payment_required"],
    ["error:400:MAX_GROUPS_PER_ORG_EXCEEDED", "quota_exceeded"],
    ["error:401:NOT_ORG_GROUP_CREATOR", "forbidden"],
    ["error:400:VALIDATION_ERROR", "invalid_input"],
  ])("is not created after %s", async (fault, code) => {
    const { sandboxBench, ensure } = await start();
    await sandboxBench.script("createGroup", fault);
    expect(await failureOf(ensure())).toMatchObject({ code, outcome: "not_created" });
    expect(await truth(sandboxBench)).toEqual({ projects: 0, posts: 1 });
  });

  it("is not created after a plain refusal of a request with tags, and not looked for", async () => {
    const { sandboxBench, ensure } = await start();
    await sandboxBench.script("createGroup", "error:400:INVALID_GROUP_NAME");
    expect((await failureOf(ensure({ tags: [tag("a")] }))).outcome).toBe("not_created");
    expect(await sandboxBench.count("getOrgGroups")).toBe(1);
  });

  it("is not created for a caller who is gone before anything is sent", async () => {
    const { sandboxBench, ensure } = await start();
    const caller = new AbortController();
    const between = async () => caller.abort();
    const failure = await failureOf(ensure({}, { caller: caller.signal, between }));
    expect(failure.outcome).toBe("not_created");
    expect(await truth(sandboxBench)).toEqual({ projects: 0, posts: 0 });
  });
});

const existing = { tags: [tag("a"), tag("b")], withDefaultAlertsSettings: true };

describe("a project that is there already", () => {
  it.each<[what: string, more: object]>([
    ["the same", existing],
    ["its tags in another order", { tags: [tag("b"), tag("a")] }],
    ["only its name", {}],
  ])("is an identical conflict for a request of %s", async (_what, more) => {
    const { sandboxBench, ensure } = await start();
    await ensure(existing);
    expect(await failureOf(ensure(more))).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
      differences: [],
      existing: { name: "shop" },
    });
    expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
  });

  it.each<[what: string, more: object, differences: object[]]>([
    [
      "other tags",
      { tags: [tag("a", "y")] },
      [{ field: "tags", yours: [tag("a", "y")], existing: existing.tags }],
    ],
    ["no tags", { tags: [] }, [{ field: "tags", yours: [], existing: existing.tags }]],
    [
      "other alerts",
      { withDefaultAlertsSettings: false },
      [{ field: "withDefaultAlertsSettings", yours: false, existing: true }],
    ],
  ])(
    "is a conflict that says how it differs from a request of %s",
    async (_w, more, differences) => {
      const { ensure } = await start();
      await ensure(existing);
      for (const ifExists of ["error", "return"] as const)
        expect(await failureOf(ensure(more, { ifExists }))).toMatchObject({
          code: "name_conflict",
          outcome: "exists",
          identical: false,
          differences,
        });
    },
  );

  it("is returned if identical and asked for, whoever its owner is", async () => {
    const { sandboxBench, ensure } = await start();
    const { resource } = await ensure(existing);
    const how = { ifExists: "return", owner: "5e2211c17a3e5a48f5497de3" } as const;
    const again = await ensure(existing, how);
    expect(again.outcome).toBe("existing");
    expect(again.resource.id).toBe(resource.id);
    expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
  });

  it("has no tags: that is the same as an empty list of them", async () => {
    const { ensure } = await start();
    await ensure();
    expect((await ensure({ tags: [] }, { ifExists: "return" })).outcome).toBe("existing");
  });

  it("is a conflict too if somebody makes it between the look-up and the post", async () => {
    const { sandboxBench, ensure } = await start();
    const other = startOther(sandboxBench);
    expect(await failureOf(ensure({}, { between: other }))).toMatchObject({
      code: "name_conflict",
      outcome: "exists",
      identical: true,
      atlas: { status: 409 },
    });
    expect((await truth(sandboxBench)).projects).toBe(1);
  });

  it("is returned if somebody makes it between the look-up and the post", async () => {
    const { sandboxBench, ensure } = await start();
    const other = startOther(sandboxBench);
    const made = await ensure({}, { between: other, ifExists: "return" });
    expect(made.outcome).toBe("existing");
  });

  it("is taken back when a race has made two (atlas-sdk-go#660), and the other is told", async () => {
    const { sandboxBench, ensure } = await start();
    const other = startOther(sandboxBench);
    const between = async () => {
      await other();
      await sandboxBench.script("createGroup", "racy");
    };
    const failure = await failureOf(ensure({}, { between }));
    expect(failure).toMatchObject({ code: "name_conflict", outcome: "exists", identical: true });
    const [left, ...others] = (await sandboxBench.state()).projects;
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ existing: { id: left.id }, undone: { id: expect.anything() } });
    expect(failure.undone?.id).not.toBe(left.id);
  });
});

/** Another process on the same Atlas, which makes the project too. */
const startOther = (sandboxBench: SandboxBench) => {
  const bench = benchFor(sandboxBench.sandbox.url, {
    clock: sandboxBench.clock,
    account: sandboxBench.sandbox,
  });
  return () => ensureProject(bench, { name: "shop", orgId: sandboxBench.sandbox.orgId });
};

/** Lets nobody through until so many have come. */
const gate = (count: number) => {
  let come = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async () => {
    come += 1;
    if (come === count) open();
    await opened;
  };
};

describe("creates of one project at once", () => {
  it("that are equal and found none make one post and one project, and all learn of it", async () => {
    const { sandboxBench, ensure } = await start();
    const between = gate(5);
    const made = await Promise.all(Array.from({ length: 5 }, () => ensure({}, { between })));
    expect(new Set(made.map((one) => one.outcome))).toEqual(new Set(["created"]));
    expect(new Set(made.map((one) => one.resource.id)).size).toBe(1);
    expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
  });

  it("that differ make one project, and the later one learns how it differs", async () => {
    const { sandboxBench, ensure } = await start();
    const between = gate(2);
    const results = await Promise.allSettled([
      ensure({}, { between }),
      ensure({ tags: [tag("a")] }, { between }),
    ]);
    expect(results.map((one) => one.status)).toEqual(["fulfilled", "rejected"]);
    expect(results[1]).toMatchObject({
      reason: { failure: { code: "name_conflict", differences: [{ field: "tags" }] } },
    });
    expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
  });

  it("one of which has ended since the other looked make no second post", async () => {
    const { sandboxBench, ensure } = await start();
    expect((await failureOf(ensure({}, { between: () => ensure() }))).code).toBe("name_conflict");
    expect(await truth(sandboxBench)).toEqual({ projects: 1, posts: 1 });
  });
});
