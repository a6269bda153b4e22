import { expect, test } from "vitest";
import { leaksIn } from "../../support/leaks.ts";
import { dedicated } from "../clusters/bodies.ts";
import { aws, start, testPassword } from "../harness.ts";
import { soon, watch } from "./stream.ts";

test("what there is has a row, and none when it is gone", async () => {
  const { addEntries, api, createCluster, createProject, createUser, pass, sandbox } =
    await start();
  const page = await watch(sandbox.url);
  const groupId = await createProject("shop");
  const id = (await createCluster(groupId, "orders")).string("id");
  await createUser(groupId, "app", {
    description: "of the shop",
    deleteAfterDate: "2026-08-10T04:00:00Z",
  });
  await addEntries(groupId, { ipAddress: "203.0.113.7", comment: "office" });
  await soon(() => page.rows().has(`entry ${groupId} 203.0.113.7/32`));
  expect(page.rows().get(`project ${groupId}`)).toMatchObject({
    name: "shop",
    orgId: sandbox.orgId,
  });
  expect(page.rows().get(`cluster ${id}`)).toMatchObject({
    ...{ groupId, name: "orders", size: "flex", place: "AWS US_EAST_1", state: "CREATING" },
    ...{ strings: "srv", until: sandbox.now() + 3000, since: sandbox.now() },
  });
  expect(page.rows().get(`user ${groupId} admin app`)).toMatchObject({
    ...{ username: "app", roles: ["atlasAdmin@admin"], description: "of the shop" },
    ends: Date.parse("2026-08-10T04:00:00Z"),
  });
  expect(page.rows().get(`entry ${groupId} 203.0.113.7/32`)).toMatchObject({ comment: "office" });

  // No request says so: the clock does.
  pass(3000);
  await soon(() => page.rows().get(`cluster ${id}`)?.state === "IDLE");
  expect(page.rows().get(`cluster ${id}`)).toMatchObject({ strings: "both" });
  expect(page.rows().get(`cluster ${id}`)).not.toHaveProperty("until");
  await api("DELETE", `/groups/${groupId}/flexClusters/orders`);
  await soon(() => page.rows().get(`cluster ${id}`)?.state === "DELETING");
  pass(60 * 60_000);
  await soon(() => !page.rows().has(`cluster ${id}`));
  await soon(() => !page.rows().has(`user ${groupId} admin app`));
  sandbox.reset();
  await soon(() => page.rows().size === 2);
  expect([...page.rows().keys()]).toEqual([`organization ${sandbox.orgId}`, "others"]);
});

test("free, dedicated and ephemeral clusters have rows, too, and the rest is counted", async () => {
  const { api, createProject, sandbox } = await start();
  const groupId = await createProject("shop");
  expect(
    (await api("POST", `/groups/${groupId}/clusters`, { body: dedicated("big") })).status,
  ).toBe(201);
  const body = { name: "ops", usernames: ["user@example.com"] };
  expect((await api("POST", `/orgs/${sandbox.orgId}/teams`, { body })).status).toBe(201);
  await api("POST", "/unauth/ephemeralClusters:create", {
    accept: "application/vnd.atlas.preview+json",
    body: { clusterName: "quick" },
  });
  const rows = [...(await watch(sandbox.url)).rows().values()];
  expect(rows).toContainEqual(
    expect.objectContaining({ kind: "cluster", name: "big", size: "M10", strings: "none" }),
  );
  expect(rows).toContainEqual(
    expect.objectContaining({ kind: "ephemeral", name: "quick", state: "PROVISIONING" }),
  );
  expect(rows).toContainEqual(
    expect.objectContaining({ key: "others", counts: expect.objectContaining({ teams: 1 }) }),
  );
});

test("requests come with their operation, status, time, tool and fault, also while they hang", async () => {
  const { api, sandbox, script } = await start();
  const page = await watch(sandbox.url);
  await api("GET", "/groups?pageNum=2", { headers: { "Mcp-Name": "list_projects" } });
  await script("listOrgs", "hang");
  const gaveUp = new AbortController();
  const hanging = api("GET", "/orgs", { signal: gaveUp.signal }).catch(() => {});
  const last = () => page.requests().at(-1);
  await soon(() => last()?.fault === "hang");
  expect(last()).toMatchObject({ operation: "listOrgs", status: null });
  expect(last()).not.toHaveProperty("tookMs");
  gaveUp.abort();
  await hanging;
  await soon(() => last()?.tookMs > 0);
  expect(page.requests()).toHaveLength(3);
  expect(page.requests()[1]).toEqual({
    ...{ number: expect.any(Number), at: "2026-08-10T03:02:55.000Z", tool: "list_projects" },
    ...{ operation: "listGroups", method: "GET", path: "/api/atlas/v2/groups?pageNum=2" },
    ...{ status: 200, tookMs: expect.any(Number) },
  });
  // A reset forgets them, and the numbers begin again.
  sandbox.reset();
  await soon(() => page.requests().length === 0);
});

test.each(["create project", "<b>x</b>", "a".repeat(65), ""])(
  "%j is no tool's name",
  async (name) => {
    const { api, sandbox } = await start();
    await api("GET", "/orgs", { headers: { "Mcp-Name": name } });
    const [, request] = (await watch(sandbox.url)).requests();
    expect(request).toMatchObject({ operation: "listOrgs" });
    expect(request).not.toHaveProperty("tool");
  },
);

test("faults that wait and have struck are shown, and can be removed one by one", async () => {
  const { api, control, sandbox, script } = await start();
  await script("listOrgs", "html_503", 2);
  await script("*", "reset");
  const page = await watch(sandbox.url);
  const faults = () => page.messages.findLast((message) => message.faults)?.faults;
  expect(faults().waiting).toHaveLength(2);
  await api("GET", "/orgs");
  await soon(() => faults().struck.html_503 === 1);
  const removed = await control("DELETE", "/faults?operation=listOrgs&fault=html_503");
  expect(removed.at("faults")).toEqual([{ operation: "*", fault: "reset", times: 1 }]);
  await soon(() => faults().waiting.length === 1);
  expect((await control("DELETE", "/faults?operatoin=listOrgs")).status).toBe(400);
  expect(sandbox.faults()).toHaveLength(1);
  expect((await control("DELETE", "/faults")).at("faults")).toEqual([]);
});

test("no secret is shown", async () => {
  const { api, createProject, createUser, oauth, sandbox } = await start();
  const page = await watch(sandbox.url);
  const token = (await oauth("token", { grant_type: "client_credentials" })).string("access_token");
  const groupId = await createProject("shop");
  await createUser(groupId, "app");
  await api("POST", `/groups/${groupId}/flexClusters`, {
    body: { name: "orders", providerSettings: aws },
  });
  const made = await api("POST", "/unauth/ephemeralClusters:create", {
    accept: "application/vnd.atlas.preview+json",
    body: { clusterName: "quick" },
  });
  const clusterId = made.string("clusterId");
  await api("GET", `/unauth/ephemeralClusters/${clusterId}`);
  const keys = await api("POST", `/orgs/${sandbox.orgId}/apiKeys`, {
    body: { desc: "a key", roles: ["ORG_MEMBER"] },
  });
  const account = await api("POST", `/orgs/${sandbox.orgId}/serviceAccounts`, {
    body: { name: "ci", description: "of CI", roles: ["ORG_MEMBER"], secretExpiresAfterHours: 24 },
  });
  await api("GET", "/nonsense?q=misplaced-value-1&password=misplaced-value-2");
  await api("GET", "/groups?client_secret=misplaced-value-3&name=shop");
  await oauth("token?client_secret=misplaced-value-4", { grant_type: "client_credentials" });
  await soon(() => page.requests().at(-1)?.tookMs !== undefined);
  await soon(() => page.rows().has(`user ${groupId} admin app`));
  const url = made.string("claimUrl");
  const secrets = [
    ...[token, sandbox.clientSecret, sandbox.privateKey, testPassword, clusterId, url],
    ...[url.split("claimId=")[1], made.string("connectionString").split(/[:/@]+/)[2]],
    ...[keys.string("privateKey"), account.string("secrets.0.secret"), "misplaced-value-"],
  ];
  expect(secrets).not.toContain(undefined);
  expect(leaksIn(page.text(), secrets.map(String))).toEqual([]);
  expect(page.requests().map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      "/api/atlas/v2/unauth/ephemeralClusters/…",
      "/api/atlas/v2/…?…",
      "/api/atlas/v2/groups?name=shop&…",
      "/api/oauth/token?…",
    ]),
  );
});
