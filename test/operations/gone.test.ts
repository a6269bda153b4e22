import { describe, expect, it } from "vitest";
import type { FlexCluster } from "../../src/atlas/resources/flex-cluster.ts";
import type { DeleteSpec } from "../../src/operations/delete-spec.ts";
import { afterDelete, look, lookAgain, withoutDelete } from "../../src/operations/gone.ts";
import { benchFor, failureOf, startSandboxBench } from "../support/atlas.ts";
import { createFakeClock, deadlineOf } from "../support/fake-clock.ts";
import { ensureCluster, ensureProject } from "./creating.ts";
import { removeCluster, removeProject } from "./deleting.ts";

const body = {
  name: "c-0",
  providerSettings: { backingProviderName: "AWS", regionName: "US_EAST_1" },
} as const;

const start = async (options: { provisionMs?: number } = {}) => {
  const sandboxBench = await startSandboxBench({ provisionMs: 800, ...options });
  const project = (name: string) =>
    ensureProject(sandboxBench, { name, orgId: sandboxBench.sandbox.orgId });
  const { resource } = await project("shop");
  const groupId = resource.id ?? "";
  const { clock, sandbox } = sandboxBench;
  return {
    sandboxBench,
    project,
    groupId,
    makeCluster: () => ensureCluster(sandboxBench, groupId, body),
    // A server of its own, on the same Atlas.
    other: benchFor(sandbox.url, { clock, account: sandbox, requestTimeoutMs: 500 }),
    looks: () => sandboxBench.count("getGroupFlexCluster"),
  };
};

describe("a cluster that reads do not show yet", () => {
  it.each([1, 2])("for %i looks is deleted all the same", async (looks) => {
    const { sandboxBench, groupId, makeCluster } = await start();
    await sandboxBench.script("createGroupFlexCluster", `stale_reads:${looks}`);
    await makeCluster();
    expect(await removeCluster(sandboxBench, groupId, "c-0")).toMatchObject({
      outcome: "deleted",
    });
    expect((await sandboxBench.state()).clusters).toEqual([]);
  });

  it("is absent only after three looks over two seconds", async () => {
    const { sandboxBench, groupId, looks } = await start();
    const startedAt = sandboxBench.clock.now();
    expect(await removeCluster(sandboxBench, groupId, "c-0")).toEqual({ outcome: "absent" });
    expect(await looks()).toBe(3);
    expect(sandboxBench.clock.now() - startedAt).toBe(2000);
  });
});

it("a project that reads do not show yet is deleted all the same", async () => {
  const { sandboxBench, project } = await start();
  await sandboxBench.script("createGroup", "stale_reads:4");
  const { resource } = await project("till");
  expect(await removeProject(sandboxBench, resource.id ?? "", "till")).toMatchObject({
    outcome: "deleted",
  });
});

describe("what another server deletes at the same time", () => {
  it("is waited for: a cluster whose delete has begun since the look", async () => {
    const { sandboxBench, other, groupId, makeCluster } = await start();
    await makeCluster();
    const between = () => removeCluster(other, groupId, "c-0", { deadlineMs: 1600 });
    const ended = await removeCluster(sandboxBench, groupId, "c-0", { between });
    expect(ended).toMatchObject({ outcome: "deleted" });
  });

  it.each([
    "error:400:ATLAS_GENERAL_ERROR",
    "error:400:CLUSTER_ALREADY_REQUESTED_DELETION",
    "error:409:OF_NO_ROW",
  ])("is waited for after %s, since a look shows DELETING", async (fault) => {
    const { sandboxBench, groupId, makeCluster } = await start();
    await makeCluster();
    await sandboxBench.script("deleteGroupFlexCluster", `commit_then_${fault}`);
    const ended = await removeCluster(sandboxBench, groupId, "c-0");
    expect(ended).toMatchObject({ outcome: "deleted" });
  });
});

it("a refusal says in which state the cluster is now, not in which it was", async () => {
  const { sandboxBench, groupId, makeCluster } = await start({ provisionMs: 800 });
  await makeCluster();
  await sandboxBench.script("deleteGroupFlexCluster", "error:400:OF_NO_ROW");
  const between = async () => sandboxBench.clock.pass(900);
  const refused = await failureOf(removeCluster(sandboxBench, groupId, "c-0", { between }));
  expect(refused).toMatchObject({ code: "invalid_input", outcome: "not_deleted" });
  expect(refused.message).not.toContain("CREATING");
});

describe("looks that must agree", () => {
  const timing = (deadlineMs?: number) => {
    const clock = createFakeClock();
    return { clock, deadline: deadlineOf(clock, deadlineMs) };
  };
  const specOf = (answers: FlexCluster[][]): DeleteSpec<FlexCluster> => ({
    noun: "it",
    key: "it",
    id: "1",
    find: async () => ({ found: answers.shift() ?? [] }),
    send: async () => ({ fate: "accepted", value: undefined }),
    idOf: ({ id }) => id,
    stateOf: ({ stateName }) => stateName,
    absent: [],
    vanished: [],
    explain: async (refused) => refused,
    lookUp: { suggest: "show_project" },
  });

  it("end with what a later one finds", async () => {
    const spec = specOf([[], [{ id: "1" }]]);
    const about = timing();
    const last = await lookAgain(
      await look(spec, about),
      () => look(spec, about),
      withoutDelete,
      about,
    );
    expect(last).toEqual({ found: { id: "1" } });
    expect(about.clock.sleeps).toEqual([1000]);
  });

  it("show nothing where another resource has the name", async () => {
    expect(await look(specOf([[{ id: "2" }]]), timing())).toBe("gone");
  });

  it("prove nothing where time is up before", async () => {
    const about = timing(400);
    const spec = specOf([]);
    const last = await lookAgain<FlexCluster>("gone", () => look(spec, about), afterDelete, about);
    expect(last).toBeUndefined();
  });
});
