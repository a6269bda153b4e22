import { expect, test } from "vitest";
import { keysOf, start } from "./harness.ts";

const UNKNOWN = "32b6e34b3d91647abb20e7b8";

test("getGroup answers as recorded: tags always, seven links", async () => {
  const { api, createProject } = await start();
  const answer = await api("GET", `/groups/${await createProject("shop")}`);
  expect(answer.status).toBe(200);
  expect(keysOf(answer.at())).toEqual([
    "clusterCount",
    "created",
    "id",
    "links",
    "name",
    "orgId",
    "tags",
    "withDefaultAlertsSettings",
  ]);
  expect(answer.at("tags")).toEqual([]);
  expect(answer.at("links.6.rel")).toBe("https://cloud.mongodb.com/whitelist");
});

test("an unknown project is not found, in Atlas's words", async () => {
  const { api } = await start();
  const answer = await api("GET", `/groups/${UNKNOWN}`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get("x-error-code")).toBe("GROUP_NOT_FOUND");
  expect(answer.text).toBe(
    `{"detail":"No group with ID ${UNKNOWN} exists.","error":404,"errorCode":"GROUP_NOT_FOUND","parameters":["${UNKNOWN}"],"reason":"Not Found"}`,
  );
});

test("errors are plain JSON, whatever version was asked for", async () => {
  const { api } = await start();
  const answer = await api("GET", `/groups/${UNKNOWN}`);
  expect(answer.headers.get("content-type")).toBe("application/json");
});

test("a malformed project id is invalid", async () => {
  const { api } = await start();
  const answer = await api("GET", "/groups/nonsense");
  expect([answer.status, answer.at("errorCode")]).toEqual([404, "INVALID_GROUP_ID"]);
});

test("listGroups is in the order of names, upper case first, with only the self link", async () => {
  const { api, links, createProject } = await start();
  for (const name of ["beta", "alpha", "Zeta"]) await createProject(name);
  const answer = await api("GET", "/groups");
  expect([0, 1, 2].map((n) => answer.at(`results.${n}.name`))).toEqual(["Zeta", "alpha", "beta"]);
  const id = answer.string("results.0.id");
  expect(answer.at("results.0.links")).toEqual([{ href: `${links}/groups/${id}`, rel: "self" }]);
  expect(answer.at("results.0.tags")).toEqual([]);
});

test("an empty list is 200 with no results", async () => {
  const { api } = await start();
  const answer = await api("GET", "/groups");
  expect(answer.at()).toMatchObject({ results: [], totalCount: 0 });
});

test("a project is found by its name, spaces and all", async () => {
  const { api, createProject } = await start();
  const id = await createProject("Atlas CLI E2E");
  expect((await api("GET", "/groups/byName/Atlas%20CLI%20E2E")).at("id")).toBe(id);
});

test("a name that nobody has answers 401, as the live API does", async () => {
  const { api } = await start();
  const answer = await api("GET", "/groups/byName/nobody");
  expect([answer.status, answer.at("errorCode")]).toEqual([401, "NOT_IN_GROUP"]);
});

test("a project may be called like one of the paths below it", async () => {
  const { api, createProject } = await start();
  const id = await createProject("limits");
  expect((await api("GET", "/groups/byName/limits")).at("id")).toBe(id);
});

test("updateGroup renames, replaces tags and keeps what it is not told", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const tags = [{ key: "env", value: "test" }];
  const answer = await api("PATCH", `/groups/${id}`, { body: { name: "store", tags } });
  expect(answer.at()).toMatchObject({ id, name: "store", tags, withDefaultAlertsSettings: true });
  expect((await api("PATCH", `/groups/${id}`, { body: { tags: [] } })).at()).toMatchObject({
    name: "store",
    tags: [],
  });
});

test("updateGroup takes only what is documented", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const answer = await api("PATCH", `/groups/${id}`, { body: { orgId: UNKNOWN } });
  expect(answer.at("errorCode")).toBe("INVALID_ATTRIBUTE");
});

test("a project cannot take the name of another, but may keep its own", async () => {
  const { api, createProject } = await start();
  await createProject("taken");
  const id = await createProject("shop");
  const patch = (name: string) => api("PATCH", `/groups/${id}`, { body: { name } });
  expect((await patch("taken")).at("errorCode")).toBe("GROUP_ALREADY_EXISTS");
  expect((await patch("shop")).status).toBe(200);
});

test("a refused update changes nothing", async () => {
  const { api, createProject } = await start();
  await createProject("taken");
  const id = await createProject("shop");
  const tags = [{ key: "env", value: "test" }];
  await api("PATCH", `/groups/${id}`, { body: { name: "taken", tags } });
  expect((await api("GET", `/groups/${id}`)).at()).toMatchObject({ name: "shop", tags: [] });
});

test("deleteGroup answers 202 with an empty object, and the project is gone", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const answer = await api("DELETE", `/groups/${id}`);
  expect([answer.status, answer.text]).toEqual([202, "{}"]);
  expect((await api("GET", `/groups/${id}`)).status).toBe(404);
});

test("a deleted project's name is free at once", async () => {
  const { api, createProject } = await start();
  await api("DELETE", `/groups/${await createProject("shop")}`);
  expect(await createProject("shop")).toMatch(/^[a-f0-9]{24}$/);
});

test("a project with clusters cannot be deleted, not even while the last is going", async () => {
  const { api, createCluster, createProject, pass } = await start();
  const id = await createProject("shop");
  await createCluster(id, "one");
  const refused = await api("DELETE", `/groups/${id}`);
  expect(refused.status).toBe(409);
  expect(refused.at("errorCode")).toBe("CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS");
  await api("DELETE", `/groups/${id}/flexClusters/one`);
  expect((await api("DELETE", `/groups/${id}`)).status).toBe(409);
  pass(1000);
  expect((await api("DELETE", `/groups/${id}`)).status).toBe(202);
});

test("clusterCount follows the clusters", async () => {
  const { api, createCluster, createProject, pass } = await start();
  const id = await createProject("shop");
  const count = async () => (await api("GET", `/groups/${id}`)).at("clusterCount");
  await createCluster(id, "one");
  await createCluster(id, "two");
  expect(await count()).toBe(2);
  await api("DELETE", `/groups/${id}/flexClusters/one`);
  pass(1000);
  expect(await count()).toBe(1);
});
