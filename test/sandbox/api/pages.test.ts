import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

const startWithFive = async () => {
  const harness = await start();
  for (const name of ["a", "b", "c", "d", "e"]) await harness.createProject(name);
  return harness;
};

test("pages cut the list, and their links lead on and back", async () => {
  const { api, links } = await startWithFive();
  const response = await api("GET", "/groups?itemsPerPage=2&pageNum=2");
  const groups = `${links}/groups`;
  expect([response.at("results.0.name"), response.at("results.1.name")]).toEqual(["c", "d"]);
  expect(response.at("totalCount")).toBe(5);
  expect(response.at("links")).toEqual([
    { href: `${groups}?pageNum=1&itemsPerPage=2`, rel: "previous" },
    { href: `${groups}?pageNum=2&itemsPerPage=2`, rel: "self" },
    { href: `${groups}?itemsPerPage=2&pageNum=3`, rel: "next" },
  ]);
});

test("links repeat the parameters that were sent, in their order", async () => {
  const { api, sandbox, links } = await startWithFive();
  const list = `/orgs/${sandbox.orgId}/groups`;
  const response = await api(
    "GET",
    `${list}?pretty=false&includeCount=true&itemsPerPage=4&name=&pageNum=1`,
  );
  const sent = `${links}${list}?pretty=false&includeCount=true&name=`;
  expect(response.at("links")).toEqual([
    { href: `${sent}&pageNum=1&itemsPerPage=4`, rel: "self" },
    { href: `${sent}&itemsPerPage=4&pageNum=2`, rel: "next" },
  ]);
});

test("following next leads through the whole list once", async () => {
  const { api, links } = await startWithFive();
  const names: unknown[] = [];
  let path: string | undefined = "/groups?itemsPerPage=2";
  while (path !== undefined) {
    const response = await api("GET", path);
    const results = response.at("results");
    if (Array.isArray(results)) names.push(...results.map(({ name }) => name));
    const page = response.at("links");
    const next = Array.isArray(page) ? page.find(({ rel }) => rel === "next") : undefined;
    path = next?.href.slice(links.length);
  }
  expect(names).toEqual(["a", "b", "c", "d", "e"]);
});

test("a page past the end is empty and keeps the count", async () => {
  const { api } = await startWithFive();
  const response = await api("GET", "/groups?pageNum=9");
  expect(response.at()).toMatchObject({ results: [], totalCount: 5 });
});

test("includeCount=false leaves the count out", async () => {
  const { api } = await startWithFive();
  const response = await api("GET", "/groups?includeCount=false");
  expect(keysOf(response.at())).toEqual(["links", "results"]);
});

test.each([
  ["pageNum=0", "pageNum"],
  ["pageNum=two", "pageNum"],
  ["itemsPerPage=0", "itemsPerPage"],
  ["itemsPerPage=501", "itemsPerPage"],
  ["includeCount=maybe", "includeCount"],
  ["envelope=1", "envelope"],
  ["pretty=yes", "pretty"],
])("%s is an invalid query parameter", async (query, parameter) => {
  const { api } = await start();
  const response = await api("GET", `/groups?${query}`);
  expect(response.status).toBe(400);
  expect(response.at()).toMatchObject({
    detail: `Invalid query parameter ${parameter} specified.`,
    errorCode: "INVALID_QUERY_PARAMETER",
    parameters: [parameter],
  });
});

test("500 items are the most of a page", async () => {
  const { api } = await start();
  expect((await api("GET", "/groups?itemsPerPage=500")).status).toBe(200);
});
