import { expect, test } from "vitest";
import { AWS, create, failureOf, projectNames, start } from "./harness.ts";

test("error answers with the text of the code and the names of the request", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("createGroupFlexCluster", "error:402:NO_PAYMENT_INFORMATION_FOUND");
  const answer = await harness.createCluster(id, "one");
  expect(answer.status).toBe(402);
  expect(answer.headers.get("x-error-code")).toBe("NO_PAYMENT_INFORMATION_FOUND");
  expect(answer.at()).toEqual({
    detail: `No payment information was found for group ${id}.`,
    error: 402,
    errorCode: "NO_PAYMENT_INFORMATION_FOUND",
    parameters: [id],
    reason: "Payment Required",
  });
});

test("error fills several names into one text", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("createGroupFlexCluster", "error:400:DUPLICATE_CLUSTER_NAME");
  const answer = await harness.createCluster(id, "one");
  expect(answer.at("parameters")).toEqual(["cluster or serverless instance", "one", id]);
  await harness.script("createGroupFlexCluster", "error:400:INVALID_REGION");
  expect((await harness.createCluster(id, "one")).at("parameters")).toEqual(["US_EAST_1", "AWS"]);
});

test("error takes codes that are not in the table", async () => {
  const harness = await start();
  await harness.script("createGroup", "error:418:TEAPOT");
  expect((await create(harness)).at()).toMatchObject({ error: 418, errorCode: "TEAPOT" });
});

test("error without a code leaves the code out", async () => {
  const harness = await start();
  await harness.script("createGroup", "error:500:");
  const answer = await create(harness);
  expect(answer.at("errorCode")).toBeUndefined();
  expect(answer.headers.get("x-error-code")).toBeNull();
  expect(await projectNames(harness)).toEqual([]);
});

test("commit_then_500 made the project all the same", async () => {
  const harness = await start();
  await harness.script("createGroup", "commit_then_500");
  const answer = await create(harness);
  expect([answer.status, answer.at("errorCode")]).toEqual([500, "UNEXPECTED_ERROR"]);
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test("commit_then_error refuses in words what was done in fact", async () => {
  const harness = await start();
  await harness.script("createGroup", "commit_then_error:400:VALIDATION_ERROR");
  const answer = await create(harness);
  expect(answer.status).toBe(400);
  expect(answer.at("detail")).toContain("contains invalid characters");
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test("html_503 is a proxy's page, not JSON", async () => {
  const harness = await start();
  await harness.script("*", "html_503");
  const answer = await create(harness);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([503, "text/html"]);
  expect(answer.text).toMatch(/^<html>/);
});

test("empty_401 has no body", async () => {
  const harness = await start();
  await harness.script("createGroup", "empty_401");
  const answer = await create(harness);
  expect([answer.status, answer.text]).toEqual([401, ""]);
});

test("rate_limit answers as recorded", async () => {
  const harness = await start();
  await harness.script("listOrgs", "rate_limit");
  const answer = await harness.api("GET", "/orgs");
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("55");
  expect(answer.at()).toEqual({
    detail:
      "Rate limit exceeded for api/atlas/v2/orgs. Please retry after 55 seconds. Request capacity: 300. Refill rate: 100 per 60 seconds.",
    error: 429,
    errorCode: "RATE_LIMITED_TOKEN_BUCKET",
    parameters: ["api/atlas/v2/orgs", 55, 300, 100, 60],
    reason: "Too Many Requests",
  });
});

test("rate_limit can name the seconds, or leave the headers out", async () => {
  const harness = await start();
  await harness.script("listOrgs", "rate_limit:2");
  expect((await harness.api("GET", "/orgs")).headers.get("retry-after")).toBe("2");
  await harness.script("listOrgs", "rate_limit_no_header");
  const answer = await harness.api("GET", "/orgs");
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBeNull();
  expect(answer.headers.get("ratelimit-limit")).toBeNull();
});

test("stale_reads hides a new project from so many reads, by list or by id", async () => {
  const harness = await start();
  await harness.script("createGroup", "stale_reads:3");
  const id = (await create(harness)).string("id");
  const { api, sandbox } = harness;
  expect((await api("GET", `/orgs/${sandbox.orgId}/groups?name=shop`)).at("totalCount")).toBe(0);
  expect((await api("GET", "/groups")).at("totalCount")).toBe(0);
  expect((await api("GET", `/groups/${id}`)).at("errorCode")).toBe("GROUP_NOT_FOUND");
  expect((await api("GET", `/groups/${id}`)).status).toBe(200);
});

test("what reads do not see still holds its name", async () => {
  const harness = await start();
  await harness.script("createGroup", "stale_reads:9");
  await create(harness);
  expect((await create(harness)).at("errorCode")).toBe("GROUP_ALREADY_EXISTS");
});

test("stale_reads hides a new cluster too", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("createGroupFlexCluster", "stale_reads:1");
  await harness.createCluster(id, "one");
  const path = `/groups/${id}/flexClusters/one`;
  expect((await harness.api("GET", path)).at("errorCode")).toBe("CLUSTER_NOT_FOUND");
  expect((await harness.api("GET", path)).status).toBe(200);
});

test("stuck_creating never comes to an end", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("createGroupFlexCluster", "stuck_creating");
  await harness.createCluster(id, "one");
  harness.pass(3_000_000);
  const answer = await harness.api("GET", `/groups/${id}/flexClusters/one`);
  expect(answer.at("stateName")).toBe("CREATING");
});

test("ignored_delete says yes and does nothing", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.createCluster(id, "one");
  const path = `/groups/${id}/flexClusters/one`;
  await harness.script("*", "ignored_delete");
  expect((await harness.api("DELETE", path)).status).toBe(204);
  harness.pass(10_000);
  expect((await harness.api("GET", path)).at("stateName")).toBe("IDLE");
});

test("racy lets two projects have one name", async () => {
  const harness = await start();
  await harness.script("createGroup", "racy", 2);
  const [first, second] = await Promise.all([create(harness), create(harness)]);
  expect([first.status, second.status]).toEqual([201, 201]);
  const answer = await harness.api("GET", "/groups/byName/shop");
  expect([answer.status, answer.at("errorCode")]).toEqual([409, "MULTIPLE_GROUPS"]);
});

test("two faults joined by + befall one request", async () => {
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
  const body = { name: "one", providerSettings: AWS };
  const answer = await harness.api("POST", `/groups/${id}/flexClusters`, { body });
  expect(answer.status).toBe(503);
});

test("a handshake does not use a fault up: it strikes the request that is authenticated", async () => {
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
