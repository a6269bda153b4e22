import { describe, expect, it } from "vitest";
import * as requests from "../../../src/atlas/requests.ts";
import { clientFor, groupId, openFakeAtlas, orgId } from "../../support/atlas.ts";
import { json } from "../../support/fake-atlas.ts";
import { deadlineOf } from "../../support/fake-clock.ts";

const links = [{ href: "https://cloud.mongodb.com/api/atlas/v2/x", rel: "self" }];

const project = {
  clusterCount: 2,
  created: "2026-08-10T03:02:55Z",
  id: groupId,
  name: "Atlas CLI E2E",
  orgId,
  tags: [{ key: "environment", value: "test" }],
  withDefaultAlertsSettings: true,
};

const cluster = {
  backupSettings: { enabled: true },
  clusterType: "REPLICASET",
  connectionStrings: { standardSrv: "mongodb+srv://c-0.ixq5zsj.mongodb.net" },
  createDate: "2026-08-10T03:02:55Z",
  groupId,
  id: "6a793f5fc0eb9e7a17714c2a",
  mongoDBVersion: "8.0.29",
  name: "c-0",
  providerSettings: {
    backingProviderName: "AWS",
    diskSizeGB: 5,
    providerName: "FLEX",
    regionName: "US_EAST_1",
  },
  stateName: "CREATING",
  terminationProtectionEnabled: false,
  versionReleaseSystem: "LTS",
};

const answering = async (body: unknown) => {
  const fakeAtlas = await openFakeAtlas((seen, response) =>
    seen.path.startsWith("/api/atlas/") ? json(response, 200, body) : undefined,
  );
  const { atlas, clock } = clientFor(fakeAtlas.url);
  const deadline = deadlineOf(clock);
  return {
    // As it goes to the host: what is undefined is not there.
    project: async () =>
      JSON.parse(JSON.stringify(await atlas.read(requests.getGroup(groupId), deadline))),
    cluster: async () =>
      JSON.parse(
        JSON.stringify(await atlas.read(requests.getGroupFlexCluster(groupId, "c-0"), deadline)),
      ),
    projects: () => atlas.read(requests.listGroups(), deadline),
    clusters: () => atlas.read(requests.listGroupFlexClusters(groupId), deadline),
    organizations: () => atlas.read(requests.listOrgs(), deadline),
    regions: () => atlas.read(requests.listGroupClusterProviderRegions(groupId, "AWS"), deadline),
  };
};

describe("a resource as Atlas answers it", () => {
  it("keeps all documented fields of a project", async () => {
    expect(await (await answering(project)).project()).toEqual(project);
  });

  it("keeps all documented fields of a flex cluster", async () => {
    expect(await (await answering(cluster)).cluster()).toEqual(cluster);
  });

  it("loses its links", async () => {
    expect(await (await answering({ ...project, links })).project()).toEqual(project);
    expect(await (await answering({ ...cluster, links })).cluster()).toEqual(cluster);
  });

  it("keeps fields that are not known", async () => {
    const given = {
      ...cluster,
      nextGeneration: { level: 11 },
      providerSettings: { ...cluster.providerSettings, tierName: "FLEX_2" },
    };
    expect(await (await answering(given)).cluster()).toEqual(given);
  });

  it("keeps values that no enumeration lists", async () => {
    const given = { ...cluster, stateName: "HIBERNATING", versionReleaseSystem: "CONTINUOUS" };
    expect(await (await answering(given)).cluster()).toEqual(given);
  });

  it.each<[field: string, wrong: unknown]>([
    ["clusterCount", "2"],
    ["created", 1_786_330_975],
    ["tags", "environment=test"],
    ["tags", [{ key: "environment" }]],
    ["withDefaultAlertsSettings", "true"],
    ["name", null],
  ])(
    "loses the %s of a project that has the wrong type, and nothing else",
    async (field, wrong) => {
      const { [field]: _left, ...rest } = project as Record<string, unknown>;
      expect(await (await answering({ ...project, [field]: wrong })).project()).toEqual(rest);
    },
  );

  it.each<[field: string, wrong: unknown]>([
    ["connectionStrings", "mongodb+srv://x"],
    ["providerSettings", []],
    ["stateName", 7],
    ["terminationProtectionEnabled", "no"],
    ["backupSettings", null],
  ])(
    "loses the %s of a cluster that has the wrong type, and nothing else",
    async (field, wrong) => {
      const { [field]: _left, ...rest } = cluster as Record<string, unknown>;
      expect(await (await answering({ ...cluster, [field]: wrong })).cluster()).toEqual(rest);
    },
  );

  it("loses a nested field of the wrong type alone", async () => {
    const providerSettings = { ...cluster.providerSettings, diskSizeGB: "5" };
    const { diskSizeGB: _left, ...rest } = cluster.providerSettings;
    expect(await (await answering({ ...cluster, providerSettings })).cluster()).toEqual({
      ...cluster,
      providerSettings: rest,
    });
  });
});

describe("a list as Atlas answers it", () => {
  it("keeps its resources, without links, and its count", async () => {
    const list = { links, results: [{ ...project, links }], totalCount: 7 };
    expect(await (await answering(list)).projects()).toEqual({ results: [project], totalCount: 7 });
  });

  it("may have no count (includeCount=false)", async () => {
    expect(await (await answering({ results: [cluster] })).clusters()).toEqual({
      results: [cluster],
    });
  });

  it("may be empty", async () => {
    const list = { links, results: [], totalCount: 0 };
    expect(await (await answering(list)).organizations()).toEqual({ results: [], totalCount: 0 });
  });

  it("keeps the regions of a provider", async () => {
    const instanceSizes = [
      { name: "FLEX", availableRegions: [{ name: "US_EAST_1", default: true }] },
    ];
    const list = { results: [{ provider: "AWS", instanceSizes }], totalCount: 1 };
    expect(await (await answering(list)).regions()).toEqual(list);
  });
});
