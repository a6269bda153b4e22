import { expect, test } from "vitest";
import { day, startWith } from "./snapshots.ts";

test.each([
  [0, 0],
  [day - 1, 0],
  [day, 1],
  [3.5 * day, 3],
  [8 * day, 8],
  [30 * day, 8],
])("a cluster of %s ms has %s snapshots", async (age, count) => {
  const { read, path } = await startWith(age);
  const response = await read(path);
  expect(response.status).toBe(200);
  expect(response.at("totalCount")).toBe(count);
  expect(response.at("results")).toHaveLength(count);
});

test("snapshots are listed from the oldest one, with the members that Atlas shows", async () => {
  const { read, path } = await startWith(10 * day);
  const response = await read(path);
  expect(response.at("results.0.scheduledTime")).toBe("2026-08-13T03:02:55Z");
  expect(response.at("results.7")).toMatchObject({
    expiration: "2026-08-28T03:02:55Z",
    finishTime: "2026-08-20T03:02:55Z",
    mongoDBVersion: "8.0.29",
    scheduledTime: "2026-08-20T03:02:55Z",
    startTime: "2026-08-20T03:02:55Z",
    status: "COMPLETED",
  });
});

test("a cluster that is not there has no list of snapshots", async () => {
  const { read, id } = await startWith(day);
  const response = await read(`/groups/${id}/flexClusters/other/backup/snapshots`);
  expect([response.status, response.at("errorCode")]).toEqual([404, "CLUSTER_NOT_FOUND"]);
});

test("a cluster that never became ready has none", async () => {
  const { read, path } = await startWith(5 * day, "stuck_creating");
  const response = await read(path);
  expect(response.at("results")).toEqual([]);
});

test("faults can be scripted for it", async () => {
  const { read, path, script } = await startWith(day);
  await script("listGroupFlexClusterBackupSnapshots", "error:403:ACCESS_FORBIDDEN");
  expect((await read(path)).status).toBe(403);
});
