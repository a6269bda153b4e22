import { describe, expect, it } from "vitest";
import { type Fate, settle } from "../../src/atlas/fate.ts";
import type { Attempt } from "../../src/atlas/http.ts";
import * as requests from "../../src/atlas/requests.ts";
import { groupId, orgId } from "../support/atlas.ts";

const shop = { id: groupId, name: "shop", orgId };
const post = requests.createGroup({ name: "shop", orgId });
const get = requests.getGroup(groupId);
const remove = requests.deleteGroup(groupId);

const reply = (status: number, json?: unknown, empty = json === undefined): Attempt => ({
  response: { status, headers: {}, json, empty },
});

const notJson = (status: number): Attempt => reply(status, undefined, false);

const challenged = (challenge: string): Attempt => ({
  response: {
    status: 401,
    headers: { "www-authenticate": challenge },
    json: undefined,
    empty: true,
  },
});

const refusal = (status: number, errorCode?: string): Attempt =>
  reply(status, { error: status, ...(errorCode === undefined ? {} : { errorCode }) });

const broken = (code: string, sent: boolean): Attempt => ({ error: { code, message: "", sent } });

const fromProxy = { code: "ECONNRESET", message: "", proxy: "proxy.test:3128" };

describe("the fate of a request", () => {
  it.each<[what: string, Attempt, Fate]>([
    ["200 with what was asked for", reply(200, shop), "accepted"],
    ["201 with what was asked for", reply(201, shop), "accepted"],
    ["299 with what was asked for", reply(299, shop), "accepted"],
    ["200 with a login message", reply(200, { message: "login required" }), "unknown"],
    ["200 with an error of Atlas", reply(200, { error: 409, errorCode: "X" }), "unknown"],
    ["201 without a body", reply(201), "unknown"],
    ["201 that is not JSON", notJson(201), "unknown"],
    ["200 with null", reply(200, null), "unknown"],
    ["200 with a list", reply(200, [shop]), "unknown"],
    ["200 with a number", reply(200, 7), "unknown"],
    ["300", reply(300, shop), "unknown"],
    ["301", reply(301), "unknown"],
    ["302", reply(302, { error: 302 }), "unknown"],
    ["303 with a page", notJson(303), "unknown"],
    ["400 of Atlas", refusal(400, "INVALID_REGION"), "refused"],
    ["400 of Atlas without a code", refusal(400), "refused"],
    ["400 that is not JSON", notJson(400), "unknown"],
    ["400 without a body", reply(400), "unknown"],
    ["400 with another status in it", reply(400, { error: 404 }), "unknown"],
    ["401 without a body", reply(401), "refused"],
    ["401 with a page", notJson(401), "unknown"],
    ["401 with Atlas's challenge", challenged('Digest realm="MMS Public API"'), "refused"],
    ["401 of OAuth", challenged("Bearer"), "refused"],
    ["401 of a proxy", challenged('Basic realm="proxy"'), "unknown"],
    ["401 of a domain", challenged("Negotiate"), "unknown"],
    ["402 of Atlas", refusal(402), "refused"],
    ["403 of Atlas", refusal(403), "refused"],
    ["403 of a gateway", reply(403, { message: "Forbidden" }), "unknown"],
    ["404 of Atlas", refusal(404), "refused"],
    ["404 with a page", notJson(404), "unknown"],
    ["404 with null", reply(404, null), "unknown"],
    ["405 without a body", reply(405), "refused"],
    ["407 in Atlas's form, which is a proxy's all the same", refusal(407), "unknown"],
    ["408 of Atlas", refusal(408), "unknown"],
    ["409 of Atlas", refusal(409), "refused"],
    ["418 with a page", notJson(418), "unknown"],
    ["429 of Atlas", refusal(429), "refused"],
    ["429 of a gateway", reply(429, {}), "unknown"],
    ["499 without a body", reply(499), "unknown"],
    ["500 of Atlas", refusal(500, "UNEXPECTED_ERROR"), "unknown"],
    ["502 without a body", reply(502), "unknown"],
    ["503 that is not JSON", notJson(503), "unknown"],
    ["a reset", broken("ECONNRESET", true), "unknown"],
    ["a time-out", broken("TimeoutError", true), "unknown"],
    ["a proxy that refused", { error: { ...fromProxy, sent: false } }, "not_sent"],
    ["a proxy that broke what had left", { error: { ...fromProxy, sent: true } }, "unknown"],
    ["a refused connection", broken("ECONNREFUSED", false), "not_sent"],
  ])("after %s is known", (_what, attempt, fate) => {
    expect(settle(attempt, post).fate).toBe(fate);
  });

  it("comes with what was read, without links", () => {
    const attempt = reply(200, { ...shop, links: [] });
    expect(settle(attempt, get)).toEqual({ fate: "accepted", value: shop });
  });

  it.each<[what: string, Attempt, Fate]>([
    ["202 with an empty object", reply(202, {}), "accepted"],
    ["204 without a body", reply(204), "accepted"],
    ["200 without a body", reply(200), "accepted"],
    ["200 that is not JSON", notJson(200), "unknown"],
    ["200 with a login message", reply(200, { message: "login required" }), "unknown"],
    ["200 with null", reply(200, null), "unknown"],
    ["200 with a list", reply(200, []), "unknown"],
    ["302", reply(302), "unknown"],
    ["404 of Atlas", refusal(404), "refused"],
  ])("of a delete after %s is known", (_what, attempt, fate) => {
    expect(settle(attempt, remove).fate).toBe(fate);
  });
});

describe("a success of somebody else", () => {
  const cluster = { id: groupId, name: "c-0", groupId, stateName: "IDLE" };
  const user = { username: "app", databaseName: "admin", groupId };
  const entry = { cidrBlock: "203.0.113.7/32", groupId };
  const flex = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;
  const others = {
    project: requests.getGroup(groupId),
    "new project": post,
    projects: requests.listGroups(),
    "projects of an organization": requests.getOrgGroups(orgId),
    organization: requests.getOrg(orgId),
    organizations: requests.listOrgs(),
    cluster: requests.getGroupFlexCluster(groupId, "c-0"),
    "new cluster": requests.createGroupFlexCluster(groupId, {
      name: "c-0",
      providerSettings: flex,
    }),
    clusters: requests.listGroupFlexClusters(groupId),
    user: requests.getGroupDatabaseUser(groupId, "admin", "app"),
    users: requests.listGroupDatabaseUsers(groupId),
    entries: requests.listGroupAccessListEntries(groupId),
    regions: requests.listGroupClusterProviderRegions(groupId, "AWS"),
    status: requests.getSystemStatus(),
    "service account": requests.getOrgServiceAccount(orgId, "id"),
  };
  const own: Record<keyof typeof others, object> = {
    project: shop,
    "new project": shop,
    projects: { results: [shop] },
    "projects of an organization": { results: [shop], totalCount: 1 },
    organization: { id: orgId, name: "Org" },
    organizations: { results: [{ id: orgId }] },
    cluster,
    "new cluster": cluster,
    clusters: { results: [cluster], totalCount: 3 },
    user,
    users: { results: [user] },
    entries: { results: [entry, { awsSecurityGroup: "sg-1", groupId }] },
    regions: { results: [{ provider: "AWS" }] },
    status: { appName: "MongoDB Atlas" },
    "service account": { clientId: "id", roles: [] },
  };
  const names = Object.keys(others) as (keyof typeof others)[];
  const foreign = "f".repeat(24);
  const strange = [
    {},
    null,
    7,
    "ok",
    [],
    { message: "login required" },
    { error: 404, errorCode: "GROUP_NOT_FOUND" },
    { results: null },
    { results: {} },
    { results: [null] },
    { results: [{}] },
    { results: [{ id: "1", name: "shop" }] },
    { results: [{ ...cluster, ...user, ...entry, ...shop, groupId: foreign, orgId: foreign }, 1] },
    { content: shop, status: 200 },
    { data: { results: [shop] } },
    { id: groupId.toUpperCase(), name: "shop" },
    { id: "1", name: "shop", username: "app" },
    { id: foreign, name: "Shop", username: "App", databaseName: "admin", clientId: "Id" },
    { ...cluster, groupId: foreign, name: "c-1", id: foreign },
    { username: "app" },
  ];

  it.each(names)("is not an answer about a %s, which Atlas's own is", (name) => {
    const read: (json: unknown) => unknown = others[name].read;
    expect(read(own[name])).toHaveProperty("value");
    expect(read({ ...own[name], novelty: { deep: true } })).toHaveProperty("value");
    expect(strange.filter((json) => read(json) !== undefined)).toEqual([]);
  });

  it.each([
    ["a project of another organization", post, { ...shop, orgId: foreign }],
    ["a cluster of another project", others.cluster, { ...cluster, groupId: foreign }],
    ["a cluster of another name", others["new cluster"], { ...cluster, name: "c-1" }],
    ["a user of another database", others.user, { ...user, databaseName: "$external" }],
    ["a list of another project", others.users, { results: [user, { ...user, groupId: foreign }] }],
    ["an entry without a block", others.entries, { results: [{ comment: "till", groupId }] }],
  ])("is %s", (_what, { read }, json) => {
    expect(read(json)).toBeUndefined();
  });

  it("is not one that writes a name in the other Unicode form", () => {
    const request = requests.createGroup({ name: "Größe".normalize("NFD"), orgId });
    expect(request.read({ ...shop, name: "Größe".normalize("NFC") })).toHaveProperty("value");
  });
});
