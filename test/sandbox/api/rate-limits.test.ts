import { expect, test } from "vitest";
import { type Harness, start, type TestResponse } from "../harness.ts";

const drain = async ({ api }: Harness, path: string, times: number): Promise<TestResponse> => {
  let last = await api("GET", path);
  for (let n = 1; n < times; n += 1) last = await api("GET", path);
  return last;
};

const limitOf = (response: TestResponse) => response.headers.get("ratelimit-limit");
const leftOf = (response: TestResponse) => response.headers.get("ratelimit-remaining");

test.each([
  ["/orgs", "300"],
  ["/groups", "1200"],
  ["/groups/byName/none", "1200"],
])("GET %s has a bucket of %s", async (path, limit) => {
  const { api } = await start();
  expect(limitOf(await api("GET", path))).toBe(limit);
});

test("organization, project, flex clusters and regions have buckets of their own", async () => {
  const { api, createProject, sandbox } = await start();
  const id = await createProject("shop");
  expect(limitOf(await api("GET", `/orgs/${sandbox.orgId}`))).toBe("500");
  expect(leftOf(await api("GET", `/groups/${id}`))).toBe("1199");
  expect(leftOf(await api("GET", `/groups/${id}/flexClusters`))).toBe("1199");
  expect(leftOf(await api("GET", `/groups/${id}/clusters/provider/regions`))).toBe("9999");
});

test("each request takes one, a refused one too", async () => {
  const { api } = await start();
  expect(leftOf(await api("GET", "/groups"))).toBe("1199");
  expect(leftOf(await api("GET", "/groups", { accept: "*/*" }))).toBe("1198");
  expect(leftOf(await api("POST", "/groups", { body: {} }))).toBe("1197");
});

test("a request that is not authenticated takes none and shows none", async () => {
  const { api } = await start();
  expect(limitOf(await api("GET", "/groups", { token: "bad" }))).toBeNull();
  expect(leftOf(await api("GET", "/groups"))).toBe("1199");
});

test("an empty bucket is 429 with the wait until the next refill", async () => {
  const harness = await start();
  expect((await drain(harness, "/orgs", 300)).status).toBe(200);
  harness.pass(5_000);
  const response = await harness.api("GET", "/orgs");
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("55");
  expect(leftOf(response)).toBe("0");
  expect(response.at("parameters")).toEqual(["api/atlas/v2/orgs", 55, 300, 100, 60]);
});

test("the 429 of an empty bucket names the path of the request", async () => {
  const harness = await start();
  const path = `/orgs/${harness.sandbox.orgId}`;
  const response = await drain(harness, path, 501);
  expect(response.at("parameters.0")).toBe(`api/atlas/v2${path}`);
});

test("a minute later the refill is there, and no more than that", async () => {
  const harness = await start();
  await drain(harness, "/orgs", 301);
  harness.pass(60_000);
  expect(leftOf(await harness.api("GET", "/orgs"))).toBe("99");
});

test("a bucket never holds more than its capacity", async () => {
  const harness = await start();
  await harness.api("GET", "/orgs");
  harness.pass(3_000_000);
  expect(leftOf(await harness.api("GET", "/orgs"))).toBe("299");
});

test("one project's bucket is not another's", async () => {
  const { api, createProject } = await start();
  const [a, b] = [await createProject("a"), await createProject("b")];
  await api("GET", `/groups/${a}`);
  expect(leftOf(await api("GET", `/groups/${a}`))).toBe("1198");
  expect(leftOf(await api("GET", `/groups/${b}`))).toBe("1199");
});

test("where nobody counts, a full bucket stays full", async () => {
  const harness = await start({ rateLimits: false });
  const response = await drain(harness, "/orgs", 301);
  expect([response.status, limitOf(response), leftOf(response)]).toEqual([200, "300", "300"]);
});

test("where nobody counts, tokens may be asked for at any rate", async () => {
  const { oauth } = await start({ rateLimits: false });
  const requestOptions = () => oauth("token", { grant_type: "client_credentials" });
  const answers = await Promise.all(Array.from({ length: 11 }, requestOptions));
  expect(answers.map(({ status }) => status)).toEqual(Array(11).fill(200));
});

test("where nobody counts, a scripted 429 comes all the same", async () => {
  const { api, script } = await start({ rateLimits: false });
  await script("listOrgs", "rate_limit:2");
  expect((await api("GET", "/orgs")).status).toBe(429);
  expect((await api("GET", "/orgs")).status).toBe(200);
});

test("a project that does not exist has no limit", async () => {
  const { api } = await start();
  for (const path of ["", "/flexClusters", "/accessList"]) {
    const response = await api("GET", `/groups/32b6e34b3d91647abb20e7b8${path}`);
    expect([response.at("errorCode"), limitOf(response), leftOf(response)]).toEqual([
      "GROUP_NOT_FOUND",
      null,
      null,
    ]);
  }
});
