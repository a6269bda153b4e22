import { describe, expect, it } from "vitest";
import { deleteResource } from "../../src/operations/delete.ts";
import { projectDeleteSpec } from "../../src/operations/project-delete.ts";
import {
  groupId as anyGroup,
  benchFor,
  failureOf,
  openFakeAtlas,
  startSandboxBench,
} from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { ensureCluster, ensureEntry, ensureProject } from "./creating.ts";
import { type How, removeCluster, removeProject } from "./deleting.ts";

const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;

const start = async () => {
  const sandboxBench = await startSandboxBench({ provisionMs: 800 });
  const { resource } = await ensureProject(sandboxBench, {
    name: "shop",
    orgId: sandboxBench.sandbox.orgId,
  });
  const groupId = resource.id ?? "";
  return {
    sandboxBench,
    groupId,
    removal: (how: How = {}, name = "shop") => removeProject(sandboxBench, groupId, name, how),
    addCluster: (name: string, more: { terminationProtectionEnabled?: boolean } = {}) =>
      ensureCluster(sandboxBench, groupId, { name, providerSettings, ...more }),
    script: (fault: string, times?: number) => sandboxBench.script("deleteGroup", fault, times),
    truth: async () => ({
      projects: (await sandboxBench.state()).projects.length,
      deletes: await sandboxBench.count("deleteGroup"),
    }),
  };
};

describe("a project", () => {
  it("is deleted with all that is left in it, and seen to be gone", async () => {
    const { sandboxBench, groupId, removal, truth } = await start();
    await ensureEntry(sandboxBench, groupId, { ipAddress: "203.0.113.7" });
    expect(await removal()).toEqual({ outcome: "deleted", gone: true });
    expect(await truth()).toEqual({ projects: 0, deletes: 1 });
    expect((await sandboxBench.state()).accessList).toEqual([]);
  });

  it("that is not there is absent, and nothing is sent", async () => {
    const { sandboxBench, truth } = await start();
    expect(await removeProject(sandboxBench, anyGroup, "shop")).toEqual({ outcome: "absent" });
    expect(await truth()).toEqual({ projects: 1, deletes: 0 });
  });

  it("of another name is left alone, and its name is not told", async () => {
    const { removal, truth, groupId } = await start();
    const failure = await failureOf(removal({}, "Shop"));
    expect(failure).toMatchObject({
      code: "invalid_input",
      outcome: "not_deleted",
      fields: [{ path: "name" }],
      suggestions: [{ suggest: "show_project", with: { groupId } }],
    });
    expect(JSON.stringify(failure)).not.toContain("shop");
    expect(await truth()).toEqual({ projects: 1, deletes: 0 });
  });

  it("that somebody else has deleted since is absent", async () => {
    const { removal, truth } = await start();
    expect(await removal({ between: () => removal() })).toEqual({ outcome: "absent" });
    expect(await truth()).toEqual({ projects: 0, deletes: 1 });
  });

  it.each(["commit_then_reset", "commit_then_hang", "commit_then_truncate", "commit_then_500"])(
    "whose answer was lost (%s) is found out by looking",
    async (fault) => {
      const { removal, truth, script } = await start();
      await script(fault);
      expect(await removal()).toEqual({ outcome: "deleted", gone: true, reconciled: true });
      expect(await truth()).toEqual({ projects: 0, deletes: 1 });
    },
  );

  it.each(["reset", "html_503", "ignored_delete"])(
    "for which nothing was done (%s) is asked for once more",
    async (fault) => {
      const { removal, truth, script } = await start();
      await script(fault);
      expect(await removal()).toEqual({ outcome: "deleted", gone: true });
      expect(await truth()).toEqual({ projects: 0, deletes: 2 });
    },
  );

  it.each([
    ["error:401:USER_UNAUTHORIZED", "forbidden"],
    ["error:409:CANNOT_CLOSE_GROUP_ACTIVE_BACKUP", "conflict"],
    ["error:405:WRITES_NOT_ALLOWED_DURING_APP_UPGRADES", "unavailable"],
  ])("that Atlas does not let go (%s) is there as before", async (fault, code) => {
    const { removal, truth, script } = await start();
    await script(fault);
    expect(await failureOf(removal())).toMatchObject({ code, outcome: "not_deleted" });
    expect(await truth()).toEqual({ projects: 1, deletes: 1 });
  });

  it("that is accepted and never goes is not called deleted", async () => {
    const { removal, truth, script } = await start();
    await script("ignored_delete", 9);
    expect(await removal()).toMatchObject({ outcome: "accepted", gone: false });
    expect(await truth()).toEqual({ projects: 1, deletes: 2 });
  });
});

describe("a project with clusters", () => {
  it("is refused before anything is sent, with a call to delete each", async () => {
    const { removal, truth, addCluster, groupId } = await start();
    await addCluster("c-0");
    await addCluster("d-0", { terminationProtectionEnabled: true });
    expect(await failureOf(removal())).toMatchObject({
      code: "conflict",
      outcome: "not_deleted",
      retry: "after_fix",
      existing: [
        { name: "c-0", terminationProtectionEnabled: false },
        { name: "d-0", terminationProtectionEnabled: true },
      ],
      suggestions: [
        { suggest: "delete_cluster", with: { groupId, name: "c-0" } },
        { suggest: "delete_cluster", with: { groupId, name: "d-0" } },
      ],
    });
    expect(await truth()).toEqual({ projects: 1, deletes: 0 });
  });

  it("that are being deleted has to wait for them", async () => {
    const { sandboxBench, removal, addCluster, groupId } = await start();
    await addCluster("c-0");
    await removeCluster(sandboxBench, groupId, "c-0", { deadlineMs: 100 });
    expect(await failureOf(removal())).toMatchObject({
      code: "conflict",
      retry: "after_delay",
      retryAfterSeconds: 30,
      existing: [{ name: "c-0", stateName: "DELETING" }],
      suggestions: [{ suggest: "repeat" }],
    });
  });

  it("that came in between is refused by Atlas, and told in the same way", async () => {
    const { removal, truth, addCluster, groupId } = await start();
    expect(await failureOf(removal({ between: () => addCluster("c-0") }))).toMatchObject({
      code: "conflict",
      outcome: "not_deleted",
      existing: [{ name: "c-0" }],
      suggestions: [{ suggest: "delete_cluster", with: { groupId, name: "c-0" } }],
      atlas: { errorCode: "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS" },
    });
    expect(await truth()).toEqual({ projects: 1, deletes: 1 });
  });

  const behind = "error:409:CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS";

  it("that Atlas only believes in goes as soon as Atlas has caught up", async () => {
    const { removal, truth, script } = await start();
    await script(behind, 3);
    expect(await removal()).toEqual({ outcome: "deleted", gone: true });
    expect(await truth()).toEqual({ projects: 0, deletes: 4 });
  });

  it("that Atlas believes in for all of the time is there as before", async () => {
    const { removal, truth, script } = await start();
    await script(behind, 99);
    expect(await failureOf(removal())).toMatchObject({
      code: "conflict",
      outcome: "not_deleted",
      retry: "after_delay",
      retryAfterSeconds: 30,
    });
    const { projects, deletes } = await truth();
    expect(projects).toBe(1);
    expect(deletes).toBeLessThan(15);
  });

  it("that Atlas believes in is not asked for again for a caller who has gone", async () => {
    const caller = new AbortController();
    const fakeAtlas = await openFakeAtlas((seen, response) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      if (seen.method === "DELETE")
        return json(response, 409, {
          error: 409,
          errorCode: "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS",
        });
      if (!seen.path.includes("/flexClusters"))
        return json(response, 200, { id: anyGroup, name: "shop" });
      caller.abort();
      return json(response, 200, { results: [], totalCount: 0 });
    });
    const work = benchFor(fakeAtlas.url).work({ caller: caller.signal });
    const { spec } = projectDeleteSpec(work, anyGroup, "shop", anyGroup);
    expect(await failureOf(deleteResource(spec, work))).toMatchObject({ outcome: "not_deleted" });
    expect(fakeAtlas.api().filter((one) => one.method === "DELETE")).toHaveLength(1);
  });
});

describe("a project whose name has hidden characters", () => {
  it.each(["sh\u200bop", "sh\\u{200b}op"])("is deleted by the name %j", async (name) => {
    let deleted = false;
    const fakeAtlas = await openFakeAtlas((seen, response) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      if (seen.method === "DELETE") {
        deleted = true;
        return json(response, 202, {});
      }
      if (seen.path.includes("/flexClusters"))
        return json(response, 200, { results: [], totalCount: 0 });
      return deleted
        ? json(response, 404, { error: 404, errorCode: "GROUP_NOT_FOUND" })
        : json(response, 200, { id: anyGroup, name: "sh\u200bop" });
    });
    expect(await removeProject(benchFor(fakeAtlas.url), anyGroup, name)).toMatchObject({
      outcome: "deleted",
    });
  });
});

describe("the end of a project", () => {
  it("is seen where Atlas says that its caller is not in it any more", async () => {
    let looks = 0;
    const fakeAtlas = await openFakeAtlas((seen, response) => {
      if (!seen.path.startsWith("/api/atlas/")) return undefined;
      if (seen.method === "DELETE") return json(response, 202, {});
      looks += 1;
      return looks === 1
        ? json(response, 200, { id: anyGroup, name: "shop" })
        : json(response, 401, { error: 401, errorCode: "NOT_IN_GROUP" });
    });
    const work = benchFor(fakeAtlas.url).work();
    const { spec } = projectDeleteSpec(work, anyGroup, "shop", anyGroup);
    expect(await deleteResource(spec, work)).toEqual({ outcome: "deleted", gone: true });
  });

  it("is not seen where the caller never was in it", async () => {
    const fakeAtlas = await openFakeAtlas((seen, response) =>
      seen.path.startsWith("/api/atlas/")
        ? json(response, 401, { error: 401, errorCode: "NOT_IN_GROUP" })
        : undefined,
    );
    const removed = removeProject(benchFor(fakeAtlas.url), anyGroup, "shop");
    expect(await failureOf(removed)).toMatchObject({ code: "forbidden", outcome: "not_deleted" });
  });
});
