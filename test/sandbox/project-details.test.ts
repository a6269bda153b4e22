import { expect, test } from "vitest";
import { keysOf, start } from "./harness.ts";

const REGIONS = "clusters/provider/regions";
const LIMIT = "atlas.project.deployment.clusters";

async function startInProject() {
  const harness = await start();
  const id = await harness.createProject("shop");
  return { ...harness, id, get: (path: string) => harness.api("GET", `/groups/${id}/${path}`) };
}

test("regions are listed for every provider, the flex size among the sizes", async () => {
  const { get } = await startInProject();
  const answer = await get(REGIONS);
  expect([0, 1, 2].map((n) => answer.at(`results.${n}.provider`))).toEqual(["AWS", "GCP", "AZURE"]);
  expect(answer.at("results.0.instanceSizes.0.name")).toBe("FLEX");
  expect(answer.at("results.0.instanceSizes.1.name")).toBe("M10");
});

test("a provider, its sizes and regions have the recorded members in their order", async () => {
  const { get } = await startInProject();
  const answer = await get(REGIONS);
  expect(keysOf(answer.at("results.0"))).toEqual(["instanceSizes", "provider"]);
  expect(keysOf(answer.at("results.0.instanceSizes.0"))).toEqual(["availableRegions", "name"]);
  expect(answer.at("results.0.instanceSizes.0.availableRegions.0")).toEqual({
    default: true,
    name: "US_EAST_1",
  });
});

test.each([
  ["AWS", 15],
  ["GCP", 9],
  ["AZURE", 10],
])("%s has %i flex regions", async (provider, count) => {
  const { get } = await startInProject();
  const answer = await get(`${REGIONS}?providers=${provider}&tier=FLEX`);
  expect(answer.at("totalCount")).toBe(1);
  expect(answer.at("results.0.instanceSizes.0.availableRegions")).toHaveLength(count);
});

test("providers can be repeated, and the self link repeats them", async () => {
  const { get } = await startInProject();
  const answer = await get(`${REGIONS}?providers=GCP&providers=AWS&tier=M10`);
  expect(answer.at("results.0")).toEqual({ instanceSizes: [], provider: "GCP" });
  expect(answer.at("results.1.instanceSizes.0.availableRegions")).toHaveLength(34);
  expect(answer.string("links.0.href")).toContain(
    "?includeCount=true&providers=GCP&providers=AWS&tier=M10&pageNum=1&itemsPerPage=100",
  );
});

test("an unknown provider is invalid", async () => {
  const { get } = await startInProject();
  const answer = await get(`${REGIONS}?providers=bogus`);
  expect([answer.status, answer.at("detail")]).toEqual([400, "No provider bogus exists."]);
});

test("the limit of clusters shows what is used of it", async () => {
  const { createCluster, get, id } = await startInProject();
  await createCluster(id, "one");
  const limit = {
    currentUsage: 1,
    defaultLimit: 25,
    maximumLimit: 100,
    name: LIMIT,
    value: 25,
  };
  expect((await get(`limits/${LIMIT}`)).at()).toEqual(limit);
  expect((await get("limits")).at()).toEqual([limit]);
});

test("a limit that the sandbox does not keep is not found", async () => {
  const { get } = await startInProject();
  const answer = await get("limits/atlas.project.security.databaseAccess.users");
  expect([answer.status, answer.at("errorCode")]).toEqual([404, "RESOURCE_NOT_FOUND"]);
});

test("the system status names the service and, for a service account, no key", async () => {
  const { api, links } = await start();
  const answer = await api("GET", "");
  expect(answer.at()).toEqual({
    apiKey: null,
    appName: "MongoDB Atlas",
    build: expect.stringMatching(/^[0-9a-f]{40}$/),
    links: [{ href: `${links}`, rel: "self" }],
    throttling: false,
  });
});

test("a path that the API does not have is not found", async () => {
  const { get, id } = await startInProject();
  const answer = await get("nonsense");
  expect(answer.status).toBe(404);
  expect(answer.at()).toMatchObject({
    detail: `Cannot find resource /api/atlas/v2/groups/${id}/nonsense.`,
    errorCode: "RESOURCE_NOT_FOUND",
  });
});
