import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

test("envelope wraps a resource with its status", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const response = await api("GET", `/groups/${id}?envelope=true`);
  expect(keysOf(response.at())).toEqual(["status", "content"]);
  expect(response.at()).toMatchObject({ status: 200, content: { id, name: "shop" } });
});

test("envelope wraps the answer to a create with its own status", async () => {
  const { api, sandbox } = await start();
  const body = { name: "shop", orgId: sandbox.orgId };
  const response = await api("POST", "/groups?envelope=true", { body });
  expect(response.at()).toMatchObject({ status: 201, content: { name: "shop" } });
});

test("a list is its own envelope: it gains the status", async () => {
  const { api } = await start();
  const response = await api("GET", "/groups?envelope=true");
  expect(keysOf(response.at())).toEqual(["links", "results", "status", "totalCount"]);
  expect(response.at("status")).toBe(200);
});

test("envelope wraps errors too", async () => {
  const { api } = await start();
  const response = await api("GET", "/groups/nonsense?envelope=true");
  expect(response.status).toBe(404);
  expect(response.at()).toMatchObject({ status: 404, content: { errorCode: "INVALID_GROUP_ID" } });
});

test("pretty indents as Atlas does", async () => {
  const { api } = await start();
  const response = await api("GET", "/groups/nonsense?pretty=true");
  expect(response.text).toBe(
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

test("a path that the API does not have is not found", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const response = await api("GET", `/groups/${id}/nonsense`);
  expect(response.status).toBe(404);
  expect(response.at()).toMatchObject({
    detail: `Cannot find resource /api/atlas/v2/groups/${id}/nonsense.`,
    errorCode: "RESOURCE_NOT_FOUND",
  });
});

test.each([
  ["PUT", "/groups", "GET, POST"],
  ["POST", "/orgs", "GET"],
  ["PATCH", "", "GET"],
  ["PUT", "/groups/32b6e34b3d91647abb20e7b8/flexClusters/one", "GET, PATCH, DELETE"],
])("%s of the path %j is 405 with what is allowed and no body", async (method, path, allowed) => {
  const { api, control } = await start();
  const response = await api(method, path, { body: {} });
  expect([response.status, response.headers.get("allow"), response.text]).toEqual([
    405,
    allowed,
    "",
  ]);
  expect((await control("GET", "/state")).at("requests.1")).toMatchObject({
    operation: null,
    status: 405,
  });
});

test("a wrong method is not told to a caller without credentials", async () => {
  const { api } = await start();
  expect((await api("PUT", "/groups", { token: "bad" })).status).toBe(401);
});
