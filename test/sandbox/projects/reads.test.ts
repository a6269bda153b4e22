import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

const unknownId = "32b6e34b3d91647abb20e7b8";

test("getGroup answers as recorded: tags always, seven links", async () => {
  const { api, createProject } = await start();
  const response = await api("GET", `/groups/${await createProject("shop")}`);
  expect(response.status).toBe(200);
  expect(keysOf(response.at())).toEqual([
    "clusterCount",
    "created",
    "id",
    "links",
    "name",
    "orgId",
    "tags",
    "withDefaultAlertsSettings",
  ]);
  expect(response.at("tags")).toEqual([]);
  expect(response.at("links.6.rel")).toBe("https://cloud.mongodb.com/whitelist");
});

test("an unknown project is not found, in Atlas's words", async () => {
  const { api } = await start();
  const response = await api("GET", `/groups/${unknownId}`);
  expect(response.status).toBe(404);
  expect(response.headers.get("x-error-code")).toBe("GROUP_NOT_FOUND");
  expect(response.text).toBe(
    `{"detail":"No group with ID ${unknownId} exists.","error":404,"errorCode":"GROUP_NOT_FOUND","parameters":["${unknownId}"],"reason":"Not Found"}`,
  );
});

test("errors are plain JSON, whatever version was asked for", async () => {
  const { api } = await start();
  const response = await api("GET", `/groups/${unknownId}`);
  expect(response.headers.get("content-type")).toBe("application/json");
});

test("a malformed project id is invalid", async () => {
  const { api } = await start();
  const response = await api("GET", "/groups/nonsense");
  expect([response.status, response.at("errorCode")]).toEqual([404, "INVALID_GROUP_ID"]);
});

test("listGroups is in the order of names, upper case first, with only the self link", async () => {
  const { api, links, createProject } = await start();
  for (const name of ["beta", "alpha", "Zeta"]) await createProject(name);
  const response = await api("GET", "/groups");
  expect([0, 1, 2].map((n) => response.at(`results.${n}.name`))).toEqual(["Zeta", "alpha", "beta"]);
  const id = response.string("results.0.id");
  expect(response.at("results.0.links")).toEqual([{ href: `${links}/groups/${id}`, rel: "self" }]);
  expect(response.at("results.0.tags")).toEqual([]);
});

test("an empty list is 200 with no results", async () => {
  const { api } = await start();
  const response = await api("GET", "/groups");
  expect(response.at()).toMatchObject({ results: [], totalCount: 0 });
});

test("a project is found by its name, spaces and all", async () => {
  const { api, createProject } = await start();
  const id = await createProject("Atlas CLI E2E");
  expect((await api("GET", "/groups/byName/Atlas%20CLI%20E2E")).at("id")).toBe(id);
});

test("a name that nobody has answers 401, as the live API does", async () => {
  const { api } = await start();
  const response = await api("GET", "/groups/byName/nobody");
  expect([response.status, response.at("errorCode")]).toEqual([401, "NOT_IN_GROUP"]);
});

test("a project may be called like one of the paths below it", async () => {
  const { api, createProject } = await start();
  const id = await createProject("limits");
  expect((await api("GET", "/groups/byName/limits")).at("id")).toBe(id);
});
