import { expect, test } from "vitest";
import { create, failureOf, projectNames, start, until } from "../harness.ts";

test("reset tears the connection down before anything happens", async () => {
  const harness = await start();
  await harness.script("createGroup", "reset");
  expect(await failureOf(create(harness))).toBe("ECONNRESET");
  expect(await projectNames(harness)).toEqual([]);
});

test("commit_then_reset tears it down after the project was made", async () => {
  const harness = await start();
  await harness.script("createGroup", "commit_then_reset");
  expect(await failureOf(create(harness))).toBe("ECONNRESET");
  expect(await projectNames(harness)).toEqual(["shop"]);
});

test.each([
  ["hang", []],
  ["commit_then_hang", ["shop"]],
])("%s never answers", async (fault, names) => {
  const harness = await start();
  const { api, sandbox, script, control } = harness;
  await api("GET", "/groups");
  await script("createGroup", fault);
  const pending = failureOf(
    api("POST", "/groups", { body: { name: "shop", orgId: sandbox.orgId } }),
  );
  await until(async () => (await control("GET", "/faults")).text === '{"faults":[]}');
  expect(await projectNames(harness)).toEqual(names);
  expect((await control("GET", "/state")).at("requests.2.status")).toBeNull();
  await sandbox.close();
  expect(await pending).toBe("UND_ERR_SOCKET");
});

test("truncate cuts the true answer to a read", async () => {
  const harness = await start();
  await create(harness);
  await harness.script("listGroups", "truncate");
  expect(await failureOf(harness.api("GET", "/groups"))).toBe("UND_ERR_SOCKET");
});

test.each([
  ["truncate", []],
  ["commit_then_truncate", ["shop"]],
])("%s cuts the answer to a create", async (fault, names) => {
  const harness = await start();
  await harness.script("createGroup", fault);
  expect(await failureOf(create(harness))).toBe("UND_ERR_SOCKET");
  expect(await projectNames(harness)).toEqual(names);
});

test("an answer without a body is cut within its head", async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  await harness.createCluster(id, "one");
  await harness.script("deleteGroupFlexCluster", "commit_then_truncate");
  const failure = await failureOf(harness.api("DELETE", `/groups/${id}/flexClusters/one`));
  expect(failure).not.toBe("none");
  expect((await harness.control("GET", "/state")).at("clusters.0.stateName")).toBe("DELETING");
});

test("delay acts and answers as usual, only later", async () => {
  const harness = await start();
  await harness.script("createGroup", "delay:50");
  const begun = performance.now();
  expect((await create(harness)).status).toBe(201);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(49);
});

test("a caller who gives up during a delay finds it done later", async () => {
  const harness = await start();
  await harness.api("GET", "/groups");
  await harness.script("createGroup", "delay:30");
  const { api, sandbox } = harness;
  const leaving = new AbortController();
  const pending = failureOf(
    api("POST", "/groups", {
      body: { name: "shop", orgId: sandbox.orgId },
      signal: leaving.signal,
    }),
  );
  await until(async () => (await harness.control("GET", "/faults")).text === '{"faults":[]}');
  leaving.abort();
  await pending;
  await until(async () => JSON.stringify(await projectNames(harness)) === '["shop"]');
});

test("what waits in a delay does not outlive a reset", async () => {
  const harness = await start();
  await harness.api("GET", "/groups");
  await harness.script("createGroup", "delay:500");
  const pending = failureOf(create(harness));
  await until(async () => (await harness.control("GET", "/faults")).text === '{"faults":[]}');
  await harness.control("POST", "/reset");
  expect(await pending).toBe("ECONNRESET");
  expect(await projectNames(harness)).toEqual([]);
});
