import { createSandbox, type Sandbox } from "@atlas-provision-mcp/sandbox";
import { expect, onTestFinished, test } from "vitest";
import { operationIds } from "../../sandbox/src/operation-ids.ts";
import { operations } from "../../sandbox/src/operations.ts";
import { start, thrownBy } from "./harness.ts";

test("the state of the methods is the state of the endpoint", async () => {
  const { addEntries, control, createCluster, createProject, createUser, sandbox } = await start();
  const groupId = await createProject("shop");
  await createCluster(groupId, "db");
  await createUser(groupId, "app");
  await addEntries(groupId, { ipAddress: "203.0.113.7", comment: "office" });
  const state = sandbox.state();
  expect(state).toMatchObject({
    organizations: [{ id: sandbox.orgId, name: "Sandbox" }],
    projects: [{ id: groupId, name: "shop", clusterCount: 1 }],
    clusters: [{ groupId, name: "db", stateName: "CREATING" }],
    users: [{ groupId, username: "app", roles: [{ roleName: "atlasAdmin" }] }],
    accessList: [{ groupId, ipAddress: "203.0.113.7", comment: "office" }],
    ephemeralClusters: [],
  });
  const requests = sandbox.requests();
  expect((await control("GET", "/state")).at()).toEqual({ ...state, requests });
});

test("what a caller does to a state or to requests changes nothing", async () => {
  const { createProject, sandbox } = await start();
  await createProject("shop");
  const state = sandbox.state();
  for (const list of [state.projects, state.organizations]) for (const one of list) one.name = "x";
  state.projects.length = 0;
  for (const request of sandbox.requests()) request.method = "x";
  sandbox.requests().length = 0;
  expect(sandbox.state().projects).toMatchObject([{ name: "shop" }]);
  expect(sandbox.state().organizations).toMatchObject([{ name: "Sandbox" }]);
  expect(sandbox.requests().map(({ method }) => method)).toEqual(["POST", "POST"]);
});

test("requests are logged newest last, and can be those for one operation", async () => {
  const { api, createProject, sandbox } = await start();
  await createProject("shop");
  await api("GET", "/groups");
  await api("GET", "/nonsense");
  const operationsOf = (requests: { operation: string | null }[]) =>
    requests.map(({ operation }) => operation);
  expect(operationsOf(sandbox.requests())).toEqual(["token", "createGroup", "listGroups", null]);
  expect(sandbox.requests("createGroup")).toMatchObject([
    { operation: "createGroup", method: "POST", path: "/api/atlas/v2/groups", status: 201 },
  ]);
  expect(operationsOf(sandbox.requests(null))).toEqual([null]);
  expect(sandbox.requests("deleteGroup")).toEqual([]);
});

test("faults are added, wait, and apply", async () => {
  const { api, sandbox } = await start();
  sandbox.addFaults(
    { operation: "listOrgs", fault: "html_503", times: 2 },
    { operation: "*", fault: "error:500:UNEXPECTED_ERROR" },
  );
  sandbox.addFaults({ operation: "token", fault: "reset" });
  expect(sandbox.faults()).toEqual([
    { operation: "listOrgs", fault: "html_503", times: 2 },
    { operation: "*", fault: "error:500:UNEXPECTED_ERROR", times: 1 },
    { operation: "token", fault: "reset", times: 1 },
  ]);
  await expect(api("GET", "/orgs")).rejects.toThrow();
  expect((await api("GET", "/orgs")).status).toBe(503);
  expect(sandbox.faults()[0]).toEqual({ operation: "listOrgs", fault: "html_503", times: 1 });
  expect(sandbox.requests("listOrgs")).toMatchObject([{ status: 503, fault: "html_503" }]);
  expect(sandbox.state().faultsFired).toEqual({ html_503: 1, reset: 1 });
});

test("faults with values are typed too, joined or not", async () => {
  const { sandbox } = await start();
  const operation = "createGroup";
  sandbox.addFaults(
    { operation, fault: "delay:50" },
    { operation, fault: "commit_then_error:400:ATLAS_GENERAL_ERROR:Not today." },
    { operation, fault: "stale_reads:2+commit_then_reset" },
    { operation, fault: "stale_reads:2+racy+commit_then_reset" },
  );
  expect(sandbox.faults()).toHaveLength(4);
  // @ts-expect-error: the delay is no number
  expect(() => sandbox.addFaults({ operation, fault: "delay:long" })).toThrow("'delay:long'");
});

test("a misspelt fault or operation is an error of types, and one that lists what there is", async () => {
  const { sandbox } = await start();
  const fault = thrownBy(() =>
    sandbox.addFaults(
      { operation: "listOrgs", fault: "reset" },
      // @ts-expect-error: there is no such fault
      { operation: "createGroup", fault: "commit_then_rest" },
    ),
  );
  expect(fault.code).toBe("invalid_fault");
  expect(fault.message).toMatch(
    /^Fault 1 names an unknown fault: 'commit_then_rest'; did you mean "commit_then_reset"\? The faults are reset, commit_then_reset, .*racy:<ms>\.$/,
  );
  const operation = thrownBy(() =>
    sandbox.addFaults({
      // @ts-expect-error: there is no such operation
      operation: "createProject",
      fault: "reset",
    }),
  );
  expect(operation.message).toMatch(
    /^Fault 0 names an unknown operation: 'createProject'; the operations are .*createGroup, .*token, revoke, \*\.$/,
  );
  expect(sandbox.faults()).toEqual([]);
});

test.each([
  [null, "is not an object"],
  [[{ operation: "listOrgs", fault: "reset" }], "is not an object"],
  [{ operation: "listOrgs" }, "names an unknown fault: undefined"],
  [{ operation: "listOrgs", fault: "reset", times: Number.NaN }, "whole number of 1 or more"],
])("the fault %j, which only JavaScript can give, is refused", async (fault, problem) => {
  const { sandbox } = await start();
  const error = thrownBy(() => sandbox.addFaults(fault as never));
  expect([error.code, error.message]).toEqual(["invalid_fault", expect.stringContaining(problem)]);
});

test("the clock moves clusters on", async () => {
  const { createCluster, createProject, sandbox } = await start({ provisionMs: 60_000 });
  await createCluster(await createProject("shop"), "db");
  const before = sandbox.now();
  sandbox.advanceClock(59_999);
  expect(sandbox.state().clusters).toMatchObject([{ stateName: "CREATING" }]);
  sandbox.advanceClock(1);
  expect(sandbox.state().clusters).toMatchObject([{ stateName: "IDLE" }]);
  expect(sandbox.now() - before).toBe(60_000);
});

test.each([-1, 0.5, Number.NaN, "1", undefined])("the clock does not move by %j", async (by) => {
  const { sandbox } = await start();
  const before = sandbox.now();
  const error = thrownBy(() => sandbox.advanceClock(by as never));
  expect(error).toMatchObject({ code: "invalid_argument" });
  expect(error.message).toContain("a whole number of milliseconds from 0 to 315576000000");
  expect(sandbox.now()).toBe(before);
});

test("a reset leaves the organization, the tokens and the clock", async () => {
  const { api, createCluster, createProject, sandbox } = await start();
  await createCluster(await createProject("shop"), "db");
  sandbox.addFaults({ operation: "*", fault: "html_503" });
  sandbox.advanceClock(1000);
  const before = sandbox.now();
  sandbox.reset();
  expect(sandbox.state()).toMatchObject({ projects: [], clusters: [], faultsFired: {} });
  expect([sandbox.requests(), sandbox.faults(), sandbox.now()]).toEqual([[], [], before]);
  expect((await api("GET", "/groups")).status).toBe(200);
});

test("the addresses and variables point clients to it", async () => {
  const { sandbox } = await start();
  expect(sandbox.apiUrl).toBe(`${sandbox.url}/api/atlas/v2`);
  expect(sandbox.env).toEqual({
    MONGODB_ATLAS_BASE_URL: sandbox.url,
    MONGODB_ATLAS_CLIENT_ID: sandbox.clientId,
    MONGODB_ATLAS_CLIENT_SECRET: sandbox.clientSecret,
  });
});

const methods: Record<string, (sandbox: Sandbox) => unknown> = {
  state: ({ state }) => state(),
  requests: ({ requests }) => requests(),
  addFaults: ({ addFaults }) => addFaults(),
  faults: ({ faults }) => faults(),
  reset: ({ reset }) => reset(),
  advanceClock: ({ advanceClock }) => advanceClock(1),
  now: ({ now }) => now(),
};

test.each(Object.entries(methods))("%s is refused after the end", async (_name, method) => {
  const { sandbox } = await start();
  method(sandbox);
  await sandbox.close();
  const error = thrownBy(() => method(sandbox));
  expect([error.code, error.message]).toEqual([
    "closed",
    "The sandbox is closed; createSandbox() starts another one.",
  ]);
});

test("await using ends it", async () => {
  let url: string;
  {
    await using sandbox = await createSandbox();
    ({ url } = sandbox);
    await fetch(url);
  }
  await expect(fetch(url)).rejects.toThrow();
});

test("several sandboxes know nothing of each other", async () => {
  const [one, two] = await Promise.all([createSandbox(), createSandbox()]);
  for (const sandbox of [one, two]) onTestFinished(() => sandbox.close());
  one.addFaults({ operation: "*", fault: "hang" });
  one.advanceClock(60_000);
  expect(two.faults()).toEqual([]);
  expect(one.now() - two.now()).toBeGreaterThan(50_000);
  expect(one.orgId).not.toBe(two.orgId);
});

test("the ids of the types are those of the operations", () => {
  expect(operations.map(({ id }) => id).sort()).toEqual([...operationIds].sort());
});
