import { expect, test } from "vitest";
import { start } from "../harness.ts";

const clusters = "atlas.project.deployment.clusters";
const entries = "atlas.project.security.networkAccess.entries";
const bytes = "dataFederation.bytesProcessed.daily";

const startInProject = async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  const call = (method: string, path: string, body?: unknown) =>
    harness.api(method, `/groups/${id}/limits${path}`, { body });
  return { ...harness, id, call };
};

test("a limit shows its default, how far it can be raised, and what is used of it", async () => {
  const { createCluster, call, id } = await startInProject();
  await createCluster(id, "one");
  const limit = {
    currentUsage: 1,
    defaultLimit: 25,
    maximumLimit: 100,
    name: clusters,
    value: 25,
  };
  expect((await call("GET", `/${clusters}`)).at()).toEqual(limit);
  expect((await call("GET", "")).at()).toContainEqual(limit);
});

test.each([
  ["atlas.project.security.databaseAccess.users", 1],
  [entries, 2],
  ["atlas.project.deployment.nodesPerPrivateLinkRegion", 0],
])("what is used of %s is %i", async (name, used) => {
  const { createUser, addEntries, call, id } = await startInProject();
  await createUser(id, "ada");
  await addEntries(id, { ipAddress: "192.0.2.1" }, { ipAddress: "192.0.2.2" });
  expect((await call("GET", `/${name}`)).at("currentUsage")).toBe(used);
});

test("a limit that is set counts at once, and a delete brings the default back", async () => {
  const { addEntries, call, id } = await startInProject();
  const add = () => addEntries(id, { ipAddress: "192.0.2.1" });
  // As Terraform sends it, with the name.
  const set = await call("PATCH", `/${entries}`, { name: entries, value: 0 });
  expect([set.status, set.at("value"), set.at("defaultLimit")]).toEqual([200, 0, 200]);
  expect((await add()).at("errorCode")).toBe("ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED");
  expect((await call("DELETE", `/${entries}`)).status).toBe(204);
  expect((await call("GET", `/${entries}`)).at("value")).toBe(200);
  expect((await add()).status).toBe(201);
});

test("a limit of data federation is there once it is set", async () => {
  const { call } = await startInProject();
  expect((await call("GET", `/${bytes}`)).status).toBe(404);
  expect((await call("PATCH", `/${bytes}`, { value: 5_000_000_000 })).at()).toEqual({
    currentUsage: 0,
    name: bytes,
    value: 5_000_000_000,
  });
  expect((await call("GET", "")).text).toContain(bytes);
});

test("a limit belongs to its project", async () => {
  const { call, createProject, api } = await startInProject();
  await call("PATCH", `/${clusters}`, { value: 30 });
  const other = await createProject("other");
  expect((await api("GET", `/groups/${other}/limits/${clusters}`)).at("value")).toBe(25);
});

test.each([
  [{ value: 101 }, "INVALID_ATTRIBUTE"],
  [{ value: -1 }, "INVALID_ATTRIBUTE"],
  [{ value: 1.5 }, "INVALID_ATTRIBUTE"],
  [{ value: "30" }, "INVALID_JSON_ATTRIBUTE"],
  [{}, "MISSING_ATTRIBUTE"],
  [{ name: entries, value: 30 }, "INVALID_ATTRIBUTE"],
])("%j is refused and changes nothing", async (body, code) => {
  const { call } = await startInProject();
  const response = await call("PATCH", `/${clusters}`, body);
  expect([response.status, response.at("errorCode")]).toEqual([400, code]);
  expect((await call("GET", `/${clusters}`)).at("value")).toBe(25);
});

test.each(["GET", "PATCH", "DELETE"])("%s of a limit that Atlas does not have", async (method) => {
  const { call } = await startInProject();
  const response = await call(
    method,
    "/no.such.limit",
    method === "PATCH" ? { value: 1 } : undefined,
  );
  expect([response.status, response.at("errorCode")]).toEqual([404, "RESOURCE_NOT_FOUND"]);
});
