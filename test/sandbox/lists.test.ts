import { expect, test } from "vitest";
import { keysOf, start } from "./harness.ts";

async function startWithFive() {
  const harness = await start();
  for (const name of ["a", "b", "c", "d", "e"]) await harness.createProject(name);
  return harness;
}

test("pages cut the list, and their links lead on and back", async () => {
  const { api, links } = await startWithFive();
  const answer = await api("GET", "/groups?itemsPerPage=2&pageNum=2");
  const groups = `${links}/groups?includeCount=true`;
  expect([answer.at("results.0.name"), answer.at("results.1.name")]).toEqual(["c", "d"]);
  expect(answer.at("totalCount")).toBe(5);
  expect(answer.at("links")).toEqual([
    { href: `${groups}&pageNum=1&itemsPerPage=2`, rel: "previous" },
    { href: `${groups}&pageNum=2&itemsPerPage=2`, rel: "self" },
    { href: `${groups}&pageNum=3&itemsPerPage=2`, rel: "next" },
  ]);
});

test("following next leads through the whole list once", async () => {
  const { api, links } = await startWithFive();
  const names: unknown[] = [];
  let path: string | undefined = "/groups?itemsPerPage=2";
  while (path !== undefined) {
    const answer = await api("GET", path);
    const results = answer.at("results");
    if (Array.isArray(results)) names.push(...results.map(({ name }) => name));
    const page = answer.at("links");
    const next = Array.isArray(page) ? page.find(({ rel }) => rel === "next") : undefined;
    path = next?.href.slice(links.length);
  }
  expect(names).toEqual(["a", "b", "c", "d", "e"]);
});

test("a page past the end is empty and keeps the count", async () => {
  const { api } = await startWithFive();
  const answer = await api("GET", "/groups?pageNum=9");
  expect(answer.at()).toMatchObject({ results: [], totalCount: 5 });
});

test("includeCount=false leaves the count out", async () => {
  const { api } = await startWithFive();
  const answer = await api("GET", "/groups?includeCount=false");
  expect(keysOf(answer.at())).toEqual(["links", "results"]);
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
  const answer = await api("GET", `/groups?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.at()).toMatchObject({
    detail: `Invalid query parameter ${parameter} specified.`,
    errorCode: "INVALID_QUERY_PARAMETER",
    parameters: [parameter],
  });
});

test("500 items are the most of a page", async () => {
  const { api } = await start();
  expect((await api("GET", "/groups?itemsPerPage=500")).status).toBe(200);
});

test("envelope wraps a resource with its status", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const answer = await api("GET", `/groups/${id}?envelope=true`);
  expect(keysOf(answer.at())).toEqual(["status", "content"]);
  expect(answer.at()).toMatchObject({ status: 200, content: { id, name: "shop" } });
});

test("envelope wraps the answer to a create with its own status", async () => {
  const { api, sandbox } = await start();
  const body = { name: "shop", orgId: sandbox.orgId };
  const answer = await api("POST", "/groups?envelope=true", { body });
  expect(answer.at()).toMatchObject({ status: 201, content: { name: "shop" } });
});

test("a list is its own envelope: it gains the status", async () => {
  const { api } = await start();
  const answer = await api("GET", "/groups?envelope=true");
  expect(keysOf(answer.at())).toEqual(["links", "results", "status", "totalCount"]);
  expect(answer.at("status")).toBe(200);
});

test("envelope wraps errors too", async () => {
  const { api } = await start();
  const answer = await api("GET", "/groups/nonsense?envelope=true");
  expect(answer.status).toBe(404);
  expect(answer.at()).toMatchObject({ status: 404, content: { errorCode: "INVALID_GROUP_ID" } });
});

test("pretty indents as Atlas does", async () => {
  const { api } = await start();
  const answer = await api("GET", "/groups/nonsense?pretty=true");
  expect(answer.text).toBe(
    '{\n  "detail" : "An invalid group ID nonsense was specified.",\n  "error" : 404,\n  "errorCode" : "INVALID_GROUP_ID",\n  "parameters" : [ "nonsense" ],\n  "reason" : "Not Found"\n}',
  );
});

test("pretty nests objects within lists", async () => {
  const { api } = await start();
  const { text } = await api("GET", "/groups?pretty=true&includeCount=false");
  expect(text).toMatch(
    /^\{\n {2}"links" : \[ \{\n {4}"href" : ".*",\n {4}"rel" : "self"\n {2}\} \],\n/,
  );
  expect(text).toMatch(/"results" : \[ \]\n\}$/);
});
