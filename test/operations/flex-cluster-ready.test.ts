import { describe, expect, it } from "vitest";
import { awaitReady, getFlexCluster, isReady } from "../../src/operations/flex-cluster-ready.ts";
import {
  benchFor,
  failureOf,
  groupId,
  openFakeAtlas,
  startSandboxBench,
} from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { ensureCluster, ensureProject } from "./creating.ts";

type Poll = string | number;

const cluster = {
  id: "c".repeat(24),
  name: "c-0",
  connectionStrings: { standardSrv: "mongodb+srv://c-0.abcdefg.mongodb.net" },
};

/** Waits for a cluster whose polls answer these in turn, the last one for ever: a state, or the status of an error. */
const wait = async (
  polls: Poll[],
  how: { from?: string; waitSeconds?: number; deadlineMs?: number; caller?: AbortSignal } = {},
) => {
  let count = 0;
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    if (!seen.path.startsWith("/api/atlas/")) return undefined;
    const poll = polls[Math.min(count, polls.length - 1)];
    count += 1;
    return typeof poll === "number"
      ? json(response, poll, {
          error: poll,
          ...(poll === 404 ? { errorCode: "CLUSTER_NOT_FOUND" } : {}),
        })
      : json(response, 200, { ...cluster, stateName: poll, poll: count });
  });
  const bench = benchFor(fakeAtlas.url);
  const { from = "CREATING", waitSeconds = 40, ...limits } = how;
  const startedAt = bench.clock.now();
  const last = await awaitReady(
    bench.work(limits),
    groupId,
    { ...cluster, stateName: from },
    waitSeconds,
  );
  return {
    state: last.stateName,
    polls: () => count,
    told: bench.told,
    seconds: (bench.clock.now() - startedAt) / 1000,
  };
};

describe("the wait for a cluster", () => {
  it("ends when it is ready", async () => {
    const { state, polls } = await wait(["CREATING", "CREATING", "IDLE", "CREATING"]);
    expect([state, polls()]).toEqual(["IDLE", 3]);
  });

  it("does not begin where it is ready", async () => {
    const { seconds, polls } = await wait(["IDLE"], { from: "IDLE" });
    expect([seconds, polls()]).toEqual([0, 0]);
  });

  it.each([{}, { connectionStrings: {} }, { connectionStrings: { standardSrv: "" } }])(
    "is not over while it is IDLE without a connection string (%j)",
    (strings) => {
      expect(isReady({ stateName: "IDLE", ...strings })).toBe(false);
    },
  );

  it.each(["CREATING", "UPDATING", "DELETING"])("is not over while it is %s", (stateName) => {
    expect(isReady({ ...cluster, stateName })).toBe(false);
  });

  it("does not begin where none is asked for", async () => {
    const { state, seconds, polls } = await wait(["IDLE"], { waitSeconds: 0 });
    expect([state, seconds, polls()]).toEqual(["CREATING", 0, 0]);
  });

  it("ends with the last known state when its time is up", async () => {
    const { state, seconds } = await wait(["CREATING", "UPDATING"], { waitSeconds: 20 });
    expect(state).toBe("UPDATING");
    expect(seconds).toBeCloseTo(20, 3);
  });

  it("ends within the deadline of the call", async () => {
    const { state, seconds } = await wait(["CREATING"], { deadlineMs: 10_000 });
    expect(state).toBe("CREATING");
    expect(seconds).toBeLessThan(10);
  });

  it.each<[what: string, polls: Poll[]]>([
    ["fail", [500, 503, 500, 500, "IDLE"]],
    ["are limited", [429, "IDLE"]],
    ["are refused", [403, 400, "IDLE"]],
    ["do not see it yet", [404, 404, "IDLE"]],
  ])("goes on when polls %s", async (_what, polls) => {
    expect((await wait(polls)).state).toBe("IDLE");
  });

  it("ends with the state it began with when all polls fail", async () => {
    const { state, seconds } = await wait([500], { waitSeconds: 10 });
    expect(state).toBe("CREATING");
    expect(seconds).toBeLessThan(20);
  });

  it("ends when the cluster is going away", async () => {
    const { state, polls } = await wait(["CREATING", "DELETING", "IDLE"]);
    expect([state, polls()]).toEqual(["DELETING", 2]);
  });

  it("ends when the caller has gone", async () => {
    const { state, seconds } = await wait(["IDLE"], { caller: AbortSignal.abort() });
    expect([state, seconds]).toEqual(["CREATING", 0]);
  });

  it("asks every few seconds, not all the time", async () => {
    const { polls } = await wait(["CREATING"], { waitSeconds: 40 });
    expect(polls()).toBeGreaterThanOrEqual(8);
    expect(polls()).toBeLessThanOrEqual(20);
  });

  it("tells its caller the state before each poll", async () => {
    const { told } = await wait(["REPAIRING", "IDLE"]);
    expect(told).toHaveLength(2);
    expect(told[0]).toContain("CREATING");
    expect(told[1]).toContain("REPAIRING");
  });

  it("sees a real one through, until its connection strings are there", async () => {
    const sandboxBench = await startSandboxBench({ provisionMs: 8000 });
    const { resource } = await ensureProject(sandboxBench, {
      name: "shop",
      orgId: sandboxBench.sandbox.orgId,
    });
    const made = await ensureCluster(sandboxBench, resource.id ?? "", {
      name: "c-0",
      providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
    });
    expect(made.resource.stateName).toBe("CREATING");
    const ready = await awaitReady(sandboxBench.work(), resource.id ?? "", made.resource, 40);
    expect(ready.stateName).toBe("IDLE");
    expect(ready.connectionStrings?.standard).toMatch(/^mongodb:\/\//);
  });
});

describe("a cluster that is asked for by a wrong name", () => {
  it("is not found, and those that there are are named", async () => {
    const sandboxBench = await startSandboxBench();
    const { resource } = await ensureProject(sandboxBench, {
      name: "shop",
      orgId: sandboxBench.sandbox.orgId,
    });
    const id = resource.id ?? "";
    await ensureCluster(sandboxBench, id, {
      name: "c-0",
      providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
    });
    const failure = await failureOf(getFlexCluster(sandboxBench.work(), id, "c-1"));
    expect(failure.code).toBe("not_found");
    expect(failure.suggestions).toMatchObject([{ with: { groupId: id, name: "c-0" } }]);
  });

  it("in a project that does not exist asks for no list of clusters", async () => {
    const sandboxBench = await startSandboxBench();
    expect((await failureOf(getFlexCluster(sandboxBench.work(), groupId, "c-0"))).code).toBe(
      "not_found",
    );
    expect(await sandboxBench.count("listGroupFlexClusters")).toBe(0);
  });
});
