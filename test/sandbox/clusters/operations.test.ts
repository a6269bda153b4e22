import { expect, test } from "vitest";
import { start } from "../harness.ts";

const vendor = (date: string): string => `application/vnd.atlas.${date}+json`;

const startInProject = async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.createCluster(id, "flex");
  return { ...harness, id, path: `/groups/${id}/clusters` };
};

test("the list of free and dedicated clusters has no flex cluster", async () => {
  const { api, links, path } = await startInProject();
  expect((await api("GET", path)).at()).toEqual({
    links: [{ href: `${links}${path}?pageNum=1&itemsPerPage=100`, rel: "self" }],
    results: [],
    totalCount: 0,
  });
});

test("its links repeat whether deleted clusters were asked for, and nothing else is a flag", async () => {
  const { api, path } = await startInProject();
  const query = "includeDeletedWithRetainedBackups";
  expect((await api("GET", `${path}?${query}=false`)).string("links.0.href")).toContain(
    `?${query}=false&pageNum=1&itemsPerPage=100`,
  );
  const response = await api("GET", `${path}?${query}=perhaps`);
  expect([response.status, response.at("errorCode")]).toEqual([400, "INVALID_QUERY_PARAMETER"]);
});

test("a flex cluster cannot be used there, in Atlas's words", async () => {
  const { api, path } = await startInProject();
  expect((await api("GET", `${path}/flex`)).at()).toEqual({
    detail: "Flex cluster flex cannot be used in the Cluster API.",
    error: 400,
    errorCode: "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
    parameters: ["flex"],
    reason: "Bad Request",
  });
});

test("no cluster of the name is not found", async () => {
  const { api, id, path } = await startInProject();
  const response = await api("GET", `${path}/none`);
  expect([response.status, response.at("errorCode"), response.at("parameters")]).toEqual([
    404,
    "CLUSTER_NOT_FOUND",
    ["none", id],
  ]);
});

test("of an unknown project there is neither", async () => {
  const { api } = await startInProject();
  const unknown = "/groups/32b6e34b3d91647abb20e7b8/clusters";
  for (const path of [unknown, `${unknown}/flex`])
    expect((await api("GET", path)).at("errorCode")).toBe("GROUP_NOT_FOUND");
});

test.each([
  ["2023-01-01", "2023-01-01"],
  ["2023-02-01", "2023-02-01"],
  ["2024-05-30", "2023-02-01"],
  ["2024-08-05", "2024-08-05"],
  ["2025-03-12", "2024-08-05"],
])("version %s resolves to %s", async (asked, resolved) => {
  const { api, path } = await startInProject();
  const response = await api("GET", path, { accept: vendor(asked) });
  expect(response.headers.get("content-type")).toBe(`${vendor(resolved)};charset=utf-8`);
});
