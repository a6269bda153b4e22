import { expect, test } from "vitest";
import { start } from "../harness.ts";

const unknownId = "32b6e34b3d91647abb20e7b8";

test("updateGroup renames, replaces tags and keeps what it is not told", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const tags = [{ key: "env", value: "test" }];
  const response = await api("PATCH", `/groups/${id}`, { body: { name: "store", tags } });
  expect(response.at()).toMatchObject({ id, name: "store", tags, withDefaultAlertsSettings: true });
  expect((await api("PATCH", `/groups/${id}`, { body: { tags: [] } })).at()).toMatchObject({
    name: "store",
    tags: [],
  });
});

test("updateGroup takes only what is documented", async () => {
  const { api, createProject } = await start();
  const id = await createProject("shop");
  const response = await api("PATCH", `/groups/${id}`, { body: { orgId: unknownId } });
  expect(response.at("errorCode")).toBe("INVALID_ATTRIBUTE");
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
  const response = await api("DELETE", `/groups/${id}`);
  expect([response.status, response.text]).toEqual([202, "{}"]);
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

test("a deleted project takes its users and its access list along", async () => {
  const { addEntries, api, control, createProject, createUser } = await start();
  const id = await createProject("shop");
  const other = await createProject("other");
  for (const group of [id, other]) {
    await createUser(group, "ann");
    await addEntries(group, { ipAddress: "10.0.0.1" });
  }
  const response = await api("DELETE", `/groups/${id}`);
  expect([response.status, response.text]).toEqual([202, "{}"]);
  for (const list of ["databaseUsers", "accessList", "flexClusters"]) {
    expect((await api("GET", `/groups/${id}/${list}`)).at("errorCode")).toBe("GROUP_NOT_FOUND");
  }
  expect((await control("GET", "/state")).at()).toMatchObject({
    projects: [{ id: other }],
    users: [{ groupId: other }],
    accessList: [{ groupId: other }],
  });
});

test("the number of a project's clusters follows them", async () => {
  const { api, createCluster, createProject, createUser, pass } = await start();
  const id = await createProject("shop");
  await createUser(id, "ann");
  await createCluster(id, "one");
  expect((await api("GET", `/groups/${id}`)).at("clusterCount")).toBe(1);
  await api("DELETE", `/groups/${id}/flexClusters/one`);
  pass(1000);
  expect((await api("GET", `/groups/${id}`)).at("clusterCount")).toBe(0);
});
