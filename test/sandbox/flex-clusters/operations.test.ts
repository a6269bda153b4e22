import { expect, test } from "vitest";
import { aws, type Harness, keysOf, start } from "../harness.ts";

type InProject = Harness & { id: string; path: string };

const startInProject = async (options: Parameters<typeof start>[0] = {}): Promise<InProject> => {
  const harness = await start(options);
  const id = await harness.createProject("shop");
  return { ...harness, id, path: `/groups/${id}/flexClusters` };
};

const clusterKeys = [
  "backupSettings",
  "clusterType",
  "connectionStrings",
  "createDate",
  "groupId",
  "id",
  "mongoDBVersion",
  "name",
  "providerSettings",
  "stateName",
  "terminationProtectionEnabled",
  "versionReleaseSystem",
];

test("a new cluster is answered with 201, CREATING, and the recorded members in their order", async () => {
  const { createCluster, id } = await startInProject();
  const response = await createCluster(id, "cluster-83");
  expect(response.status).toBe(201);
  expect(keysOf(response.at())).toEqual(clusterKeys);
  expect(response.at()).toMatchObject({
    backupSettings: { enabled: true },
    clusterType: "REPLICASET",
    createDate: "2026-08-10T03:02:55Z",
    groupId: id,
    mongoDBVersion: "8.0.29",
    name: "cluster-83",
    stateName: "CREATING",
    terminationProtectionEnabled: false,
    versionReleaseSystem: "LTS",
  });
});

test("the provider settings carry size and provider name", async () => {
  const { createCluster, id } = await startInProject();
  expect((await createCluster(id, "one")).at("providerSettings")).toEqual({
    backingProviderName: "AWS",
    diskSizeGB: 5,
    providerName: "FLEX",
    regionName: "US_EAST_1",
  });
});

test.each([
  ["", '"diskSizeGB":5.0,'],
  ["?pretty=true", '"diskSizeGB" : 5.0,'],
  ["?envelope=true", '"diskSizeGB":5.0,'],
])("the size is a decimal on the wire (%s)", async (query, printed) => {
  const { api, createCluster, id } = await startInProject();
  await createCluster(id, "one");
  expect((await api("GET", `/groups/${id}/flexClusters/one${query}`)).text).toContain(printed);
});

test("a text that looks like a size stays as it is", async () => {
  const { createUser, id } = await startInProject();
  const description = '{"diskSizeGB":5,"diskSizeGB" : 5\n}';
  expect((await createUser(id, "app", { description })).at("description")).toBe(description);
});

test("the SRV string is there at once, and no other", async () => {
  const { createCluster, id } = await startInProject();
  const strings = (await createCluster(id, "cluster-83")).at("connectionStrings");
  expect(keysOf(strings)).toEqual(["standardSrv"]);
  expect(strings).toEqual({
    standardSrv: expect.stringMatching(
      /^mongodb\+srv:\/\/cluster-83\.[a-z0-9]{7}\.mongodb\.invalid$/,
    ),
  });
});

test("the host is the first 23 characters of the name in lower case", async () => {
  const { createCluster, id } = await startInProject();
  const response = await createCluster(id, "Apix-AtlasCLI-Do-Not-Delete");
  expect(response.string("connectionStrings.standardSrv")).toContain("//apix-atlascli-do-not-de.");
});

test("tags are in the answer to a create where they were sent, and in every read", async () => {
  const { api, createCluster, path, id } = await startInProject();
  const tags = [{ key: "env", value: "test" }];
  const body = { name: "tagged", providerSettings: aws, tags };
  expect((await api("POST", path, { body })).at("tags")).toEqual(tags);
  await createCluster(id, "plain");
  expect((await api("GET", `${path}/plain`)).at("tags")).toEqual([]);
});

test("a cluster is IDLE once the time to provision has passed, with both strings", async () => {
  const { api, createCluster, path, id, pass } = await startInProject({ provisionMs: 3000 });
  await createCluster(id, "one");
  pass(2999);
  expect((await api("GET", `${path}/one`)).at("stateName")).toBe("CREATING");
  pass(1);
  const response = await api("GET", `${path}/one`);
  expect(response.at("stateName")).toBe("IDLE");
  expect(keysOf(response.at("connectionStrings"))).toEqual(["standard", "standardSrv"]);
  expect(response.string("connectionStrings.standard")).toMatch(
    /^mongodb:\/\/(ac-[a-z0-9]{7}-shard-00-0[012]\.[a-z0-9]{7}\.mongodb\.invalid:27017,?){3}\/\?ssl=true&authSource=admin&replicaSet=atlas-[a-z0-9]{6}-shard-0$/,
  );
});

test("the list shows the clusters of the project as a read does", async () => {
  const { api, createCluster, path, id } = await startInProject();
  await createCluster(id, "one");
  const response = await api("GET", path);
  expect(response.at("totalCount")).toBe(1);
  expect(response.at("results.0")).toEqual((await api("GET", `${path}/one`)).at());
});

test("the list is in no order that a client could rely on: the newest comes first", async () => {
  const { api, createCluster, path, id } = await startInProject();
  for (const name of ["b", "a", "c"]) await createCluster(id, name);
  const names = [0, 1, 2].map(async (n) => (await api("GET", path)).at(`results.${n}.name`));
  expect(await Promise.all(names)).toEqual(["c", "a", "b"]);
});

test("a cluster that was deleted while CREATING never gets its other string", async () => {
  const { api, createCluster, path, id, pass } = await startInProject({ provisionMs: 3000 });
  await createCluster(id, "one");
  pass(2900);
  await api("DELETE", `${path}/one`);
  pass(900);
  const response = await api("GET", `${path}/one`);
  expect(response.at("stateName")).toBe("DELETING");
  expect(keysOf(response.at("connectionStrings"))).toEqual(["standardSrv"]);
});

test("a cluster that does not exist is not found, in Atlas's words", async () => {
  const { api, path, id } = await startInProject();
  const response = await api("GET", `${path}/none`);
  expect(response.at()).toEqual({
    detail: `No cluster named none exists in group ${id}.`,
    error: 404,
    errorCode: "CLUSTER_NOT_FOUND",
    parameters: ["none", id],
    reason: "Not Found",
  });
});

test("an unknown project is told apart from an unknown cluster", async () => {
  const { api } = await startInProject();
  const response = await api("GET", "/groups/32b6e34b3d91647abb20e7b8/flexClusters/one");
  expect(response.at("errorCode")).toBe("GROUP_NOT_FOUND");
});

test("a delete is 204 without a body, then DELETING, then gone", async () => {
  const { api, createCluster, path, id, pass } = await startInProject();
  await createCluster(id, "one");
  const response = await api("DELETE", `${path}/one`);
  expect([response.status, response.text]).toEqual([204, ""]);
  expect(response.headers.get("content-type")).toBe(
    "application/vnd.atlas.2024-11-13+json;charset=utf-8",
  );
  expect((await api("GET", `${path}/one`)).at("stateName")).toBe("DELETING");
  pass(1000);
  expect((await api("GET", `${path}/one`)).at("errorCode")).toBe("CLUSTER_NOT_FOUND");
});

const generalError = (reason: string): object => ({
  detail: `Reason: ${reason}.`,
  error: 400,
  errorCode: "ATLAS_GENERAL_ERROR",
  parameters: [reason],
  reason: "Bad Request",
});

test("a cluster that is being deleted cannot be deleted again", async () => {
  const { api, createCluster, path, id } = await startInProject();
  await createCluster(id, "one");
  await api("DELETE", `${path}/one`);
  const response = await api("DELETE", `${path}/one`);
  expect(response.status).toBe(400);
  expect(response.at()).toEqual(generalError("Cluster already requested to be deleted"));
});

test("a cluster that is being deleted cannot be updated", async () => {
  const { api, createCluster, path, id } = await startInProject();
  await createCluster(id, "one");
  await api("DELETE", `${path}/one`);
  const response = await api("PATCH", `${path}/one`, { body: { tags: [] } });
  expect(response.status).toBe(400);
  expect(response.at()).toEqual(
    generalError("This cluster is currently being deleted, cannot update"),
  );
});

test("termination protection withstands a delete until it is lifted", async () => {
  const { api, path, id } = await startInProject();
  const body = { name: "safe", providerSettings: aws, terminationProtectionEnabled: true };
  await api("POST", path, { body });
  const refused = await api("DELETE", `${path}/safe`);
  expect(refused.status).toBe(400);
  expect(refused.at()).toEqual(
    generalError(
      `Cannot terminate cluster safe in group ${id} because termination protection is enabled. Disable termination protection and try again.`,
    ),
  );
  await api("PATCH", `${path}/safe`, { body: { terminationProtectionEnabled: false } });
  expect((await api("DELETE", `${path}/safe`)).status).toBe(204);
});

test("an update replaces tags and keeps what it is not told", async () => {
  const { api, path } = await startInProject();
  const body = { name: "one", providerSettings: aws, terminationProtectionEnabled: true };
  await api("POST", path, { body });
  const tags = [{ key: "env", value: "test" }];
  const response = await api("PATCH", `${path}/one`, { body: { tags } });
  expect(response.status).toBe(200);
  expect(response.at()).toMatchObject({ tags, terminationProtectionEnabled: true });
});

test("an update takes only tags and termination protection", async () => {
  const { api, createCluster, path, id } = await startInProject();
  await createCluster(id, "one");
  const response = await api("PATCH", `${path}/one`, { body: { name: "two" } });
  expect(response.at("errorCode")).toBe("INVALID_ATTRIBUTE");
});

test("a name just deleted is not free yet, and is once the cluster is gone", async () => {
  const { api, createCluster, path, id, pass } = await startInProject();
  await createCluster(id, "one");
  await api("DELETE", `${path}/one`);
  const response = await createCluster(id, "one");
  expect(response.status).toBe(400);
  expect(response.at("errorCode")).toBe("DUPLICATE_CLUSTER_NAME");
  pass(1000);
  expect((await createCluster(id, "one")).status).toBe(201);
});

test("a name whose cluster is gone can be held back by a fault", async () => {
  const { api, createCluster, path, id, pass, script } = await startInProject();
  await createCluster(id, "one");
  await api("DELETE", `${path}/one`);
  pass(1000);
  await script("createGroupFlexCluster", "error:400:CONTAINER_WAITING_FOR_FAST_RECORD_CLEAN_UP");
  expect((await createCluster(id, "one")).at("detail")).toBe(
    "A transient error occurred. Please try again in a minute or use a different name.",
  );
  expect((await createCluster(id, "one")).status).toBe(201);
});

test("nothing waits where provisioning takes no time", async () => {
  const { api, createCluster, path, id } = await startInProject({ provisionMs: 0 });
  expect((await createCluster(id, "one")).at("stateName")).toBe("IDLE");
  await api("DELETE", `${path}/one`);
  expect((await api("GET", `${path}/one`)).status).toBe(404);
});

test("the 26th cluster of a project is one too many", async () => {
  const { createCluster, id } = await startInProject();
  for (let n = 0; n < 25; n += 1) expect((await createCluster(id, `c${n}`)).status).toBe(201);
  const response = await createCluster(id, "last");
  expect(response.at("errorCode")).toBe("MAX_CLUSTERS_PER_GROUP_EXCEEDED");
  expect(response.at("parameters")).toEqual([25, id]);
});

test("a cluster that is still CREATING can be deleted", async () => {
  const { api, createCluster, createProject } = await start();
  const id = await createProject("shop");
  await createCluster(id, "one");
  const path = `/groups/${id}/flexClusters/one`;
  expect((await api("DELETE", path)).status).toBe(204);
  expect((await api("GET", path)).at("stateName")).toBe("DELETING");
});
