import { describe, expect, it } from "vitest";
import { type Failure, failure } from "../../src/common/failure.ts";
import { deleteResource } from "../../src/operations/delete.ts";
import { flexClusterDeleteSpec } from "../../src/operations/flex-cluster-delete.ts";
import { projectDeleteSpec } from "../../src/operations/project-delete.ts";
import { failureOf, startSandboxBench } from "../support/atlas.ts";
import { ensureCluster, ensureProject } from "./creating.ts";

const protectedNow = failure("conflict", "Protected by now.");

const start = async (provisionMs = 0) => {
  const bench = await startSandboxBench({ provisionMs });
  const { resource } = await ensureProject(bench, { name: "shop", orgId: bench.sandbox.orgId });
  const groupId = resource.id ?? "";
  return { bench, groupId };
};

const withCluster = async (provisionMs?: number) => {
  const { bench, groupId } = await start(provisionMs);
  const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;
  const { resource } = await ensureCluster(bench, groupId, { name: "c-0", providerSettings });
  const work = bench.work();
  const { spec } = flexClusterDeleteSpec(work, groupId, "c-0", resource.id ?? "");
  return { bench, work, spec };
};

/** Has no objection in the first looks. */
const from = (look: number) => {
  let looks = 0;
  return (): Failure | undefined => {
    looks += 1;
    return looks >= look ? protectedNow : undefined;
  };
};

describe("an objection to a delete", () => {
  it("just before it is sent keeps the resource, and nothing is sent", async () => {
    const { bench, work, spec } = await withCluster();
    const failed = await failureOf(deleteResource({ ...spec, objection: from(1) }, work));
    expect(failed).toEqual({ ...protectedNow, outcome: "not_deleted" });
    expect(await bench.count("deleteGroupFlexCluster")).toBe(0);
  });

  it("gets the resource as it is then", async () => {
    const { work, spec } = await withCluster();
    const seen: unknown[] = [];
    const objection = (found: { name?: string | undefined }) => {
      seen.push(found.name);
      return undefined;
    };
    expect(await deleteResource({ ...spec, objection }, work)).toMatchObject({ gone: true });
    expect(seen).toEqual(["c-0"]);
  });

  it("after a lost response keeps it from being sent again", async () => {
    const { bench, work, spec } = await withCluster();
    await bench.script("deleteGroupFlexCluster", "reset");
    const failed = await failureOf(deleteResource({ ...spec, objection: from(2) }, work));
    expect(failed).toMatchObject({ code: "outcome_unknown", outcome: "unknown" });
    expect(await bench.count("deleteGroupFlexCluster")).toBe(1);
  });

  it("keeps a delete that Atlas has ignored from being sent again", async () => {
    const { bench, work, spec } = await withCluster();
    await bench.script("deleteGroupFlexCluster", "ignored_delete", 9);
    const ended = await deleteResource({ ...spec, objection: from(2) }, work);
    expect(ended).toMatchObject({ outcome: "accepted", stateName: "IDLE" });
    expect(await bench.count("deleteGroupFlexCluster")).toBe(1);
  });

  it("keeps a delete that Atlas puts off from being sent again", async () => {
    const { bench, groupId } = await start();
    const code = "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS";
    await bench.script("deleteGroup", `error:409:${code}`, 9);
    const work = bench.work();
    const { spec } = projectDeleteSpec(work, groupId, "shop", groupId);
    const failed = await failureOf(deleteResource({ ...spec, objection: from(3) }, work));
    expect(failed).toEqual({ ...protectedNow, outcome: "not_deleted" });
    expect(await bench.count("deleteGroup")).toBe(2);
  });
});

it("a delete that is not to be waited for is accepted at once", async () => {
  const { bench, work, spec } = await withCluster(60_000);
  bench.clock.sleeps.length = 0;
  expect(await deleteResource({ ...spec, waitMs: 0 }, work)).toEqual({
    outcome: "accepted",
    gone: false,
  });
  expect(bench.clock.sleeps).toEqual([]);
});
