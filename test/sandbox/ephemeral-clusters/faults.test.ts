import { expect, test } from "vitest";
import { failureOf } from "../harness.ts";
import { dayMs, type Ephemeral, startEphemeral } from "./clusters.ts";

const statesOf = async ({ control }: Ephemeral) =>
  (await control("GET", "/state")).at("ephemeralClusters");

test("commit_then_reset makes a cluster whose answer nobody gets", async () => {
  const ephemeral = await startEphemeral();
  await ephemeral.script("createEphemeralCluster", "commit_then_reset");
  expect(await failureOf(ephemeral.create())).not.toBe("none");
  expect(await statesOf(ephemeral)).toHaveLength(1);
});

test("reset makes none", async () => {
  const ephemeral = await startEphemeral();
  await ephemeral.script("createEphemeralCluster", "reset");
  expect(await failureOf(ephemeral.create())).not.toBe("none");
  expect(await statesOf(ephemeral)).toEqual([]);
});

test("an error is answered, and nothing is made", async () => {
  const ephemeral = await startEphemeral();
  await ephemeral.script("createEphemeralCluster", "error:500:UNEXPECTED_ERROR");
  const response = await ephemeral.create();
  expect([response.status, response.at("errorCode")]).toEqual([500, "UNEXPECTED_ERROR"]);
  expect(await statesOf(ephemeral)).toEqual([]);
});

test.each([
  ["rate_limit", "55"],
  ["rate_limit:2", "2"],
  ["rate_limit_no_header", null],
])("%s is the 429 of one caller or of all", async (fault, seconds) => {
  const { create, script } = await startEphemeral();
  await script("createEphemeralCluster", fault);
  const response = await create();
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe(seconds);
  expect((await create()).status).toBe(201);
});

test("reads can fail too, and * means these operations as well", async () => {
  const { create, read, script } = await startEphemeral();
  const id = (await create()).string("clusterId");
  await script("getEphemeralCluster", "html_503");
  expect((await read(id)).status).toBe(503);
  await script("*", "empty_401");
  expect((await read(id)).status).toBe(401);
});

test("stale_reads hides a new cluster for some reads", async () => {
  const { create, read, script } = await startEphemeral();
  await script("createEphemeralCluster", "stale_reads:2");
  const id = (await create()).string("clusterId");
  const statuses = [await read(id), await read(id), await read(id)].map(({ status }) => status);
  expect(statuses).toEqual([404, 404, 200]);
});

test("stuck_creating keeps a cluster from ever being active", async () => {
  const { control, create, read, script } = await startEphemeral();
  await script("createEphemeralCluster", "stuck_creating");
  const id = (await create()).string("clusterId");
  await control("POST", "/clock", { advanceMs: dayMs });
  expect((await read(id)).at("status")).toBe("PROVISIONING");
  await control("POST", "/clock", { advanceMs: dayMs });
  expect((await read(id)).at("status")).toBe("PAUSED");
});

test.each(["foreign", "commit_then_foreign"])("%s answers with another cluster", async (fault) => {
  const { create, read, script } = await startEphemeral({ provisionMs: 0 });
  await script("createEphemeralCluster", fault);
  const created = await create();
  expect(created.at()).toMatchObject({
    clusterId: "5f1a2b3c4d5e6f7081920000",
    connectionString:
      "mongodb+srv://somebody-elses:somebody-elses@somebody-elses.w5n1r6b.mongodb.invalid/",
    status: "ACTIVE",
  });
  expect((await read(created.string("clusterId"))).status).toBe(404);
});

test("a read in foreign hands has the placeholder, and the status of the real one", async () => {
  const { create, read, script } = await startEphemeral();
  const id = (await create()).string("clusterId");
  await script("getEphemeralCluster", "foreign");
  expect((await read(id)).at()).toMatchObject({
    clusterId: "5f1a2b3c4d5e6f7081920000",
    connectionString: expect.stringContaining(":<password>@"),
    status: "PROVISIONING",
  });
});

test("requests are logged with their operations", async () => {
  const { control, create, read } = await startEphemeral();
  await read((await create()).string("clusterId"));
  const state = await control("GET", "/state");
  expect([0, 1].map((n) => state.at(`requests.${n}.operation`))).toEqual([
    "createEphemeralCluster",
    "getEphemeralCluster",
  ]);
});
