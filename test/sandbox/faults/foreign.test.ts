import { expect, test } from "vitest";
import {
  create,
  type Harness,
  keysOf,
  projectNames,
  start,
  type TestResponse,
} from "../harness.ts";

const isId = expect.stringMatching(/^[a-f0-9]{24}$/);

test("commit_then_foreign makes a project and shows another with the same fields", async () => {
  const harness = await start();
  const honest = await create(harness, "first");
  await harness.script("createGroup", "commit_then_foreign");
  const response = await create(harness);
  expect(response.status).toBe(201);
  expect(response.headers.get("content-type")).toBe(honest.headers.get("content-type"));
  expect(keysOf(response.at())).toEqual(keysOf(honest.at()));
  const made = (await harness.control("GET", "/state")).string("projects.1.id");
  expect(response.at("id")).toEqual(isId);
  expect(response.text).not.toContain(made);
  expect(response.at("name")).not.toBe("shop");
  expect(await projectNames(harness)).toEqual(["first", "shop"]);
});

test("foreign shows the project of somebody else and makes none", async () => {
  const harness = await start();
  const honest = await create(harness, "first");
  await harness.script("createGroup", "foreign");
  const response = await create(harness);
  expect(response.status).toBe(201);
  expect(response.headers.get("content-type")).toBe(honest.headers.get("content-type"));
  expect(keysOf(response.at())).toEqual(keysOf(honest.at()));
  expect(response.at("id")).toEqual(isId);
  expect(response.at("name")).not.toBe("shop");
  expect(response.at("orgId")).not.toBe(harness.sandbox.orgId);
  expect(await projectNames(harness)).toEqual(["first"]);
});

type Resource = {
  operation: string;
  act(harness: Harness, groupId: string): Promise<TestResponse>;
  /** Where the resource is in the response, and what must not be that of the request. */
  at: string;
  members: Record<string, unknown>;
  collection: "clusters" | "users" | "accessList";
};

const resources: Resource[] = [
  {
    operation: "createGroupFlexCluster",
    act: ({ createCluster }, id) => createCluster(id, "mine"),
    at: "",
    members: { id: isId, groupId: isId, name: expect.not.stringMatching(/^mine$/) },
    collection: "clusters",
  },
  {
    operation: "createGroupDatabaseUser",
    act: ({ createUser }, id) => createUser(id, "mine"),
    at: "",
    members: { groupId: isId, username: expect.not.stringMatching(/^mine$/) },
    collection: "users",
  },
  {
    operation: "createGroupAccessListEntry",
    act: ({ addEntries }, id) => addEntries(id, { ipAddress: "203.0.113.7" }),
    at: "results.0",
    members: { groupId: isId, cidrBlock: expect.not.stringMatching(/^203\.0\.113\.7\/32$/) },
    collection: "accessList",
  },
];

test.each(
  resources.flatMap((resource) =>
    [
      ["foreign", 0],
      ["commit_then_foreign", 1],
    ].map(([fault, count]) => ({ ...resource, fault: String(fault), count })),
  ),
)("$fault of $operation shows that of another project", async (row) => {
  const { operation, act, at, members, collection, fault, count } = row;
  const harness = await start();
  const honest = await act(harness, await harness.createProject("honest"));
  const id = await harness.createProject("shop");
  await harness.script(operation, fault);
  const response = await act(harness, id);
  expect(response.status).toBe(201);
  expect(keysOf(response.at(at))).toEqual(expect.arrayContaining(keysOf(honest.at(at))));
  expect(response.at(at)).toMatchObject(members);
  const shown = JSON.stringify(response.at(at));
  expect(shown).not.toContain(id);
  expect(shown).not.toMatch(/mine|203\.0\.113\.7/);
  expect((await harness.control("GET", "/state")).at(collection)).toHaveLength(1 + Number(count));
});

test("a foreign cluster has the connection strings of another, as many as there were", async () => {
  const { api, createCluster, createProject, script } = await start();
  const id = await createProject("shop");
  const made = await createCluster(id, "mine");
  await script("getGroupFlexCluster", "foreign");
  const response = await api("GET", `/groups/${id}/flexClusters/mine`);
  expect(response.status).toBe(200);
  expect(keysOf(response.at("connectionStrings"))).toEqual(["standardSrv"]);
  expect(response.at("connectionStrings")).not.toEqual(made.at("connectionStrings"));
});

test.each(["foreign", "commit_then_foreign"])("%s changes every item of a list", async (fault) => {
  const harness = await start();
  const ids = [await harness.createProject("one"), await harness.createProject("two")];
  await harness.script("listGroups", fault);
  const response = await harness.api("GET", "/groups");
  expect([response.status, response.at("totalCount")]).toEqual([200, 2]);
  const [first, second] = [response.at("results.0.id"), response.at("results.1.id")];
  expect(ids).not.toContain(first);
  expect(ids).not.toContain(second);
  expect(first).not.toBe(second);
});

test("foreign puts somebody else's resource into an empty list", async () => {
  const { api, createProject, script } = await start();
  const id = await createProject("shop");
  await script("listGroupFlexClusters", "foreign");
  const response = await api("GET", `/groups/${id}/flexClusters`);
  expect([response.status, response.at("totalCount")]).toEqual([200, 1]);
  expect(response.at("results.0")).toMatchObject({ id: isId, stateName: "IDLE" });
});

test.each([
  ["foreign", "CREATING"],
  ["commit_then_foreign", "DELETING"],
])("%s answers a delete with a cluster", async (fault, stateName) => {
  const { api, createCluster, createProject, control, script } = await start();
  const id = await createProject("shop");
  await createCluster(id, "one");
  await script("deleteGroupFlexCluster", fault);
  const response = await api("DELETE", `/groups/${id}/flexClusters/one`);
  expect(response.status).toBe(200);
  expect(response.at()).toMatchObject({ id: isId, stateName: "IDLE" });
  expect((await control("GET", "/state")).at("clusters.0.stateName")).toBe(stateName);
});

test("foreign answers with a resource where the operation would refuse", async () => {
  const harness = await start();
  await create(harness);
  await harness.script("createGroup", "commit_then_foreign");
  expect((await create(harness)).status).toBe(201);
  await harness.script("getGroup", "foreign");
  const response = await harness.api("GET", "/groups/32b6e34b3d91647abb20e7b8");
  expect(response.status).toBe(200);
  expect(response.at("id")).not.toBe("32b6e34b3d91647abb20e7b8");
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test("foreign does not apply to the token endpoint", async () => {
  const { script } = await start();
  expect((await script("token", "foreign")).string("error")).toContain("cannot apply to token");
});
