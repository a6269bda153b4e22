import { expect, test } from "vitest";
import { keysOf } from "../harness.ts";
import { dedicated, region, startInProject, vendor } from "./bodies.ts";

test("a new dedicated cluster has no strings, and its own hosts once it is IDLE", async () => {
  const { api, path, pass } = await startInProject();
  const created = await api("POST", path, { body: dedicated("Big-One") });
  expect([created.status, created.at("stateName")]).toEqual([201, "CREATING"]);
  expect(created.headers.get("content-type")).toContain("2024-10-23");
  expect(created.at("connectionStrings")).toEqual({});
  pass(10_000);
  const response = await api("GET", `${path}/Big-One`);
  expect(response.string("connectionStrings.standard")).toMatch(
    /^mongodb:\/\/(big-one-shard-00-0[012]\.[a-z0-9]+\.mongodb\.invalid:27017,?){3}\/\?ssl=true&authSource=admin&replicaSet=atlas-[a-z0-9]{6}-shard-0$/,
  );
});

test("what was sent is kept, and the rest has the recorded defaults", async () => {
  const { api, path } = await startInProject();
  const tags = [{ key: "env", value: "test" }];
  const body = dedicated("big", {
    backupEnabled: true,
    biConnector: { enabled: true },
    mongoDBMajorVersion: "7.0",
    tags,
    terminationProtectionEnabled: true,
  });
  expect((await api("POST", path, { body })).at()).toMatchObject({
    adaptiveCapacity: null,
    advancedConfiguration: { minimumEnabledTlsProtocol: "TLS1_2", tlsCipherConfigMode: "DEFAULT" },
    backupEnabled: true,
    biConnector: { enabled: true, readPreference: "secondary" },
    featureCompatibilityVersion: "7.0",
    mongoDBVersion: "7.0.0",
    rootCertType: "ISRGROOTX1",
    tags,
    terminationProtectionEnabled: true,
  });
});

test("a region has all kinds of nodes, and the effective ones where they are shown", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: dedicated("big") });
  const response = await api("GET", `${path}/big`);
  const shown = response.at("replicationSpecs.0.regionConfigs.0");
  expect(keysOf(shown)).toEqual([
    "analyticsSpecs",
    "autoScaling",
    "effectiveAnalyticsSpecs",
    "effectiveElectableSpecs",
    "effectiveReadOnlySpecs",
    "electableSpecs",
    "priority",
    "providerName",
    "readOnlySpecs",
    "regionName",
  ]);
  const hardware = { instanceSize: "M10", diskIOPS: 3000, diskSizeGB: 10 };
  expect(shown).toMatchObject({
    autoScaling: { compute: { enabled: false, scaleDownEnabled: false } },
    electableSpecs: { ...hardware, ebsVolumeType: "STANDARD", nodeCount: 3 },
    readOnlySpecs: { ...hardware, ebsVolumeType: "STANDARD", nodeCount: 0 },
  });
  expect(keysOf(response.at("effectiveReplicationSpecs.0.regionConfigs.0"))).not.toContain(
    "effectiveElectableSpecs",
  );
});

test("regions and auto-scaling come back as they were sent", async () => {
  const { api, path } = await startInProject();
  const compute = { enabled: true, scaleDownEnabled: true, minInstanceSize: "M30" };
  const regionConfigs = [
    region({
      autoScaling: { compute: { ...compute, maxInstanceSize: "M50" }, diskGB: { enabled: true } },
      electableSpecs: { instanceSize: "M30", nodeCount: 2, diskSizeGB: 60 },
    }),
    region({ regionName: "EU_WEST_1", priority: 6, electableSpecs: { instanceSize: "M30" } }),
  ];
  const body = dedicated("big", { replicationSpecs: [{ zoneName: "Zone 7", regionConfigs }] });
  await api("POST", path, { body });
  const response = await api("GET", `${path}/big`);
  expect(response.at("replicationSpecs")).toMatchObject([
    {
      zoneName: "Zone 7",
      regionConfigs: [
        {
          autoScaling: { compute: { ...compute, maxInstanceSize: "M50" } },
          electableSpecs: { instanceSize: "M30", nodeCount: 2, diskSizeGB: 60 },
          regionName: "US_EAST_1",
        },
        { electableSpecs: { nodeCount: 3, diskSizeGB: 40 }, priority: 6, regionName: "EU_WEST_1" },
      ],
    },
  ]);
});

test.each([
  ["AZURE", "US_EAST_2", { diskIOPS: 3500, diskSizeGB: 32, diskThroughput: 125, nodeCount: 3 }],
  ["GCP", "WESTERN_EUROPE", { diskSizeGB: 10, nodeCount: 3 }],
])("%s has its own hardware", async (providerName, regionName, hardware) => {
  const { api, path } = await startInProject();
  const regionConfigs = [region({ providerName, regionName })];
  const body = dedicated("big", { replicationSpecs: [{ regionConfigs }] });
  const created = await api("POST", path, { body });
  expect(created.at("replicationSpecs.0.regionConfigs.0.electableSpecs")).toEqual({
    instanceSize: "M10",
    ...hardware,
  });
});

test("the shards of a sharded cluster are one spec each, or one with their number in older versions", async () => {
  const { api, path, pass } = await startInProject();
  const spec = { numShards: 2, zoneName: "Zone 1", regionConfigs: [region()] };
  const body = dedicated("big", { clusterType: "SHARDED", replicationSpecs: [spec] });
  await api("POST", path, { body, accept: vendor("2023-02-01") });
  pass(10_000);
  const before = await api("GET", `${path}/big`, { accept: vendor("2023-02-01") });
  expect(before.at("replicationSpecs")).toMatchObject([{ numShards: 2 }]);
  const after = await api("GET", `${path}/big`);
  expect(after.at("replicationSpecs.1.zoneId")).toBe(after.at("replicationSpecs.0.zoneId"));
  expect(after.at("replicationSpecs.1.id")).not.toBe(after.at("replicationSpecs.0.id"));
  expect(keysOf(after.at("connectionStrings"))).toEqual([
    "awsPrivateLinkSrv",
    "privateEndpoint",
    "standard",
    "standardSrv",
  ]);
  const hosts = after.string("connectionStrings.standard");
  expect(hosts).toMatch(/big-config-00-00\..*:27016,.*big-shard-00-02\./);
  expect(hosts).not.toContain("replicaSet");
});

test("version 2023-01-01 takes its own form of a body, and every version shows the cluster", async () => {
  const { api, path } = await startInProject();
  const accept = vendor("2023-01-01");
  const providerSettings = {
    providerName: "AWS",
    instanceSizeName: "M20",
    regionName: "EU_WEST_1",
  };
  const body = { name: "old", numShards: 1, diskSizeGB: 25, providerSettings };
  const created = await api("POST", path, { body, accept });
  expect([created.status, created.at("providerSettings")]).toEqual([
    201,
    expect.objectContaining(providerSettings),
  ]);
  const response = await api("GET", `${path}/old`);
  expect(response.at("replicationSpecs.0.regionConfigs.0")).toMatchObject({
    electableSpecs: { instanceSize: "M20", diskSizeGB: 25, nodeCount: 3 },
    regionName: "EU_WEST_1",
  });
});

test("version 2023-01-01 describes several regions by the number of their nodes", async () => {
  const { api, path } = await startInProject();
  const regionsConfig = {
    EU_WEST_1: { electableNodes: 2, priority: 7, readOnlyNodes: 0 },
    US_EAST_1: { electableNodes: 1, priority: 6, readOnlyNodes: 2 },
  };
  const body = {
    name: "old",
    providerSettings: { providerName: "AWS", instanceSizeName: "M10" },
    replicationSpecs: [{ numShards: 1, regionsConfig, zoneName: "Zone 1" }],
  };
  await api("POST", path, { body, accept: vendor("2023-01-01") });
  const response = await api("GET", `${path}/old`);
  expect(response.at("replicationSpecs.0.regionConfigs")).toMatchObject([
    { electableSpecs: { nodeCount: 2 }, priority: 7, regionName: "EU_WEST_1" },
    { electableSpecs: { nodeCount: 1 }, readOnlySpecs: { nodeCount: 2 }, priority: 6 },
  ]);
});

test.each([
  ["no name", { name: null }, "MISSING_ATTRIBUTE"],
  ["no specs", { replicationSpecs: [] }, "MISSING_ATTRIBUTE"],
  ["no regions", { replicationSpecs: [{}] }, "MISSING_ATTRIBUTE"],
  ["a bad name", { name: "a b" }, "CLUSTER_NAME_INVALID"],
  ["an unknown type", { clusterType: "RING" }, "INVALID_ENUM_VALUE"],
  ["an old MongoDB", { mongoDBMajorVersion: "6.0" }, "ATLAS_CLUSTER_VERSION_DEPRECATED"],
  ["no version of MongoDB", { mongoDBMajorVersion: "new" }, "INVALID_ATTRIBUTE"],
  ["an unknown member", { color: "red" }, "INVALID_ATTRIBUTE"],
  ["a member of another kind", { paused: "yes" }, "INVALID_JSON_ATTRIBUTE"],
  [
    "an unknown provider",
    { replicationSpecs: [{ regionConfigs: [region({ providerName: "HOME" })] }] },
    "INVALID_PROVIDER",
  ],
  [
    "an unknown region",
    { replicationSpecs: [{ regionConfigs: [region({ regionName: "MOON_1" })] }] },
    "INVALID_REGION",
  ],
])("%s is refused", async (_, more, errorCode) => {
  const { api, path } = await startInProject();
  const response = await api("POST", path, { body: dedicated("big", more) });
  expect([response.status, response.at("errorCode")]).toEqual([400, errorCode]);
});

test("nested members are in alphabetical order, too, whatever the order they came in", async () => {
  const { api, path } = await startInProject();
  const compute = { enabled: true, scaleDownEnabled: true, minInstanceSize: "M10" };
  const autoScaling = {
    diskGB: { enabled: true },
    compute: { ...compute, maxInstanceSize: "M30" },
  };
  const replicationSpecs = [{ regionConfigs: [region({ autoScaling })] }];
  const created = await api("POST", path, { body: dedicated("big", { replicationSpecs }) });
  const place = "replicationSpecs.0.regionConfigs.0.autoScaling";
  expect(keysOf(created.at(place))).toEqual(["compute", "diskGB"]);
  expect(keysOf(created.at(`${place}.compute`))).toEqual([
    "enabled",
    "maxInstanceSize",
    "minInstanceSize",
    "scaleDownEnabled",
  ]);
});
