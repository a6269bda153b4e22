import { describe, expect, it } from "vitest";
import { type AtlasClient, createAtlasClient } from "../../src/atlas/client.ts";
import * as requests from "../../src/atlas/requests.ts";
import { type Deadline, systemClock } from "../../src/common/deadline.ts";
import { rethrowFault } from "../../src/common/failure.ts";
import { readConfig } from "../../src/config/config.ts";
import { createContainer } from "../../src/container.ts";
import {
  clientFor,
  failureOf,
  groupId,
  openFakeAtlas,
  orgId,
  userAgent,
} from "../support/atlas.ts";
import { json, type Seen } from "../support/fake-atlas.ts";
import { deadlineOf } from "../support/fake-clock.ts";

type Call = (atlas: AtlasClient, deadline: Deadline) => Promise<unknown>;

/** The one request to the Admin API that a call makes; Atlas refuses it, which no call repeats. */
const sentBy = async (call: Call): Promise<Seen> => {
  const fakeAtlas = await openFakeAtlas((seen, response) =>
    seen.path.startsWith("/api/atlas/") ? json(response, 404, {}) : undefined,
  );
  const { atlas, clock } = clientFor(fakeAtlas.url);
  await call(atlas, deadlineOf(clock)).catch(rethrowFault);
  const [seen, ...others] = fakeAtlas.api();
  expect(others).toEqual([]);
  if (seen === undefined) throw new Error("nothing was sent");
  return seen;
};

const v2023 = "application/vnd.atlas.2023-01-01+json";
const v2024 = "application/vnd.atlas.2024-11-13+json";
const root = "/api/atlas/v2";
const page = { pageNum: 2, itemsPerPage: 500 };
const flex = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;

describe("a name in a path", () => {
  it.each([
    ["..", "%2E%2E"],
    [".", "%2E"],
    ["...", "..."],
    ["a/b", "a%2Fb"],
    ["../x", "..%2Fx"],
    ["a?b#c", "a%3Fb%23c"],
    ["%2e%2e", "%252e%252e"],
    ["größe", "gr%C3%B6%C3%9Fe"],
  ])("%s stays one segment", async (name, segment) => {
    const seen = await sentBy((atlas, d) =>
      atlas.read(requests.getGroupDatabaseUser(groupId, "admin", name), d),
    );
    expect(seen.path).toBe(`${root}/groups/${groupId}/databaseUsers/admin/${segment}`);
  });
});

describe("a request for", () => {
  it.each<[what: string, Call, method: string, path: string, accept: string]>([
    ["organizations", (atlas, d) => atlas.read(requests.listOrgs(), d), "GET", "/orgs", v2023],
    [
      "a page of organizations",
      (atlas, d) => atlas.read(requests.listOrgs(page), d),
      "GET",
      "/orgs?pageNum=2&itemsPerPage=500",
      v2023,
    ],
    [
      "an organization",
      (atlas, d) => atlas.read(requests.getOrg(orgId), d),
      "GET",
      `/orgs/${orgId}`,
      v2023,
    ],
    ["projects", (atlas, d) => atlas.read(requests.listGroups(), d), "GET", "/groups", v2023],
    [
      "projects of an organization by name",
      (atlas, d) => atlas.read(requests.getOrgGroups(orgId, { name: "R&D +1", ...page }), d),
      "GET",
      `/orgs/${orgId}/groups?name=R%26D%20%2B1&pageNum=2&itemsPerPage=500`,
      v2023,
    ],
    [
      "a project",
      (atlas, d) => atlas.read(requests.getGroup(groupId), d),
      "GET",
      `/groups/${groupId}`,
      v2023,
    ],
    [
      "flex clusters",
      (atlas, d) => atlas.read(requests.listGroupFlexClusters(groupId, { itemsPerPage: 1 }), d),
      "GET",
      `/groups/${groupId}/flexClusters?itemsPerPage=1`,
      v2024,
    ],
    [
      "free and dedicated clusters",
      (atlas, d) => atlas.read(requests.listGroupClusters(groupId, page), d),
      "GET",
      `/groups/${groupId}/clusters?pageNum=2&itemsPerPage=500`,
      "application/vnd.atlas.2024-08-05+json",
    ],
    [
      "a flex cluster",
      (atlas, d) => atlas.read(requests.getGroupFlexCluster(groupId, "c-0"), d),
      "GET",
      `/groups/${groupId}/flexClusters/c-0`,
      v2024,
    ],
    [
      "a flex cluster whose name would lead elsewhere",
      (atlas, d) => atlas.read(requests.getGroupFlexCluster(groupId, "../x?y=/z"), d),
      "GET",
      `/groups/${groupId}/flexClusters/..%2Fx%3Fy%3D%2Fz`,
      v2024,
    ],
    [
      "snapshots of a flex cluster",
      (atlas, d) =>
        atlas.read(requests.listGroupFlexClusterBackupSnapshots(groupId, "c-0", page), d),
      "GET",
      `/groups/${groupId}/flexClusters/c-0/backup/snapshots?pageNum=2&itemsPerPage=500`,
      v2024,
    ],
    [
      "regions",
      (atlas, d) => atlas.read(requests.listGroupClusterProviderRegions(groupId, "AZURE"), d),
      "GET",
      `/groups/${groupId}/clusters/provider/regions?providers=AZURE`,
      v2023,
    ],
    [
      "a new project",
      (atlas, d) => atlas.send(requests.createGroup({ name: "shop", orgId }), d),
      "POST",
      "/groups",
      v2023,
    ],
    [
      "a new project with an owner",
      (atlas, d) =>
        atlas.send(requests.createGroup({ name: "shop", orgId }, { projectOwnerId: orgId }), d),
      "POST",
      `/groups?projectOwnerId=${orgId}`,
      v2023,
    ],
    [
      "a new flex cluster",
      (atlas, d) =>
        atlas.send(
          requests.createGroupFlexCluster(groupId, { name: "c-0", providerSettings: flex }),
          d,
        ),
      "POST",
      `/groups/${groupId}/flexClusters`,
      v2024,
    ],
  ])("%s has its method, path and version", async (_what, call, method, path, accept) => {
    const seen = await sentBy(call);
    expect([seen.method, seen.path]).toEqual([method, `${root}${path}`]);
    expect(seen.headers.accept).toBe(accept);
    expect(seen.headers["user-agent"]).toBe(userAgent);
  });

  it("a read has no body and no type of one", async () => {
    const seen = await sentBy((atlas, d) => atlas.read(requests.listGroups(), d));
    expect(seen.body).toBe("");
    expect(seen.headers).not.toHaveProperty("content-type");
  });

  it("a new project carries its body as given, empty tags and false included", async () => {
    const body = { name: "shop", orgId, tags: [], withDefaultAlertsSettings: false };
    const seen = await sentBy((atlas, d) =>
      atlas.send(requests.createGroup(body, { projectOwnerId: groupId }), d),
    );
    expect(JSON.parse(seen.body)).toEqual(body);
    expect(seen.headers["content-type"]).toMatch(
      /^application\/(json|vnd\.atlas\.2023-01-01\+json)/,
    );
  });

  it("a new flex cluster carries its body as given, empty tags and false included", async () => {
    const body = {
      name: "c-0",
      providerSettings: flex,
      tags: [],
      terminationProtectionEnabled: false,
    };
    const seen = await sentBy((atlas, d) =>
      atlas.send(requests.createGroupFlexCluster(groupId, body), d),
    );
    expect(JSON.parse(seen.body)).toEqual(body);
    expect(seen.headers["content-type"]).toMatch(
      /^application\/(json|vnd\.atlas\.2024-11-13\+json)/,
    );
  });
});

describe("a client", () => {
  it("of the assembled server says who it is and which version", async () => {
    const fakeAtlas = await openFakeAtlas((seen, response) =>
      seen.path.startsWith("/api/atlas/") ? json(response, 200, { results: [] }) : undefined,
    );
    const assembly = await createContainer(
      readConfig(
        {
          MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_1",
          MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_1",
          MONGODB_ATLAS_BASE_URL: fakeAtlas.url,
        },
        {},
      ),
    );
    await assembly.atlas.read(requests.listOrgs(), deadlineOf(systemClock));
    await assembly.close();
    const agents = new Set(fakeAtlas.seen.map((one) => one.headers["user-agent"]));
    expect([...agents]).toEqual([
      expect.stringMatching(/^atlas-provision-mcp\/\d+\.\d+\.\d+\S* \(.+\)$/),
    ]);
    expect(fakeAtlas.seen.map((one) => one.path)).toContain("/api/oauth/revoke");
  });

  it("never throws when it closes, not even while its target cannot be had", async () => {
    const { clock } = clientFor("http://127.0.0.1:1");
    const failing = createAtlasClient({
      endpoint: () => Promise.reject(new Error("the port is taken")),
      sendHttp: () => Promise.reject(new Error("nothing is to be sent")),
      clock,
      userAgent,
    });
    const call = failing.read(requests.listOrgs(), deadlineOf(clock)).catch(() => {});
    await expect(failing.close()).resolves.toBeUndefined();
    await call;
  });

  it("follows no redirect, so that the credential stays where it belongs", async () => {
    const fakeAtlas = await openFakeAtlas((seen, response) =>
      seen.path.startsWith("/api/atlas/")
        ? json(response, 301, "", { location: `${fakeAtlas.url}/elsewhere` })
        : undefined,
    );
    const { atlas, clock } = clientFor(fakeAtlas.url);
    expect((await failureOf(atlas.read(requests.listGroups(), deadlineOf(clock)))).code).toBe(
      "unavailable",
    );
    expect(fakeAtlas.seen.filter((one) => one.path === "/elsewhere")).toEqual([]);
  });
});
