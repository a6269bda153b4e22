import { expect, test } from "vitest";
import { aws, send } from "../harness.ts";
import { dedicated, free, startInProject, vendor } from "./bodies.ts";

const flex = (name: string): object => ({ name, providerSettings: aws });

test.each([
  ["GET", ""],
  ["PATCH", ""],
  ["DELETE", ""],
  ["GET", "/autoScalingConfiguration"],
  ["GET", "/processArgs"],
  ["PATCH", "/processArgs"],
])("%s of a flex cluster%s is refused by the clusters API", async (method, rest) => {
  const { api, createCluster, id, path } = await startInProject();
  await createCluster(id, "flex");
  const body = method === "PATCH" ? {} : undefined;
  expect((await api(method, `${path}/flex${rest}`, { body })).at()).toEqual({
    detail: "Flex cluster flex cannot be used in the Cluster API.",
    error: 400,
    errorCode: "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
    parameters: ["flex"],
    reason: "Bad Request",
  });
});

test.each([
  ["GET", ""],
  ["PATCH", ""],
  ["DELETE", ""],
  ["GET", "/backup/snapshots"],
  ["GET", "/backup/snapshots/0123456789abcdef01234567"],
])("%s of a free cluster%s is refused by the flex API", async (method, rest) => {
  const { api, flexPath, path } = await startInProject();
  await api("POST", path, { body: free("m0") });
  const body = method === "PATCH" ? {} : undefined;
  expect((await api(method, `${flexPath}/m0${rest}`, { body })).at()).toEqual({
    detail: "Cannot use non-flex cluster m0 in the flex API.",
    error: 400,
    errorCode: "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API",
    parameters: ["m0"],
    reason: "Bad Request",
  });
});

test("a name is taken in both APIs, and so is its hostname", async () => {
  const { api, createCluster, flexPath, id, path } = await startInProject();
  await createCluster(id, "one");
  await api("POST", path, { body: dedicated("two") });
  const taken = [
    await api("POST", path, { body: dedicated("one") }),
    await api("POST", path, { body: dedicated("ONE") }),
    await api("POST", flexPath, { body: flex("two") }),
    await api("POST", flexPath, { body: flex("Two") }),
  ];
  expect(taken.map((response) => response.at("errorCode"))).toEqual([
    "DUPLICATE_CLUSTER_NAME",
    "DUPLICATE_CLUSTER_NAME_PREFIX",
    "DUPLICATE_CLUSTER_NAME",
    "DUPLICATE_CLUSTER_NAME_PREFIX",
  ]);
});

test("each list shows the clusters of its own API", async () => {
  const { api, createCluster, flexPath, id, path } = await startInProject();
  await createCluster(id, "one");
  await api("POST", path, { body: dedicated("two") });
  expect((await api("GET", path)).at("results")).toMatchObject([{ name: "two" }]);
  expect((await api("GET", flexPath)).at("results")).toMatchObject([{ name: "one" }]);
});

test("both count for the project, its limit and its delete", async () => {
  const { api, createCluster, id, path, pass } = await startInProject();
  await createCluster(id, "one");
  await api("POST", path, { body: free("two") });
  expect((await api("GET", `/groups/${id}`)).at("clusterCount")).toBe(2);
  const limit = await api("GET", `/groups/${id}/limits/atlas.project.deployment.clusters`);
  expect(limit.at("currentUsage")).toBe(2);
  await api("DELETE", `/groups/${id}/flexClusters/one`);
  pass(10_000);
  expect((await api("DELETE", `/groups/${id}`)).at("errorCode")).toBe(
    "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS",
  );
  await api("DELETE", `${path}/two`);
  pass(10_000);
  expect((await api("DELETE", `/groups/${id}`)).status).toBe(202);
});

test("a project has 25 clusters of both kinds", async () => {
  const { api, createCluster, flexPath, id, path } = await startInProject();
  for (let n = 0; n < 12; n += 1) await createCluster(id, `flex-${n}`);
  for (let n = 0; n < 13; n += 1) await api("POST", path, { body: dedicated(`big-${n}`) });
  for (const [where, body] of [
    [path, dedicated("more")],
    [flexPath, flex("more")],
  ] as const)
    expect((await api("POST", where, { body })).at("errorCode")).toBe(
      "MAX_CLUSTERS_PER_GROUP_EXCEEDED",
    );
});

test("GET /clusters names the clusters of all projects, few members of each", async () => {
  const { api, createCluster, createProject, id, path, sandbox } = await startInProject();
  await createProject("empty");
  await createCluster(id, "one");
  const cluster = await api("POST", path, { body: dedicated("two") });
  const response = await api("GET", "/clusters", { accept: vendor("2023-01-01") });
  const few = { authEnabled: true, availability: "available", sslEnabled: true };
  expect(response.at("results")).toMatchObject([
    { clusters: [], groupName: "empty" },
    {
      clusters: [
        { ...few, clusterId: cluster.at("id"), name: "two", type: "REPLICA_SET" },
        { ...few, name: "one", versions: ["8.0.29"] },
      ],
      groupId: id,
      groupName: "shop",
      orgId: sandbox.orgId,
      orgName: "Sandbox",
      planType: "Atlas",
    },
  ]);
});

test("the Atlas CLI gets the default version of MongoDB as plain text, without credentials", async () => {
  const { sandbox } = await startInProject();
  const path = "/api/private/unauth/nds/defaultMongoDBMajorVersion";
  const response = await send(`${sandbox.url}${path}`, {});
  expect([response.status, response.text]).toEqual([200, "8.0"]);
  expect(response.headers.get("content-type")).toBe("text/plain;charset=iso-8859-1");
});
