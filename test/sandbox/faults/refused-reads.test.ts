import { expect, test } from "vitest";
import { create, type Harness, start } from "../harness.ts";

const codeOf = async ({ api }: Harness, path: string): Promise<unknown> => {
  const response = await api("GET", path);
  return response.status === 200 ? 200 : response.at("errorCode");
};

test("user_cannot_access_group refuses so many reads of a project that was just made", async () => {
  const harness = await start();
  await harness.script("createGroup", "user_cannot_access_group:3");
  const created = await create(harness);
  expect(created.status).toBe(201);
  const path = `/groups/${created.string("id")}`;
  expect((await harness.api("GET", path)).at()).toEqual({
    detail: "User cannot access this group.",
    error: 401,
    errorCode: "USER_CANNOT_ACCESS_GROUP",
    parameters: [],
    reason: "Unauthorized",
  });
  expect(await codeOf(harness, `${path}/flexClusters`)).toBe("USER_CANNOT_ACCESS_GROUP");
  expect(await codeOf(harness, `${path}/databaseUsers`)).toBe("USER_CANNOT_ACCESS_GROUP");
  expect(await codeOf(harness, path)).toBe(200);
});

test("it refuses one read if it names no number, and neither lists of projects nor changes", async () => {
  const harness = await start();
  await harness.script("createGroup", "user_cannot_access_group");
  const id = (await create(harness)).string("id");
  expect((await harness.api("GET", "/groups")).at("totalCount")).toBe(1);
  expect((await harness.createCluster(id, "one")).status).toBe(201);
  expect(await codeOf(harness, `/groups/${id}`)).toBe("USER_CANNOT_ACCESS_GROUP");
  expect(await codeOf(harness, `/groups/${id}`)).toBe(200);
});

test("it refuses a read by name, too", async () => {
  const harness = await start();
  await harness.script("createGroup", "user_cannot_access_group");
  await create(harness, "shop");
  expect(await codeOf(harness, "/groups/byName/shop")).toBe("USER_CANNOT_ACCESS_GROUP");
  expect(await codeOf(harness, "/groups/byName/shop")).toBe(200);
});

test("scripted for a read it refuses that one, and the next ones if it names a number", async () => {
  const harness = await start();
  const path = `/groups/${await harness.createProject("shop")}`;
  await harness.script("listGroupFlexClusters", "user_cannot_access_group");
  expect(await codeOf(harness, path)).toBe(200);
  expect(await codeOf(harness, `${path}/flexClusters`)).toBe("USER_CANNOT_ACCESS_GROUP");
  expect(await codeOf(harness, `${path}/flexClusters`)).toBe(200);
  await harness.script("getGroup", "user_cannot_access_group:2");
  expect(await codeOf(harness, path)).toBe("USER_CANNOT_ACCESS_GROUP");
  expect(await codeOf(harness, `${path}/accessList`)).toBe("USER_CANNOT_ACCESS_GROUP");
  expect(await codeOf(harness, path)).toBe(200);
});

test("it applies to no other changes", async () => {
  const { script } = await start();
  for (const operation of ["createGroupFlexCluster", "deleteGroup", "token", "listGroups"])
    expect((await script(operation, "user_cannot_access_group")).string("error")).toContain(
      "cannot apply",
    );
});
