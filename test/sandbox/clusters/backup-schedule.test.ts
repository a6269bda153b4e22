import { expect, test } from "vitest";
import { dedicated, startInProject } from "./bodies.ts";

const startWithCluster = async () => {
  const harness = await startInProject();
  const { api, path } = harness;
  const created = await api("POST", path, { body: dedicated("big") });
  const schedule = (method: string, body?: unknown) =>
    api(method, `${path}/big/backup/schedule`, body === undefined ? {} : { body });
  return { ...harness, schedule, clusterId: created.string("id") };
};

const daily = {
  frequencyInterval: 1,
  frequencyType: "daily",
  retentionUnit: "days",
  retentionValue: 3,
};

test("a new cluster has the recorded schedule, in the recorded order", async () => {
  const { clusterId, schedule } = await startWithCluster();
  const response = await schedule("GET");
  expect(response.headers.get("content-type")).toContain("2024-08-05");
  expect(Object.keys(JSON.parse(response.text))).toEqual([
    "autoExportEnabled",
    "clusterId",
    "clusterName",
    "copyPolicyItemsEnabled",
    "copySettings",
    "links",
    "nextSnapshot",
    "policies",
    "referenceHourOfDay",
    "referenceMinuteOfHour",
    "restoreWindowDays",
    "useOrgAndGroupNamesInExportPrefix",
  ]);
  // The cluster is created at 03:02:55, and the first item is every six hours.
  expect(response.at()).toMatchObject({
    clusterId,
    clusterName: "big",
    nextSnapshot: "2026-08-10T09:02:00Z",
    referenceHourOfDay: 3,
    referenceMinuteOfHour: 2,
  });
  expect(response.at("policies.0.policyItems")).toHaveLength(5);
});

test("an update is kept, and new items of a policy get ids", async () => {
  const { schedule } = await startWithCluster();
  const id = (await schedule("GET")).string("policies.0.id");
  const policies = [{ id, policyItems: [daily] }];
  const updated = await schedule("PATCH", {
    policies,
    referenceHourOfDay: 5,
    referenceMinuteOfHour: 30,
    updateSnapshots: true,
  });
  expect(updated.at()).toMatchObject({ policies, nextSnapshot: "2026-08-10T05:30:00Z" });
  expect(updated.at("policies.0.policyItems.0.id")).toMatch(/^[a-f0-9]{24}$/);
  expect(updated.at("updateSnapshots")).toBeUndefined();
  expect((await schedule("GET")).text).toBe(updated.text);
});

test("a delete leaves a policy without items, and no next snapshot", async () => {
  const { schedule } = await startWithCluster();
  const id = (await schedule("GET")).string("policies.0.id");
  const deleted = await schedule("DELETE");
  expect([deleted.status, deleted.at("policies")]).toEqual([200, [{ id, policyItems: [] }]]);
  expect(deleted.at("nextSnapshot")).toBeUndefined();
});

test("a cluster of the same name that comes later has a schedule of its own", async () => {
  const { api, pass, path, schedule } = await startWithCluster();
  await schedule("PATCH", { restoreWindowDays: 2 });
  await api("DELETE", `${path}/big`);
  pass(3000);
  await api("POST", path, { body: dedicated("big") });
  expect((await schedule("GET")).at("restoreWindowDays")).toBe(7);
});
