import { expect, test } from "vitest";
import { dedicated, free, startInProject } from "./bodies.ts";

test.each([
  ["free", free("one"), { standardSrv: expect.any(String) }],
  ["dedicated", dedicated("one"), {}],
])("updating comes between CREATING and IDLE of a %s cluster", async (_, body, atFirst) => {
  const { api, pass, path, script } = await startInProject({ provisionMs: 1000 });
  await script("createGroupCluster", "updating");
  expect((await api("POST", path, { body })).at("connectionStrings")).toEqual(atFirst);
  const states = [];
  for (let n = 0; n < 3; n += 1) {
    states.push((await api("GET", `${path}/one`)).at("stateName"));
    pass(1000);
  }
  expect(states).toEqual(["CREATING", "UPDATING", "IDLE"]);
});

test("late_strings leaves a dedicated cluster IDLE without strings at first", async () => {
  const { api, pass, path, script } = await startInProject({ provisionMs: 1000 });
  await script("createGroupCluster", "late_strings");
  await api("POST", path, { body: dedicated("one") });
  pass(1000);
  expect((await api("GET", `${path}/one`)).at()).toMatchObject({
    connectionStrings: {},
    stateName: "IDLE",
  });
  pass(1000);
  expect((await api("GET", `${path}/one`)).at("connectionStrings")).toMatchObject({
    standard: expect.any(String),
  });
});

test("stuck_creating and stale_reads apply to this API too", async () => {
  const { api, pass, path, script } = await startInProject();
  await script("createGroupCluster", "stuck_creating+stale_reads:2");
  await api("POST", path, { body: free("m0") });
  pass(3_000_000);
  expect((await api("GET", path)).at("totalCount")).toBe(0);
  expect((await api("GET", `${path}/m0`)).at("errorCode")).toBe("CLUSTER_NOT_FOUND");
  expect((await api("GET", `${path}/m0`)).at("stateName")).toBe("CREATING");
});

test("foreign shows the free cluster of somebody else", async () => {
  const { api, path, script } = await startInProject();
  await script("createGroupCluster", "foreign");
  const response = await api("POST", path, { body: free("mine") });
  expect(response.status).toBe(201);
  expect(response.at()).toMatchObject({
    name: "somebody-elses",
    replicationSpecs: [{ regionConfigs: [{ electableSpecs: { instanceSize: "M0" } }] }],
  });
  expect((await api("GET", path)).at("totalCount")).toBe(0);
});

test("the control endpoint shows free and dedicated clusters without links", async () => {
  const { api, control, path } = await startInProject();
  await api("POST", path, { body: dedicated("big") });
  const state = await control("GET", "/state");
  expect(state.at("advancedClusters")).toMatchObject([{ name: "big", stateName: "CREATING" }]);
  expect(state.at("advancedClusters.0.links")).toBeUndefined();
});
