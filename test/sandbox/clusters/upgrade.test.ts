import { expect, test } from "vitest";
import { aws } from "../harness.ts";
import { dedicated, free, region, startInProject, vendor } from "./bodies.ts";

const legacy = { accept: vendor("2023-01-01") };

test("a flex cluster becomes a dedicated one with its id, name and tags", async () => {
  const { api, flexPath, path, pass } = await startInProject();
  const tags = [{ key: "env", value: "test" }];
  const flex = { name: "one", providerSettings: aws, tags };
  const { at } = await api("POST", flexPath, { body: flex });
  pass(10_000);
  const body = dedicated("one");
  const response = await api("POST", `${flexPath}:tenantUpgrade`, { body });
  expect([response.status, response.at("stateName")]).toEqual([200, "UPDATING"]);
  expect(response.at("providerSettings.providerName")).toBe("FLEX");
  expect((await api("GET", `${flexPath}/one`)).at("errorCode")).toBe(
    "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API",
  );
  const now = await api("GET", `${path}/one`);
  expect(now.at()).toMatchObject({ id: at("id"), tags, stateName: "UPDATING" });
  pass(10_000);
  expect((await api("GET", `${path}/one`)).at("stateName")).toBe("IDLE");
  expect((await api("GET", path)).at("totalCount")).toBe(1);
});

test("a free cluster becomes a flex one", async () => {
  const { api, flexPath, path, pass } = await startInProject();
  const { at } = await api("POST", path, { body: free("m0") });
  pass(10_000);
  const providerSettings = { ...aws, providerName: "FLEX", instanceSizeName: "FLEX" };
  const body = { name: "m0", providerSettings };
  const response = await api("POST", `${path}/tenantUpgrade`, { body, ...legacy });
  expect([response.status, response.at("stateName")]).toEqual([200, "UPDATING"]);
  expect(response.at("providerSettings.instanceSizeName")).toBe("M0");
  expect((await api("GET", `${path}/m0`)).at("errorCode")).toBe(
    "CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API",
  );
  expect((await api("GET", `${flexPath}/m0`)).at()).toMatchObject({
    id: at("id"),
    providerSettings: { ...aws, providerName: "FLEX" },
    stateName: "UPDATING",
  });
});

test("a free cluster becomes a dedicated one, and leaves room for another free one", async () => {
  const { api, path, pass } = await startInProject();
  await api("POST", path, { body: free("m0") });
  pass(10_000);
  const body = {
    name: "m0",
    providerSettings: { providerName: "AWS", instanceSizeName: "M10", regionName: "US_EAST_1" },
    autoScaling: { compute: { enabled: true, scaleDownEnabled: true }, diskGBEnabled: true },
  };
  expect((await api("POST", `${path}/tenantUpgrade`, { body, ...legacy })).status).toBe(200);
  expect((await api("GET", `${path}/m0`)).at("replicationSpecs.0.regionConfigs.0")).toMatchObject({
    autoScaling: { compute: { enabled: true, scaleDownEnabled: true }, diskGB: { enabled: true } },
    electableSpecs: { instanceSize: "M10", nodeCount: 3 },
    providerName: "AWS",
  });
  expect((await api("POST", path, { body: free("another") })).status).toBe(201);
});

test("a dedicated cluster has nothing to become, and neither has none", async () => {
  const { api, flexPath, path } = await startInProject();
  await api("POST", path, { body: dedicated("big") });
  const upgrade = async (where: string, body: object): Promise<unknown> =>
    (await api("POST", where, { body, ...legacy, accept: vendor("2024-11-13") })).at("errorCode");
  expect(await upgrade(`${path}/tenantUpgrade`, { name: "big" })).toBe("ATLAS_GENERAL_ERROR");
  expect(await upgrade(`${path}/tenantUpgrade`, { name: "none" })).toBe("CLUSTER_NOT_FOUND");
  expect(await upgrade(`${flexPath}:tenantUpgrade`, { name: "big" })).toBe(
    "CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API",
  );
  expect(await upgrade(`${flexPath}:tenantUpgrade`, { name: "none" })).toBe("CLUSTER_NOT_FOUND");
});

test("an upgrade says to what, and refuses what Atlas does not have", async () => {
  const { api, createCluster, flexPath, id } = await startInProject();
  await createCluster(id, "one");
  const upgrade = (body: object) => api("POST", `${flexPath}:tenantUpgrade`, { body });
  expect((await upgrade({ name: "one" })).at("errorCode")).toBe("MISSING_ATTRIBUTE");
  const regionConfigs = [region({ regionName: "MOON_1" })];
  const moon = dedicated("one", { replicationSpecs: [{ regionConfigs }] });
  expect((await upgrade(moon)).at("errorCode")).toBe("INVALID_REGION");
  expect((await api("GET", `${flexPath}/one`)).status).toBe(200);
});
