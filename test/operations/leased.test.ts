import { describe, expect, it } from "vitest";
import type { Project } from "../../src/atlas/resources/project.ts";
import { surveyProjects } from "../../src/operations/leased.ts";
import { failureOf, groupId, startSandboxBench } from "../support/atlas.ts";
import { somebodyElse } from "../support/leased.ts";

const start = async () => {
  const bench = await startSandboxBench({ provisionMs: 0 });
  const { project, cluster } = somebodyElse(bench.sandbox);
  const shop = await project("shop");
  await cluster(shop, "orders");
  const empty = await project("empty");
  const survey = async (bounds: object = {}, scope: object = {}, known: Project[] = []) =>
    (await surveyProjects({ ...bench.work(), bounds, scope }, known))
      .map((one) => [
        one.project.name ?? one.project.id,
        ...one.clusters.map(({ name }) => name),
        ...(one.failed === undefined ? [] : [one.failed.code]),
      ])
      .sort();
  return { ...bench, shop, empty, project, survey };
};

describe("the survey", () => {
  it("has all projects with their clusters, whatever their count says", async () => {
    const { survey, count } = await start();
    expect(await survey()).toEqual([["empty"], ["shop", "orders"]]);
    expect(await count("listGroupFlexClusters")).toBe(2);
  });

  it("keeps to the bounds", async () => {
    const { survey, sandbox, shop, empty } = await start();
    const other = "32b6e34b3d91647abb20e7b9";
    expect(await survey({ organizations: [sandbox.orgId] })).toHaveLength(2);
    expect(await survey({ organizations: [sandbox.orgId, other] })).toHaveLength(2);
    expect(await survey({ projects: [shop] })).toEqual([["shop", "orders"]]);
    expect(await survey({ projects: [shop, empty], organizations: [other] })).toEqual([]);
    expect(await survey({ projects: [] })).toEqual([]);
  });

  it("tells which projects cannot be read, and leaves out those that are gone", async () => {
    const { survey, script, shop, empty } = await start();
    await script("getGroup", "error:403:USER_UNAUTHORIZED", 1);
    expect(await survey({ projects: [empty, shop, groupId] })).toHaveLength(2);
    await script("listGroupFlexClusters", "error:403:USER_UNAUTHORIZED");
    expect((await survey()).flat().sort()).toContain("forbidden");
    await script("getGroup", "error:404:GROUP_NOT_FOUND", 2);
    await script("listGroupFlexClusters", "error:404:GROUP_NOT_FOUND");
    expect(await survey()).toHaveLength(1);
  });

  it("asks for a project again whose clusters one answer has not found", async () => {
    const { survey, script } = await start();
    await script("listGroupFlexClusters", "error:404:GROUP_NOT_FOUND", 2);
    expect((await survey()).map((one) => one.at(-1))).toEqual(["unavailable", "unavailable"]);
  });

  it("asks for what an earlier survey had and the list has not", async () => {
    const { survey, script, empty, shop } = await start();
    const only = (known: Project[]) => survey({ projects: [empty] }, {}, known);
    const none = (known: Project[]) => survey({ projects: [] }, {}, known);
    const own = { id: shop, name: "shop" };
    expect(await only([{ id: empty }, own])).toEqual([["empty"], ["shop", "unavailable"]]);
    expect(await only([{ id: groupId }])).toEqual([["empty"]]);
    await script("getGroup", "error:404:GROUP_NOT_FOUND");
    expect(await none([own])).toEqual([["shop", "unavailable"]]);
    await script("getGroup", "error:404:GROUP_NOT_FOUND", 2);
    expect(await none([own])).toEqual([]);
    await script("getGroup", "error:401:NOT_IN_GROUP");
    expect(await none([own])).toEqual([["shop", "forbidden"]]);
  });

  it("fails if no project of the settings is there", async () => {
    const { survey } = await start();
    const fixed = survey({}, { groupId });
    expect(await failureOf(fixed)).toMatchObject({ code: "not_found" });
  });

  it("has more projects than a default page", async () => {
    const { survey, project } = await start();
    for (let at = 0; at < 120; at += 1) await project(`p-${at}`);
    expect(await survey()).toHaveLength(122);
  });
});
