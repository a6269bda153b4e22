import { expect, test } from "vitest";
import { create, projectNames, start } from "../harness.ts";

test("error answers with the text of the code and the names of the request", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("createGroupFlexCluster", "error:402:NO_PAYMENT_INFORMATION_FOUND");
  const response = await harness.createCluster(id, "one");
  expect(response.status).toBe(402);
  expect(response.headers.get("x-error-code")).toBe("NO_PAYMENT_INFORMATION_FOUND");
  expect(response.at()).toEqual({
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
  const response = await harness.createCluster(id, "one");
  expect(response.at("parameters")).toEqual(["cluster or serverless instance", "one", id]);
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
  const response = await create(harness);
  expect(response.at("errorCode")).toBeUndefined();
  expect(response.headers.get("x-error-code")).toBeNull();
  expect(await projectNames(harness)).toEqual([]);
});

test.each([
  ["DELETE", "Cluster already requested to be deleted"],
  ["PATCH", "This cluster is currently being deleted, cannot update"],
  ["GET", "Unexpected error"],
])("error:400:ATLAS_GENERAL_ERROR to a %s names the problem that fits", async (method, reason) => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.script("*", "error:400:ATLAS_GENERAL_ERROR");
  const body = method === "PATCH" ? { body: {} } : {};
  const response = await harness.api(method, `/groups/${id}/flexClusters/one`, body);
  expect(response.at()).toMatchObject({
    detail: `Reason: ${reason}.`,
    errorCode: "ATLAS_GENERAL_ERROR",
    parameters: [reason],
  });
});

test("error takes a problem for a code whose text has one", async () => {
  const harness = await start();
  await harness.script("createGroup", "error:400:ATLAS_GENERAL_ERROR:It is late: try again.");
  expect((await create(harness)).at()).toMatchObject({
    detail: "Reason: It is late: try again..",
    parameters: ["It is late: try again."],
  });
  await harness.script("createGroup", "commit_then_error:400:VALIDATION_ERROR:no");
  expect((await create(harness)).at("parameters")).toEqual(["no"]);
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test("commit_then_500 made the project all the same", async () => {
  const harness = await start();
  await harness.script("createGroup", "commit_then_500");
  const response = await create(harness);
  expect([response.status, response.at("errorCode")]).toEqual([500, "UNEXPECTED_ERROR"]);
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test("commit_then_error refuses in words what was done in fact", async () => {
  const harness = await start();
  await harness.script("createGroup", "commit_then_error:400:VALIDATION_ERROR");
  const response = await create(harness);
  expect(response.status).toBe(400);
  expect(response.at("detail")).toContain("contains invalid characters");
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test("html_503 is a proxy's page, not JSON", async () => {
  const harness = await start();
  await harness.script("*", "html_503");
  const response = await create(harness);
  expect([response.status, response.headers.get("content-type")]).toEqual([503, "text/html"]);
  expect(response.text).toMatch(/^<html>/);
});

test("empty_401 has no body", async () => {
  const harness = await start();
  await harness.script("createGroup", "empty_401");
  const response = await create(harness);
  expect([response.status, response.text]).toEqual([401, ""]);
});

test("rate_limit answers as recorded", async () => {
  const harness = await start();
  await harness.script("listOrgs", "rate_limit");
  const response = await harness.api("GET", "/orgs");
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("55");
  expect(response.at()).toEqual({
    detail:
      "Rate limit exceeded for api/atlas/v2/orgs. Please retry after 55 seconds. Request capacity: 300. Refill rate: 100 per 60 seconds. For more information, see: http://dochub.mongodb.org/core/atlas-api-rate-limit.",
    error: 429,
    errorCode: "RATE_LIMITED_TOKEN_BUCKET",
    parameters: ["api/atlas/v2/orgs", 55, 300, 100, 60],
    reason: "Too Many Requests",
  });
});

test("a 429 names the path of the request, decoded", async () => {
  const { api, createProject, script } = await start();
  const id = await createProject("shop");
  await script("*", "rate_limit");
  const response = await api("GET", `/groups/${id}/accessList/203.0.113.7%2F32?pretty=false`);
  expect(response.at("parameters.0")).toBe(`api/atlas/v2/groups/${id}/accessList/203.0.113.7/32`);
});

test("a 429 of the token endpoint names its path", async () => {
  const { oauth, script } = await start();
  await script("token", "rate_limit");
  expect((await oauth("token", {})).at("parameters.0")).toBe("api/oauth/token");
});

test("rate_limit can name the seconds, or leave the headers out", async () => {
  const harness = await start();
  await harness.script("listOrgs", "rate_limit:2");
  expect((await harness.api("GET", "/orgs")).headers.get("retry-after")).toBe("2");
  await harness.script("listOrgs", "rate_limit_no_header");
  const response = await harness.api("GET", "/orgs");
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBeNull();
  expect(response.headers.get("ratelimit-limit")).toBeNull();
});

test("where Atlas waits for a clean-up, the sentence is the parameter", async () => {
  const { createCluster, createProject, script } = await start();
  const code = "CONTAINER_WAITING_FOR_FAST_RECORD_CLEAN_UP";
  await script("createGroupFlexCluster", `error:400:${code}`);
  const response = await createCluster(await createProject("shop"), "one");
  expect(response.at("errorCode")).toBe(code);
  expect(response.at("parameters")).toEqual([response.at("detail")]);
});
