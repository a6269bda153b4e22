import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

const regionsPath = "clusters/provider/regions";

const startInProject = async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  return { ...harness, id, get: (path: string) => harness.api("GET", `/groups/${id}/${path}`) };
};

test("regions are listed for every provider, the flex size among the sizes", async () => {
  const { get } = await startInProject();
  const response = await get(regionsPath);
  expect([0, 1, 2].map((n) => response.at(`results.${n}.provider`))).toEqual([
    "AWS",
    "GCP",
    "AZURE",
  ]);
  expect(response.at("results.0.instanceSizes.0.name")).toBe("FLEX");
  expect(response.at("results.0.instanceSizes.1.name")).toBe("M10");
});

test("a provider, its sizes and regions have the recorded members in their order", async () => {
  const { get } = await startInProject();
  const response = await get(regionsPath);
  expect(keysOf(response.at("results.0"))).toEqual(["instanceSizes", "provider"]);
  expect(keysOf(response.at("results.0.instanceSizes.0"))).toEqual(["availableRegions", "name"]);
  expect(response.at("results.0.instanceSizes.0.availableRegions.0")).toEqual({
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
  const response = await get(`${regionsPath}?providers=${provider}&tier=FLEX`);
  expect(response.at("totalCount")).toBe(1);
  expect(response.at("results.0.instanceSizes.0.availableRegions")).toHaveLength(count);
});

test.each([
  ["M10", 34, ["US_EAST_1", "US_WEST_2"]],
  ["M20", 34, ["US_EAST_1", "US_WEST_2"]],
  ["M0", 2, ["US_EAST_1"]],
])("AWS has size %s in the recorded %i regions", async (tier, count, recommended) => {
  const { get } = await startInProject();
  const response = await get(`${regionsPath}?providers=AWS&tier=${tier}`);
  const regions = response.at("results.0.instanceSizes.0.availableRegions");
  expect(regions).toHaveLength(count);
  const defaults = (regions as { default: boolean; name: string }[]).filter((one) => one.default);
  expect(defaults.map(({ name }) => name)).toEqual(recommended);
});

test("providers can be repeated, and the self link repeats them", async () => {
  const { get } = await startInProject();
  const response = await get(`${regionsPath}?providers=GCP&providers=AWS&tier=M10`);
  expect(response.at("results.0")).toEqual({ instanceSizes: [], provider: "GCP" });
  expect(response.at("results.1.instanceSizes.0.availableRegions")).toHaveLength(34);
  expect(response.string("links.0.href")).toContain(
    "?providers=GCP&providers=AWS&tier=M10&pageNum=1&itemsPerPage=100",
  );
});

test("an unknown provider is invalid", async () => {
  const { get } = await startInProject();
  const response = await get(`${regionsPath}?providers=bogus`);
  expect([response.status, response.at("detail")]).toEqual([400, "No provider bogus exists."]);
});
