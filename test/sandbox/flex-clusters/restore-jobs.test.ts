import { expect, test } from "vitest";
import { day, startWith } from "./snapshots.ts";

const startWithSnapshot = async () => {
  const harness = await startWith(2 * day);
  const { api, id, oauth, path, read } = harness;
  const token = (await oauth("token", { grant_type: "client_credentials" })).string("access_token");
  const snapshotId = (await read(path)).string("results.0.id");
  const jobs = path.replace("snapshots", "restoreJobs");
  const request = (body: object) => api("POST", jobs, { body, token });
  const target = { targetDeploymentItemName: "db", targetProjectId: id };
  return { ...harness, jobs, request, snapshotId, target };
};

test("a restore job is made of a snapshot, and is completed after the time of a cluster", async () => {
  const { id, jobs, pass, read, request, snapshotId, target } = await startWithSnapshot();
  const created = await request({ snapshotId, ...target });
  const view = {
    deliveryType: "RESTORE",
    expirationDate: "2026-08-12T09:02:55Z",
    id: created.string("id"),
    instanceName: "db",
    projectId: id,
    restoreScheduledDate: "2026-08-12T03:02:55Z",
    snapshotFinishedDate: "2026-08-11T03:02:55Z",
    snapshotId,
    status: "PENDING",
    ...target,
  };
  expect([created.status, created.text]).toEqual([200, JSON.stringify(view)]);
  expect((await read(`${jobs}/${view.id}`)).at()).toEqual(view);
  pass(3000);
  const done = { ...view, restoreFinishedDate: "2026-08-12T03:02:58Z", status: "COMPLETED" };
  expect((await read(jobs)).at("results")).toEqual([done]);
});

test("a job needs a snapshot that there is", async () => {
  const { id, jobs, read, request, target } = await startWithSnapshot();
  for (const [body, code] of [
    [target, "MISSING_ATTRIBUTE"],
    [{ ...target, snapshotId: id }, "RESOURCE_NOT_FOUND"],
  ] as const) {
    expect((await request(body)).at("errorCode")).toBe(code);
  }
  expect((await read(`${jobs}/${id}`)).at("errorCode")).toBe("RESOURCE_NOT_FOUND");
  expect((await read(jobs)).at("totalCount")).toBe(0);
});
