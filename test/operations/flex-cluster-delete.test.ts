import { describe, expect, it } from "vitest";
import { groupId as anyGroup, failureOf, startSandboxBench } from "../support/atlas.ts";
import { ensureCluster, ensureProject } from "./creating.ts";
import { type How, removeCluster } from "./deleting.ts";

const body = {
  name: "c-0",
  providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
} as const;

const start = async (
  more: { provisionMs?: number; terminationProtectionEnabled?: boolean } = {},
) => {
  const { provisionMs = 800, ...cluster } = more;
  const sandboxBench = await startSandboxBench({ provisionMs });
  const { resource } = await ensureProject(sandboxBench, {
    name: "shop",
    orgId: sandboxBench.sandbox.orgId,
  });
  const groupId = resource.id ?? "";
  await ensureCluster(sandboxBench, groupId, { ...body, ...cluster });
  return {
    sandboxBench,
    groupId,
    removal: (how: How = {}) => removeCluster(sandboxBench, groupId, "c-0", how),
    recreate: () => ensureCluster(sandboxBench, groupId, body),
    script: (fault: string, times?: number) =>
      sandboxBench.script("deleteGroupFlexCluster", fault, times),
    truth: async () => ({
      clusters: (await sandboxBench.state()).clusters.length,
      deletes: await sandboxBench.count("deleteGroupFlexCluster"),
    }),
  };
};

describe("a flex cluster", () => {
  it("is deleted, and seen to be gone", async () => {
    const { sandboxBench, removal, truth } = await start();
    expect(await removal()).toEqual({ outcome: "deleted", gone: true });
    expect(await truth()).toEqual({ clusters: 0, deletes: 1 });
    expect(sandboxBench.told.at(-1)).toContain('flex cluster "c-0"');
  });

  it("that is not there is absent, and nothing is sent", async () => {
    const { sandboxBench, groupId, truth } = await start();
    expect(await removeCluster(sandboxBench, groupId, "c-1")).toEqual({ outcome: "absent" });
    expect(await truth()).toEqual({ clusters: 1, deletes: 0 });
  });

  it("of a project that does not exist is not found", async () => {
    const { sandboxBench } = await start();
    expect(await failureOf(removeCluster(sandboxBench, anyGroup, "c-0"))).toMatchObject({
      code: "not_found",
      outcome: "not_deleted",
    });
  });

  it("that somebody else has deleted since is absent", async () => {
    const { removal, truth } = await start();
    expect(await removal({ between: () => removal() })).toEqual({ outcome: "absent" });
    expect(await truth()).toEqual({ clusters: 0, deletes: 1 });
  });

  it("that was made anew since is left alone", async () => {
    const { removal, recreate, truth, groupId } = await start();
    const between = async () => {
      await removal();
      await recreate();
    };
    expect(await failureOf(removal({ between }))).toMatchObject({
      code: "conflict",
      outcome: "not_deleted",
      suggestions: [{ suggest: "look_up_cluster", with: { groupId, name: "c-0" } }],
    });
    expect(await truth()).toEqual({ clusters: 1, deletes: 1 });
  });

  it("that is being deleted already is seen out without another delete", async () => {
    const { removal, truth, script } = await start();
    await script("commit_then_reset");
    const between = () => removal({ deadlineMs: 600 }).catch(() => {});
    expect(await removal({ between })).toMatchObject({ outcome: "deleted", gone: true });
    expect(await truth()).toEqual({ clusters: 0, deletes: 1 });
  });

  it("is deleted once for calls that ask for it at once", async () => {
    const { removal, truth } = await start();
    const removed = await Promise.all([removal(), removal(), removal()]);
    expect(removed).toEqual(removed.map(() => ({ outcome: "deleted", gone: true })));
    expect(await truth()).toEqual({ clusters: 0, deletes: 1 });
  });
});

describe("a flex cluster that Atlas does not let go", () => {
  it("since it is protected is not asked for, and what a person must do is said", async () => {
    const { removal, truth } = await start({ terminationProtectionEnabled: true });
    const failure = await failureOf(removal());
    expect(failure).toMatchObject({
      code: "conflict",
      outcome: "not_deleted",
      retry: "after_fix",
      existing: { name: "c-0", terminationProtectionEnabled: true },
    });
    expect(failure.message).toMatch(
      /Ask your user; only if they want it, switch the protection off first/,
    );
    expect(await truth()).toEqual({ clusters: 1, deletes: 0 });
  });

  it.each([
    ["error:400:CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED", "conflict"],
    ["error:401:USER_UNAUTHORIZED", "forbidden"],
    ["error:403:ACCESS_FORBIDDEN", "forbidden"],
    ["error:409:", "conflict"],
    ["rate_limit", "rate_limited"],
  ])("(%s) is there as before", async (fault, code) => {
    const { removal, truth, script, sandboxBench } = await start();
    sandboxBench.clock.pass(1000);
    await script(fault);
    expect(await failureOf(removal())).toMatchObject({ code, outcome: "not_deleted" });
    expect(await truth()).toEqual({ clusters: 1, deletes: 1 });
  });

  it.each([
    ["error:409:SOME_STATE_OR_OTHER", "after_delay"],
    ["error:401:USER_UNAUTHORIZED", "after_fix"],
  ])("while it is CREATING (%s) may be tried again %s", async (fault, retry) => {
    const { removal, script } = await start({ provisionMs: 600_000 });
    await script(fault);
    expect(await failureOf(removal())).toMatchObject({ outcome: "not_deleted", retry });
  });

  it("is not asked for where looking is not permitted", async () => {
    const { sandboxBench, removal, truth } = await start();
    await sandboxBench.script("getGroupFlexCluster", "error:401:USER_UNAUTHORIZED");
    expect(await failureOf(removal())).toMatchObject({
      code: "forbidden",
      outcome: "not_deleted",
    });
    expect(await truth()).toEqual({ clusters: 1, deletes: 0 });
  });

  it("is not asked for where looking fails between the plan and the delete", async () => {
    const { sandboxBench, removal, truth } = await start();
    const between = () =>
      sandboxBench.script("getGroupFlexCluster", "error:500:UNEXPECTED_ERROR", 3);
    expect(await failureOf(removal({ between }))).toMatchObject({
      code: "unavailable",
      outcome: "not_deleted",
    });
    expect(await truth()).toEqual({ clusters: 1, deletes: 0 });
  });
});

describe("a delete that Atlas accepts", () => {
  it.each(["ignored_delete", "error:400:CLUSTER_ALREADY_REQUESTED_DELETION"])(
    "and does not act on (%s) is asked for again, once",
    async (fault) => {
      const { removal, truth, script } = await start();
      await script(fault);
      expect(await removal()).toEqual({ outcome: "deleted", gone: true });
      expect(await truth()).toEqual({ clusters: 0, deletes: 2 });
    },
  );

  it("and never acts on is not called deleted", async () => {
    const { removal, truth, script } = await start();
    await script("ignored_delete", 9);
    expect(await removal()).toMatchObject({
      outcome: "accepted",
      gone: false,
      stateName: "IDLE",
      last: { name: "c-0" },
    });
    expect(await truth()).toEqual({ clusters: 1, deletes: 2 });
  });

  it("after the wait that a 429 asks for is one delete", async () => {
    const { removal, truth, script } = await start();
    await script("rate_limit:5");
    expect(await removal()).toEqual({ outcome: "deleted", gone: true });
    expect(await truth()).toEqual({ clusters: 0, deletes: 2 });
  });
});

describe("a delete whose answer was lost", () => {
  it.each(["commit_then_reset", "commit_then_hang", "commit_then_truncate", "commit_then_500"])(
    "(%s) is found out by looking, and not sent again",
    async (fault) => {
      const { removal, truth, script } = await start();
      await script(fault);
      expect(await removal()).toEqual({ outcome: "deleted", gone: true, reconciled: true });
      expect(await truth()).toEqual({ clusters: 0, deletes: 1 });
    },
  );

  it.each(["reset", "hang", "truncate", "html_503", "error:500:UNEXPECTED_ERROR"])(
    "and that did nothing (%s) is sent once more",
    async (fault) => {
      const { removal, truth, script } = await start();
      await script(fault);
      expect(await removal()).toEqual({ outcome: "deleted", gone: true });
      expect(await truth()).toEqual({ clusters: 0, deletes: 2 });
    },
  );

  it("and found out by the second one, whose answer is lost as well", async () => {
    const { removal, truth, script } = await start();
    await script("reset");
    await script("commit_then_reset");
    expect(await removal()).toEqual({ outcome: "deleted", gone: true, reconciled: true });
    expect(await truth()).toEqual({ clusters: 0, deletes: 2 });
  });

  it.each(["reset", "error:409:"])(
    "and is followed by %s leaves the outcome unknown while it is there",
    async (second) => {
      const { removal, truth, script, groupId } = await start();
      await script("reset");
      await script(second);
      const failure = await failureOf(removal());
      expect(failure).toMatchObject({
        code: "outcome_unknown",
        outcome: "unknown",
        retry: "same_arguments",
        suggestions: [
          { suggest: "look_up_cluster", with: { groupId, name: "c-0" } },
          { suggest: "repeat" },
        ],
      });
      expect(failure.message).toContain("still existed");
      expect(await truth()).toEqual({ clusters: 1, deletes: 2 });
    },
  );
});

describe("a delete whose caller has gone", () => {
  it("before anything was sent is not sent", async () => {
    const { removal, truth } = await start();
    const caller = new AbortController();
    const between = async () => caller.abort();
    expect(await failureOf(removal({ between, caller: caller.signal }))).toMatchObject({
      code: "unavailable",
      outcome: "not_deleted",
    });
    expect(await truth()).toEqual({ clusters: 1, deletes: 0 });
  });

  it("is found out to the end, and never sent again", async () => {
    const { sandboxBench, removal, truth, script } = await start();
    const caller = new AbortController();
    await script("hang");
    const removed = failureOf(removal({ caller: caller.signal }));
    await expect.poll(() => sandboxBench.count("deleteGroupFlexCluster")).toBe(1);
    caller.abort();
    expect(await removed).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
    expect(await truth()).toEqual({ clusters: 1, deletes: 1 });
  });
});
