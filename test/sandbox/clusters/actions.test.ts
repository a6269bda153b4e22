import { expect, test } from "vitest";
import { dedicated, free, startInProject } from "./bodies.ts";

const startWithClusters = async () => {
  const harness = await startInProject();
  const { api, path } = harness;
  await api("POST", path, { body: dedicated("big") });
  await api("POST", path, { body: free("small") });
  const pinned = async () =>
    (await api("GET", `${path}/big`)).at("featureCompatibilityVersionExpirationDate");
  return { ...harness, pinned };
};

test("the feature compatibility version is pinned until a date, and unpinned", async () => {
  const { api, path, pinned } = await startWithClusters();
  const expirationDate = "2026-09-01T00:00:00Z";
  const pin = `${path}/big:pinFeatureCompatibilityVersion`;
  expect(await pinned()).toBeUndefined();
  expect((await api("POST", pin, { body: { expirationDate } })).status).toBe(204);
  expect(await pinned()).toBe(expirationDate);
  expect((await api("POST", pin)).status).toBe(204);
  expect(await pinned()).toBe("2026-09-07T03:02:55Z");
  const unpin = await api("POST", `${path}/big:unpinFeatureCompatibilityVersion`);
  expect([unpin.status, await pinned()]).toEqual([204, undefined]);
});

test("primaries are restarted of dedicated clusters, not of free ones", async () => {
  const { api, path } = await startWithClusters();
  expect((await api("POST", `${path}/big/restartPrimaries`)).status).toBe(200);
  for (const action of ["/restartPrimaries", ":pinFeatureCompatibilityVersion"]) {
    const refused = await api("POST", `${path}/small${action}`);
    expect(refused.at("errorCode")).toBe("TENANT_CLUSTER_UPDATE_UNSUPPORTED");
  }
});
