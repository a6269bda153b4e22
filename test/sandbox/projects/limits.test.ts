import { expect, test } from "vitest";
import { start } from "../harness.ts";

const limitName = "atlas.project.deployment.clusters";

const startInProject = async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  return { ...harness, id, get: (path: string) => harness.api("GET", `/groups/${id}/${path}`) };
};

test("the limit of clusters shows what is used of it", async () => {
  const { createCluster, get, id } = await startInProject();
  await createCluster(id, "one");
  const limit = {
    currentUsage: 1,
    defaultLimit: 25,
    maximumLimit: 100,
    name: limitName,
    value: 25,
  };
  expect((await get(`limits/${limitName}`)).at()).toEqual(limit);
  expect((await get("limits")).at()).toEqual([limit]);
});

test("a limit that the sandbox does not keep is not found", async () => {
  const { get } = await startInProject();
  const response = await get("limits/atlas.project.security.databaseAccess.users");
  expect([response.status, response.at("errorCode")]).toEqual([404, "RESOURCE_NOT_FOUND"]);
});
