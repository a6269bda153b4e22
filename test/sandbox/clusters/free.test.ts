import { expect, test } from "vitest";
import { keysOf } from "../harness.ts";
import { free, startInProject, vendor } from "./bodies.ts";

const sharedKeys = [
  "backupEnabled",
  "biConnector",
  "clusterType",
  "connectionStrings",
  "createDate",
];
const laterKeys = [
  "mongoDBMajorVersion",
  "mongoDBVersion",
  "name",
  "paused",
  "pitEnabled",
  "replicationSpecs",
  "rootCertType",
  "stateName",
  "tags",
  "terminationProtectionEnabled",
  "versionReleaseSystem",
];
const older = ["diskSizeGB", "diskWarmingMode", "encryptionAtRestProvider"];
const owner = ["globalClusterSelfManagedSharding", "groupId", "id", "labels", "links"];

test("a free cluster is answered with 201, CREATING, and the recorded members in their order", async () => {
  const { api, path } = await startInProject();
  const response = await api("POST", path, { body: free("m0"), accept: vendor("2023-02-01") });
  expect(response.status).toBe(201);
  expect(keysOf(response.at())).toEqual(
    [...sharedKeys, ...older, ...owner, ...laterKeys].filter((key) => key !== "tags"),
  );
  expect(response.at()).toMatchObject({
    clusterType: "REPLICASET",
    connectionStrings: {
      standardSrv: expect.stringMatching(/^mongodb\+srv:\/\/m0\.[a-z0-9]{7}\.mongodb\.invalid$/),
    },
    diskSizeGB: 0.5,
    stateName: "CREATING",
  });
});

test("its specs have the recorded members in their order, which depend on the version", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: free("m0") });
  const inVersion = async (date: string) =>
    (await api("GET", `${path}/m0`, { accept: vendor(date) })).at("replicationSpecs.0");
  const before = await inVersion("2023-02-01");
  const after = await inVersion("2024-08-05");
  expect(keysOf(before)).toEqual(["id", "numShards", "regionConfigs", "zoneId", "zoneName"]);
  expect(keysOf(after)).toEqual(["id", "regionConfigs", "zoneId", "zoneName"]);
  const place = { priority: 7, providerName: "TENANT", regionName: "US_EAST_1" };
  const size = { effectiveInstanceSize: "M0", instanceSize: "M0" };
  const config = { backingProviderName: "AWS", ...place };
  expect(before).toMatchObject({ regionConfigs: [{ electableSpecs: size, ...config }] });
  expect(after).toMatchObject({
    regionConfigs: [{ electableSpecs: { ...size, diskSizeGB: 0.5 }, ...config }],
  });
});

test("version 2024-08-05 has its own members among them", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: free("m0") });
  const response = await api("GET", `${path}/m0`);
  expect(response.headers.get("content-type")).toContain("2024-08-05");
  expect(keysOf(response.at())).toEqual([
    "adaptiveCapacity",
    ...sharedKeys,
    "diskWarmingMode",
    "effectiveDatabaseEdition",
    "effectiveReplicationSpecs",
    "encryptionAtRestProvider",
    "featureCompatibilityVersion",
    ...owner.slice(0, 3),
    "internalClusterRole",
    ...owner.slice(3),
    ...laterKeys.slice(0, 5),
    "redactClientLogData",
    "replicationSpecs",
    "retainBackups",
    ...laterKeys.slice(6, 10),
    "useAwsTimeBasedSnapshotCopyForFastInitialSync",
    "versionReleaseSystem",
  ]);
});

test("version 2023-01-01 describes the hardware once", async () => {
  const { api, path, pass } = await startInProject();
  await api("POST", path, { body: free("m0") });
  pass(10_000);
  const response = await api("GET", `${path}/m0`, { accept: vendor("2023-01-01") });
  expect(response.at("providerSettings")).toEqual({
    providerName: "TENANT",
    autoScaling: { compute: { maxInstanceSize: null, minInstanceSize: null } },
    backingProviderName: "AWS",
    effectiveInstanceSizeName: "M0",
    instanceSizeName: "M0",
    regionName: "US_EAST_1",
  });
  expect(response.at("mongoURIWithOptions")).toBe(response.at("connectionStrings.standard"));
  expect(response.at("replicationSpec.US_EAST_1.electableNodes")).toBe(3);
});

test("it is IDLE once the time to provision has passed, with both strings", async () => {
  const { api, path, pass } = await startInProject({ provisionMs: 3000 });
  await api("POST", path, { body: free("m0") });
  pass(2999);
  expect((await api("GET", `${path}/m0`)).at("stateName")).toBe("CREATING");
  pass(1);
  const response = await api("GET", `${path}/m0`);
  expect(response.at("stateName")).toBe("IDLE");
  expect(response.string("connectionStrings.standard")).toMatch(
    /^mongodb:\/\/(ac-[a-z0-9]{7}-shard-00-0[012]\.[a-z0-9]{7}\.mongodb\.invalid:27017,?){3}\/\?ssl=true&authSource=admin&replicaSet=atlas-[a-z0-9]{6}-shard-0$/,
  );
});

test("a project has one free cluster, in Atlas's words", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: free("m0") });
  const sentence = "This project has reached the limit for the number of free clusters";
  expect((await api("POST", path, { body: free("another") })).at()).toEqual({
    detail: `Cannot create a cluster with instance size M0 via the public api: ${sentence}.`,
    error: 400,
    errorCode: "CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API",
    parameters: [sentence],
    reason: "Bad Request",
  });
});

test("another project has one too, and so has this one when the first is gone", async () => {
  const { api, createProject, path, pass } = await startInProject();
  await api("POST", path, { body: free("m0") });
  const other = await createProject("other");
  const elsewhere = await api("POST", `/groups/${other}/clusters`, { body: free("m0") });
  expect(elsewhere.status).toBe(201);
  await api("DELETE", `${path}/m0`);
  pass(10_000);
  expect((await api("POST", path, { body: free("another") })).status).toBe(201);
});

test("it cannot be updated", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: free("m0") });
  const response = await api("PATCH", `${path}/m0`, { body: { tags: [] } });
  expect([response.status, response.at("errorCode")]).toEqual([
    400,
    "TENANT_CLUSTER_UPDATE_UNSUPPORTED",
  ]);
});

test.each([
  ["no backing provider", { backingProviderName: null }, "MISSING_ATTRIBUTE"],
  ["a region without free clusters", { regionName: "EU_SOUTH_2" }, "INVALID_REGION"],
  ["another size", { electableSpecs: { instanceSize: "M5" } }, "INVALID_ENUM_VALUE"],
  ["no size", { electableSpecs: {} }, "MISSING_ATTRIBUTE"],
  ["an unknown member", { regionsConfig: {} }, "INVALID_ATTRIBUTE"],
])("%s is refused", async (_, more, errorCode) => {
  const { api, path } = await startInProject();
  const config = {
    ...{ providerName: "TENANT", backingProviderName: "AWS", regionName: "US_EAST_1" },
    electableSpecs: { instanceSize: "M0" },
    ...more,
  };
  const body = free("m0", { replicationSpecs: [{ regionConfigs: [config] }] });
  const response = await api("POST", path, { body });
  expect([response.status, response.at("errorCode")]).toEqual([400, errorCode]);
  expect((await api("GET", path)).at("totalCount")).toBe(0);
});
