import { expect, test } from "vitest";
import { aws, create, failureOf, start } from "../harness.ts";

test("two faults joined by + apply to one request", async () => {
  const harness = await start();
  await harness.script("createGroup", "stale_reads:1+commit_then_500");
  expect((await create(harness)).status).toBe(500);
  expect((await harness.api("GET", "/groups")).at("totalCount")).toBe(0);
  expect((await harness.api("GET", "/groups")).at("totalCount")).toBe(1);
});

test("faults come in order, each as often as it says, and then all is well", async () => {
  const harness = await start();
  await harness.script("listOrgs", "error:500:UNEXPECTED_ERROR", 2);
  await harness.script("listOrgs", "html_503");
  const statuses = [];
  for (let n = 0; n < 4; n += 1) statuses.push((await harness.api("GET", "/orgs")).status);
  expect(statuses).toEqual([500, 500, 503, 200]);
});

test("a fault waits for its own operation", async () => {
  const harness = await start();
  await harness.script("createGroupFlexCluster", "html_503");
  const id = await harness.createProject("shop");
  const body = { name: "one", providerSettings: aws };
  const response = await harness.api("POST", `/groups/${id}/flexClusters`, { body });
  expect(response.status).toBe(503);
});

test("a handshake does not use a fault up: it applies to the authenticated request", async () => {
  const harness = await start();
  await harness.script("listOrgs", "html_503");
  expect((await harness.api("GET", "/orgs", { token: "bad" })).status).toBe(401);
  expect((await harness.api("GET", "/orgs")).status).toBe(503);
});

test("the token endpoint has faults of its own, which * does not reach", async () => {
  const harness = await start();
  const grant = { grant_type: "client_credentials" };
  await harness.script("*", "html_503");
  await harness.script("token", "commit_then_reset");
  expect(await failureOf(harness.oauth("token", grant))).toBe("ECONNRESET");
  expect((await harness.oauth("token", grant)).status).toBe(200);
});

test("revoke can fail too", async () => {
  const harness = await start();
  await harness.script("revoke", "error:500:");
  expect((await harness.oauth("revoke", { token: "t" })).status).toBe(500);
});
