import { describe, expect, it } from "vitest";
import { readProjectDetails } from "../../src/operations/project-details.ts";
import {
  groupId as anyGroup,
  benchFor,
  failureOf,
  openFakeAtlas,
  startSandboxBench,
} from "../support/atlas.ts";
import { json } from "../support/fake-atlas.ts";
import { ensureCluster, ensureEntry, ensureProject, ensureUser, password } from "./creating.ts";

const roles = [{ roleName: "readWriteAnyDatabase", databaseName: "admin" }];

describe("the details of a project", () => {
  it("are the project with all that is in it", async () => {
    const sandboxBench = await startSandboxBench();
    const { resource } = await ensureProject(sandboxBench, {
      name: "shop",
      orgId: sandboxBench.sandbox.orgId,
    });
    const groupId = resource.id ?? "";
    const providerSettings = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;
    await ensureCluster(sandboxBench, groupId, { name: "c-0", providerSettings });
    await ensureUser(sandboxBench, groupId, { username: "app", databaseName: "admin", roles });
    await ensureEntry(sandboxBench, groupId, { ipAddress: "203.0.113.7" });
    const details = await readProjectDetails(sandboxBench.work(), groupId);
    expect(details).toMatchObject({
      project: { id: groupId, name: "shop" },
      clusters: [{ name: "c-0" }],
      databaseUsers: [{ username: "app", roles }],
      accessListEntries: [{ ipAddress: "203.0.113.7", cidrBlock: "203.0.113.7/32" }],
      totals: { clusters: 1, databaseUsers: 1, accessListEntries: 1 },
    });
    expect(details).not.toHaveProperty("leftOut");
    expect(JSON.stringify(details)).not.toContain(password);
  });

  it("of one that is empty are empty lists", async () => {
    const sandboxBench = await startSandboxBench();
    const { resource } = await ensureProject(sandboxBench, {
      name: "shop",
      orgId: sandboxBench.sandbox.orgId,
    });
    expect(await readProjectDetails(sandboxBench.work(), resource.id ?? "")).toMatchObject({
      clusters: [],
      databaseUsers: [],
      accessListEntries: [],
      totals: { clusters: 0, databaseUsers: 0, accessListEntries: 0 },
    });
  });

  it("of one that is not there are not found", async () => {
    const sandboxBench = await startSandboxBench();
    expect((await failureOf(readProjectDetails(sandboxBench.work(), anyGroup))).code).toBe(
      "not_found",
    );
  });
});

/** An Atlas whose lists are as long as told; a page has no more than it was asked for. */
const atlasWith = async (counts: Record<string, number>, textLength: number) => {
  const fakeAtlas = await openFakeAtlas((seen, response) => {
    if (!seen.path.startsWith("/api/atlas/")) return undefined;
    const url = new URL(seen.path, "http://atlas");
    const list = url.pathname.split("/")[6];
    if (list === undefined) return json(response, 200, { id: anyGroup, name: "shop" });
    const [size, page] = ["itemsPerPage", "pageNum"].map((name) =>
      Number(url.searchParams.get(name)),
    );
    const totalCount = counts[list] ?? 0;
    const all = Array.from({ length: totalCount }, (_, at) => ({
      id: `${at}`.padStart(24, "0"),
      name: `c-${at}`,
      username: `u-${at}`,
      databaseName: "admin",
      cidrBlock: "203.0.113.0/24",
      at,
      text: "é".repeat(textLength),
    }));
    const from = ((page ?? 1) - 1) * (size ?? 100);
    return json(response, 200, { results: all.slice(from, from + (size ?? 100)), totalCount });
  });
  return { fakeAtlas, details: await readProjectDetails(benchFor(fakeAtlas.url).work(), anyGroup) };
};

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe("the details of a large project", () => {
  it("have all pages behind their totals, and say what was left out", async () => {
    const counts = { flexClusters: 3, databaseUsers: 1201, accessList: 0 };
    const { fakeAtlas, details } = await atlasWith(counts, 10);
    expect(details.totals).toEqual({ clusters: 3, databaseUsers: 1201, accessListEntries: 0 });
    expect(details.clusters).toHaveLength(3);
    expect(details.leftOut).toEqual({ databaseUsers: 1201 - details.databaseUsers.length });
    expect(fakeAtlas.api().filter(({ path }) => path.includes("databaseUsers"))).toHaveLength(3);
  });

  it.each([
    { flexClusters: 25, databaseUsers: 100, accessList: 200 },
    { flexClusters: 500, databaseUsers: 500, accessList: 500 },
    { flexClusters: 0, databaseUsers: 0, accessList: 5000 },
  ])("(%o) are at most 40 KB, and make use of them", async (counts) => {
    const { details } = await atlasWith(counts, 100);
    expect(bytesOf(details)).toBeLessThanOrEqual(40_000);
    expect(bytesOf(details)).toBeGreaterThan(38_000);
  });

  it("leave the smaller lists whole where one is too long", async () => {
    const counts = { flexClusters: 25, databaseUsers: 20, accessList: 2000 };
    const { details } = await atlasWith(counts, 100);
    expect([details.clusters, details.databaseUsers].map((list) => list.length)).toEqual([25, 20]);
    expect(Object.keys(details.leftOut ?? {})).toEqual(["accessListEntries"]);
  });
});
