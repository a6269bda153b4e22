import { expect, test } from "vitest";
import { start } from "../harness.ts";

const startWithCluster = async () => {
  const harness = await start({ provisionMs: 3000 });
  const groupId = await harness.createProject("shop");
  await harness.createCluster(groupId, "orders");
  const loads = (method: string, path: string) =>
    harness.api(method, `/groups/${groupId}/sampleDatasetLoad/${path}`);
  return { ...harness, groupId, loads };
};

test("sample data is loaded in the time that a cluster takes, and shown as recorded", async () => {
  const { loads, pass } = await startWithCluster();
  const requested = await loads("POST", "orders");
  const id = requested.string("_id");
  const view = {
    _id: id,
    clusterName: "orders",
    completeDate: null,
    createDate: "2026-08-10T03:02:55Z",
    errorMessage: null,
    state: "WORKING",
  };
  expect([requested.status, requested.text]).toEqual([201, JSON.stringify(view)]);
  expect((await loads("GET", id)).at()).toEqual(view);
  pass(3000);
  const done = { ...view, completeDate: "2026-08-10T03:02:58Z", state: "COMPLETED" };
  expect((await loads("GET", id)).at()).toEqual(done);
});

test("there is no load into a cluster that does not exist, and none that nobody asked for", async () => {
  const { groupId, loads } = await startWithCluster();
  expect((await loads("POST", "other")).at("errorCode")).toBe("CLUSTER_NOT_FOUND");
  expect((await loads("GET", groupId)).at("errorCode")).toBe("RESOURCE_NOT_FOUND");
});
