import { expect, test } from "vitest";
import { dedicated, type InProject, region, startInProject, vendor } from "./bodies.ts";

const startWithBig = async (more: object = {}): Promise<InProject & { item: string }> => {
  const harness = await startInProject({ provisionMs: 3000 });
  await harness.api("POST", harness.path, { body: dedicated("big", more) });
  harness.pass(3000);
  return { ...harness, item: `${harness.path}/big` };
};

test("another size makes the cluster UPDATING for a while, and keeps ids and disks", async () => {
  const { api, item, pass } = await startWithBig();
  const before = await api("GET", item);
  const electableSpecs = { instanceSize: "M20", nodeCount: 3 };
  const body = { replicationSpecs: [{ regionConfigs: [region({ electableSpecs })] }] };
  const changed = await api("PATCH", item, { body });
  expect([changed.status, changed.at("stateName")]).toEqual([200, "UPDATING"]);
  expect(changed.at("replicationSpecs.0.id")).toBe(before.at("replicationSpecs.0.id"));
  expect(changed.at("replicationSpecs.0.regionConfigs.0.electableSpecs")).toMatchObject({
    instanceSize: "M20",
    diskSizeGB: 10,
  });
  pass(2999);
  expect((await api("GET", item)).at("stateName")).toBe("UPDATING");
  pass(1);
  expect((await api("GET", item)).at("stateName")).toBe("IDLE");
});

test("what a read showed can be sent back", async () => {
  const { api, item } = await startWithBig();
  const body = (await api("GET", item)).at();
  const response = await api("PATCH", item, { body });
  expect(response.status).toBe(200);
  expect(response.at("replicationSpecs")).toEqual((await api("GET", item)).at("replicationSpecs"));
});

test("the size of the disk can be changed alone in the version that has it at the top", async () => {
  const { api, item } = await startWithBig();
  await api("PATCH", item, { body: { diskSizeGB: 40 }, accept: vendor("2023-02-01") });
  expect((await api("GET", item)).at("effectiveReplicationSpecs.0.regionConfigs.0")).toMatchObject({
    electableSpecs: { diskSizeGB: 40 },
    readOnlySpecs: { diskSizeGB: 40 },
  });
});

test("tags and termination protection change at once", async () => {
  const { api, item } = await startWithBig();
  const body = { tags: [{ key: "env", value: "test" }], terminationProtectionEnabled: true };
  expect((await api("PATCH", item, { body })).at()).toMatchObject({ ...body, stateName: "IDLE" });
});

test("a name cannot be changed, and that of the cluster may be sent", async () => {
  const { api, item } = await startWithBig();
  const response = await api("PATCH", item, { body: { name: "other" } });
  expect(response.at("errorCode")).toBe("CLUSTER_CANNOT_CHANGE_NAME");
  expect((await api("PATCH", item, { body: { name: "big" } })).status).toBe(200);
});

test("a paused cluster takes nothing but the end of its pause, in Atlas's words", async () => {
  const { api, item } = await startWithBig();
  expect((await api("PATCH", item, { body: { paused: true } })).at("paused")).toBe(true);
  for (const body of [{ paused: true }, { tags: [] }]) {
    expect((await api("PATCH", item, { body })).at()).toEqual({
      detail: "Cannot update cluster big while it is paused or being paused.",
      error: 409,
      errorCode: "CANNOT_UPDATE_PAUSED_CLUSTER",
      parameters: ["big"],
      reason: "Conflict",
    });
  }
  expect((await api("PATCH", item, { body: { paused: false } })).at("paused")).toBe(false);
});

test("a resumed cluster runs for an hour before the next pause", async () => {
  const { api, item, oauth, pass } = await startWithBig();
  await api("PATCH", item, { body: { paused: true } });
  await api("PATCH", item, { body: { paused: false } });
  pass(59 * 60_000);
  const response = await api("PATCH", item, { body: { paused: true } });
  expect([response.status, response.at("errorCode"), response.at("parameters")]).toEqual([
    400,
    "CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER",
    [60],
  ]);
  pass(60_000);
  // The token of the first request has expired as well.
  const token = (await oauth("token", { grant_type: "client_credentials" })).string("access_token");
  expect((await api("PATCH", item, { body: { paused: true }, token })).status).toBe(200);
});

test("a cluster on its way out cannot be updated, in Atlas's words", async () => {
  const { api, item } = await startWithBig();
  await api("DELETE", item);
  const response = await api("PATCH", item, { body: { tags: [] } });
  expect([response.at("errorCode"), response.at("parameters")]).toEqual([
    "ATLAS_GENERAL_ERROR",
    ["This cluster is currently being deleted, cannot update"],
  ]);
});

test.each([
  ["2023-02-01", "CLUSTER_WIDE_SCALING"],
  ["2024-08-05", "INDEPENDENT_SHARD_SCALING"],
])("specs of version %s mean %s", async (date, autoScalingMode) => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: dedicated("big"), accept: vendor(date) });
  const response = await api("GET", `${path}/big/autoScalingConfiguration`);
  expect(response.at()).toEqual({ autoScalingMode });
});
