import { expect, test } from "vitest";
import { start } from "../harness.ts";

type Endpoint = { method: string; path: string };
type EndpointSet = {
  endpointSetId: string;
  endpointSetName: string;
  scope: string;
  capacity: { value: number };
  endpoints: Endpoint[];
};

const list = async (query = "") => {
  const { api } = await start();
  const response = await api("GET", `/rateLimits?itemsPerPage=500${query}`);
  return { api, response, sets: response.at("results") as EndpointSet[] };
};

test("an endpoint set has its limits and its endpoints, and is read by its id", async () => {
  const { api, sets } = await list();
  const flex = sets.find(({ endpointSetName }) => endpointSetName === "Flex Clusters");
  expect(flex).toMatchObject({
    capacity: { defaultValue: 1200, value: 1200 },
    endpointSetId: "flexClusters_group",
    refillDurationSeconds: { defaultValue: 60, value: 60 },
    refillRate: { defaultValue: 500, value: 500 },
    scope: "GROUP",
  });
  expect(flex?.endpoints).toContainEqual({
    method: "POST",
    path: "/api/atlas/v2/groups/{groupId}/flexClusters",
  });
  expect((await api("GET", "/rateLimits/flexClusters_group")).at()).toEqual(flex);
});

test("the capacity is that of the header", async () => {
  const { response, sets } = await list();
  const own = sets.find(({ endpointSetId }) => endpointSetId === "rateLimitsInspection_user");
  expect(response.headers.get("ratelimit-limit")).toBe(`${own?.capacity.value}`);
  expect(own?.endpoints).toHaveLength(2);
});

test("ids are unique, and each endpoint is in one set", async () => {
  const { sets } = await list();
  expect(new Set(sets.map(({ endpointSetId }) => endpointSetId)).size).toBe(sets.length);
  const endpoints = sets.flatMap((set) =>
    set.endpoints.map(({ method, path }) => `${method} ${path}`),
  );
  expect(new Set(endpoints).size).toBe(endpoints.length);
});

test.each([
  ["&groupId=32b6e34b3d91647abb20e7b8", "GROUP"],
  ["&orgId=32b6e34b3d91647abb20e7b8", "ORGANIZATION"],
  ["&userId=mdb_sa_id_1234567890abcdef12345678", "USER"],
  ["&ipAddress=192.0.2.1", "IP"],
])("%s shows sets of scope %s only", async (query, scope) => {
  const { sets } = await list(query);
  expect(new Set(sets.map((set) => set.scope))).toEqual(new Set([scope]));
});

test.each([
  ["&name=Flex%20Clusters", ["Flex Clusters"]],
  ["&endpointPath=%2Fapi%2Fatlas%2Fv2%2Forgs", ["Organizations"]],
])("%s filters", async (query, names) => {
  const { sets } = await list(query);
  expect(sets.map((set) => set.endpointSetName).sort()).toEqual(names);
});

test("an unknown endpoint set is not found", async () => {
  const { api } = await list();
  expect((await api("GET", "/rateLimits/nothing")).at("errorCode")).toBe("RESOURCE_NOT_FOUND");
});
