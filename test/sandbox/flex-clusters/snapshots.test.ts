import { expect, test } from "vitest";
import { type Harness, keysOf, start } from "../harness.ts";

const day = 86_400_000;

/** A read with a token of its own, because one lives shorter than a snapshot takes to come. */
const readWith =
  ({ oauth, api }: Harness) =>
  async (path: string) => {
    const token = (await oauth("token", { grant_type: "client_credentials" })).string(
      "access_token",
    );
    return api("GET", path, { token });
  };

/** A project with one cluster that is as old as this; both were made at 2026-08-10T03:02:55Z. */
const startWith = async (age: number, fault?: string) => {
  const harness = await start();
  const id = await harness.createProject("shop");
  if (fault !== undefined) await harness.script("createGroupFlexCluster", fault);
  await harness.createCluster(id, "db");
  harness.pass(age);
  const path = `/groups/${id}/flexClusters/db/backup/snapshots`;
  return { ...harness, id, path, read: readWith(harness) };
};

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

test("one snapshot has the same id and members as in the list, now and a day later", async () => {
  const { read, path, pass } = await startWith(2 * day);
  const listed = (await read(path)).at("results.1");
  const { id } = listed as { id: string };
  expect(id).toMatch(/^[a-f0-9]{24}$/);
  for (const age of [0, day]) {
    pass(age);
    const one = await read(`${path}/${id}`);
    expect(one.status).toBe(200);
    expect(one.at()).toMatchObject({ ...(listed as object), links: [{ rel: "self" }] });
    expect(keysOf(one.at())).toEqual(keysOf(listed));
  }
});

test("a snapshot that is not there, or no longer, is not found", async () => {
  const { read, path, pass } = await startWith(day);
  const id = (await read(path)).string("results.0.id");
  expect((await read(`${path}/${"a".repeat(24)}`)).status).toBe(404);
  pass(8 * day);
  expect((await read(`${path}/${id}`)).status).toBe(404);
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
