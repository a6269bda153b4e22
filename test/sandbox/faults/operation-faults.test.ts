import { expect, test } from "vitest";
import { create, projectNames, start } from "../harness.ts";

test("stale_reads hides a new project from so many reads, by list or by id", async () => {
  const harness = await start();
  await harness.script("createGroup", "stale_reads:3");
  const id = (await create(harness)).string("id");
  const { api, sandbox } = harness;
  expect((await api("GET", `/orgs/${sandbox.orgId}/groups?name=shop`)).at("totalCount")).toBe(0);
  expect((await api("GET", "/groups")).at("totalCount")).toBe(0);
  expect((await api("GET", `/groups/${id}`)).at("errorCode")).toBe("GROUP_NOT_FOUND");
  expect((await api("GET", `/groups/${id}`)).status).toBe(200);
});

test("what reads do not see still holds its name", async () => {
  const harness = await start();
  await harness.script("createGroup", "stale_reads:9");
  await create(harness);
  expect((await create(harness)).at("errorCode")).toBe("GROUP_ALREADY_EXISTS");
});

test("stale_reads hides a new cluster too", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("createGroupFlexCluster", "stale_reads:1");
  await harness.createCluster(id, "one");
  const path = `/groups/${id}/flexClusters/one`;
  expect((await harness.api("GET", path)).at("errorCode")).toBe("CLUSTER_NOT_FOUND");
  expect((await harness.api("GET", path)).status).toBe(200);
});

test("stuck_creating never comes to an end", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("createGroupFlexCluster", "stuck_creating");
  await harness.createCluster(id, "one");
  harness.pass(3_000_000);
  const response = await harness.api("GET", `/groups/${id}/flexClusters/one`);
  expect(response.at("stateName")).toBe("CREATING");
});

test("ignored_delete says yes and does nothing", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.createCluster(id, "one");
  const path = `/groups/${id}/flexClusters/one`;
  await harness.script("*", "ignored_delete");
  expect((await harness.api("DELETE", path)).status).toBe(204);
  harness.pass(10_000);
  expect((await harness.api("GET", path)).at("stateName")).toBe("IDLE");
});

test("racy lets two projects have one name", async () => {
  const harness = await start();
  await harness.script("createGroup", "racy", 2);
  const [first, second] = await Promise.all([create(harness), create(harness)]);
  expect([first.status, second.status]).toEqual([201, 201]);
  const response = await harness.api("GET", "/groups/byName/shop");
  expect([response.status, response.at("errorCode")]).toEqual([409, "MULTIPLE_GROUPS"]);
});

test("racy with a time misses only the names of younger projects", async () => {
  const harness = await start();
  await create(harness);
  harness.pass(499);
  await harness.script("createGroup", "racy:500", 2);
  expect((await create(harness)).status).toBe(201);
  harness.pass(1);
  expect((await create(harness)).at("errorCode")).toBe("GROUP_ALREADY_EXISTS");
  harness.pass(1000);
  expect((await create(harness)).at("errorCode")).toBe("GROUP_ALREADY_EXISTS");
});

test.each(["racy+delay:10", "racy:1000+delay:10", "racy:1000+stale_reads:1+commit_then_500"])(
  "%s lets two projects have one name",
  async (fault) => {
    const harness = await start();
    await harness.script("createGroup", fault, 2);
    await Promise.all([create(harness), create(harness)]);
    expect(await projectNames(harness)).toEqual(["shop", "shop"]);
  },
);
