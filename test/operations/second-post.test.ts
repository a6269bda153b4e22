import { describe, expect, it } from "vitest";
import type { FlexCluster, FlexClusterBody } from "../../src/atlas/resources/flex-cluster.ts";
import { create, lookBefore } from "../../src/operations/create.ts";
import type { CreateSpec } from "../../src/operations/create-spec.ts";
import { flexClusterCreateSpec } from "../../src/operations/flex-cluster.ts";
import { failureOf, startSandboxBench } from "../support/atlas.ts";
import { ensureCluster, ensureProject } from "./creating.ts";

const body: FlexClusterBody = {
  name: "c-0",
  providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
};

const start = async () => {
  const sandboxBench = await startSandboxBench();
  const { resource } = await ensureProject(sandboxBench, {
    name: "shop",
    orgId: sandboxBench.sandbox.orgId,
  });
  const groupId = resource.id ?? "";
  return {
    sandboxBench,
    ensure: () => ensureCluster(sandboxBench, groupId, body),
    /** The creation with parts of it replaced, as it comes to be made after the first look. */
    make: async (change: (real: CreateSpec<FlexCluster>) => Partial<CreateSpec<FlexCluster>>) => {
      const work = sandboxBench.work();
      const { spec } = flexClusterCreateSpec(work, groupId, body);
      const before = await lookBefore(spec, "error", work, work.singleFlights.flexClusters);
      if ("existing" in before) throw new Error("It is there already.");
      const changed = { ...spec, ...change(spec) };
      return create(changed, before, "error", work, work.singleFlights.flexClusters);
    },
    /** The creation after a look that has missed what is there. */
    create: () => {
      const work = sandboxBench.work();
      const { spec } = flexClusterCreateSpec(work, groupId, body);
      const before = { absent: true as const, mark: { at: sandboxBench.clock.monotonic() } };
      return create(spec, before, "error", work, work.singleFlights.flexClusters);
    },
    script: (fault: string) => sandboxBench.script("createGroupFlexCluster", fault),
    looks: () => sandboxBench.count("getGroupFlexCluster"),
    posts: () => sandboxBench.count("createGroupFlexCluster"),
  };
};

it("a flex cluster that is accepted is not looked for: Atlas keeps its name unique", async () => {
  const { ensure, looks } = await start();
  await ensure();
  expect(await looks()).toBe(1);
});

describe("the second post of a flex cluster whose first one was lost", () => {
  it("that is accepted made it: nothing was found behind a lost answer", async () => {
    const { ensure, script, looks } = await start();
    await script("reset");
    expect(await ensure()).not.toHaveProperty("reconciled");
    expect(await looks()).toBe(6);
  });

  it("that says the name is taken is believed, although no look-up shows it", async () => {
    const { ensure, script } = await start();
    await script("stale_reads:99+commit_then_reset");
    const told = await failureOf(ensure());
    expect(told).toMatchObject({ code: "name_conflict", outcome: "exists" });
    expect(told).not.toHaveProperty("existing");
    expect(told.message).toContain("does not show it");
  });

  it("that cannot be sent for want of a token leaves the outcome of the first unknown", async () => {
    const { sandboxBench, ensure, script } = await start();
    await script("reset");
    await script("empty_401");
    await sandboxBench.script("token", "html_503", 2);
    expect(await failureOf(ensure())).toMatchObject({
      code: "outcome_unknown",
      outcome: "unknown",
    });
  });

  it("is not sent where no look-up was answered: the first may have made it", async () => {
    const { sandboxBench, make, script, posts } = await start();
    await script("commit_then_reset");
    const call = make((real) => ({
      post: async (deadline) => {
        await sandboxBench.script("getGroupFlexCluster", "error:500:UNEXPECTED_ERROR", 99);
        return real.post(deadline);
      },
    }));
    expect(await failureOf(call)).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
    expect(await posts()).toBe(1);
  });

  it("is not sent where an old one is found, which is not ours either", async () => {
    const { sandboxBench, ensure, create, script, posts } = await start();
    await ensure();
    sandboxBench.clock.pass(2 * 60_000);
    await script("reset");
    const told = await failureOf(create());
    expect(told).toMatchObject({ code: "name_conflict", outcome: "exists", identical: true });
    expect(await posts()).toBe(2);
  });

  it("does not hide a fault of ours", async () => {
    const { make, script } = await start();
    await script("reset");
    let count = 0;
    const call = make(({ post }) => ({
      post: (deadline) => {
        count += 1;
        return count === 1 ? post(deadline) : Promise.reject(new TypeError("a slip"));
      },
    }));
    await expect(call).rejects.toThrow("a slip");
  });

  it("is not made once the time is over", async () => {
    const { sandboxBench, make, script, posts } = await start();
    await script("reset");
    const call = make(() => ({
      find: async () => {
        sandboxBench.clock.pass(60_000);
        return { found: [] };
      },
    }));
    expect((await failureOf(call)).code).toBe("outcome_unknown");
    expect(await posts()).toBe(1);
  });
});
