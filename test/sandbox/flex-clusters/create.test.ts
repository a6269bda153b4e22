import { expect, test } from "vitest";
import { aws, start } from "../harness.ts";

const refusal = async (body: object): Promise<unknown[]> => {
  const { api, createProject } = await start();
  const path = `/groups/${await createProject("shop")}/flexClusters`;
  const response = await api("POST", path, {
    body: { name: "one", providerSettings: aws, ...body },
  });
  return [response.status, response.at("errorCode"), response.at("parameters")];
};

const statusOf = async (name: string): Promise<unknown> => {
  const { createCluster, createProject } = await start();
  return (await createCluster(await createProject("shop"), name)).status;
};

test.each(["a", "9lives", "My-Cluster-1", "c".repeat(64), `${"a".repeat(23)}-b`])(
  "%s is a good name",
  async (name) => {
    expect(await statusOf(name)).toBe(201);
  },
);

test.each(["-a", "a_b", "a b", "é", "", `${"a".repeat(30)}-`])("%j is no name", async (name) => {
  expect(await refusal({ name })).toEqual([400, "CLUSTER_NAME_INVALID", [name]]);
});

test("64 characters are the most", async () => {
  const name = "c".repeat(65);
  expect(await refusal({ name })).toEqual([400, "CLUSTER_NAME_TOO_LONG", [name, 64]]);
});

test.each([
  ["short-", "short-"],
  [`${"a".repeat(22)}-tail`, `${"a".repeat(22)}-`],
])("%s would make a host that ends with a hyphen", async (name, prefix) => {
  expect(await refusal({ name })).toEqual([400, "CLUSTER_NAME_PREFIX_INVALID", [name, 23, prefix]]);
});

test("Atlas keeps names like its own hosts for itself", async () => {
  expect(await refusal({ name: "atlas-a1b2c3" })).toEqual([
    400,
    "ATLAS_RESERVED_CLUSTER_NAME",
    ["atlas-a1b2c3"],
  ]);
  expect(await statusOf("atlas-a1b2c3d")).toBe(201);
});

test("a name that is taken is 400, not 409, with the recorded text", async () => {
  const { createCluster, createProject } = await start();
  const id = await createProject("shop");
  await createCluster(id, "one");
  const response = await createCluster(id, "one");
  expect(response.status).toBe(400);
  expect(response.at()).toEqual({
    detail: `A cluster or serverless instance named one is already present in group ${id}.`,
    error: 400,
    errorCode: "DUPLICATE_CLUSTER_NAME",
    parameters: ["cluster or serverless instance", "one", id],
    reason: "Bad Request",
  });
});

test("the first 23 characters must differ too, whatever the case", async () => {
  const { createCluster, createProject } = await start();
  const id = await createProject("shop");
  const stem = "abcdefghijklmnopqrstuvw";
  await createCluster(id, `${stem}-1`);
  const response = await createCluster(id, `${stem.toUpperCase()}-2`);
  expect([response.status, response.at("errorCode")]).toEqual([
    400,
    "DUPLICATE_CLUSTER_NAME_PREFIX",
  ]);
});

test("the same name is free in another project", async () => {
  const { createCluster, createProject } = await start();
  await createCluster(await createProject("a"), "one");
  expect((await createCluster(await createProject("b"), "one")).status).toBe(201);
});

test.each([
  [{ name: undefined }, "name"],
  [{ providerSettings: undefined }, "providerSettings"],
  [{ providerSettings: {} }, "backingProviderName"],
  [{ providerSettings: { backingProviderName: "AWS" } }, "regionName"],
])("%j lacks %s", async (body, attribute) => {
  expect(await refusal(body)).toEqual([400, "MISSING_ATTRIBUTE", [attribute]]);
});

test.each([
  [{ name: 1 }, "name"],
  [{ providerSettings: [] }, "providerSettings"],
  [{ providerSettings: { ...aws, regionName: 5 } }, "regionName"],
  [{ terminationProtectionEnabled: "true" }, "terminationProtectionEnabled"],
])("%j has a wrong type", async (body, attribute) => {
  expect(await refusal(body)).toEqual([400, "INVALID_JSON_ATTRIBUTE", [attribute]]);
});

test.each([
  [{ replicationSpecs: [] }, "replicationSpecs"],
  [{ providerSettings: { ...aws, instanceSizeName: "M0" } }, "instanceSizeName"],
])("%j has a member that is not known", async (body, attribute) => {
  expect(await refusal(body)).toEqual([400, "INVALID_ATTRIBUTE", [attribute]]);
});

test("read-only members are ignored", async () => {
  const providerSettings = { ...aws, diskSizeGB: 99, providerName: "TENANT" };
  expect(await refusal({ id: "x", links: [], providerSettings })).toEqual([
    201,
    undefined,
    undefined,
  ]);
});

test("a provider that does not exist is invalid", async () => {
  expect(await refusal({ providerSettings: { ...aws, backingProviderName: "IBM" } })).toEqual([
    400,
    "INVALID_PROVIDER",
    ["IBM"],
  ]);
});

test.each(["us-east-1", "US_EAST_2", "CENTRAL_US", ""])(
  "%j is no flex region of AWS",
  async (regionName) => {
    expect(await refusal({ providerSettings: { ...aws, regionName } })).toEqual([
      400,
      "INVALID_REGION",
      [regionName, "AWS"],
    ]);
  },
);

test.each([
  ["GCP", "CENTRAL_US"],
  ["AZURE", "US_EAST_2"],
])("%s has %s", async (backingProviderName, regionName) => {
  const [status] = await refusal({ providerSettings: { backingProviderName, regionName } });
  expect(status).toBe(201);
});
