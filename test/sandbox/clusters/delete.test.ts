import { expect, test } from "vitest";
import { dedicated, free, startInProject } from "./bodies.ts";

test.each([
  ["free", free("one")],
  ["dedicated", dedicated("one")],
])("the delete of a %s cluster is 202 with an empty object, and takes a while", async (_, body) => {
  const { api, path, pass } = await startInProject();
  await api("POST", path, { body });
  const response = await api("DELETE", `${path}/one`);
  expect([response.status, response.text]).toEqual([202, "{}"]);
  expect(response.headers.get("content-type")).toContain("2023-02-01");
  expect((await api("GET", `${path}/one`)).at("stateName")).toBe("DELETING");
  pass(10_000);
  expect((await api("GET", `${path}/one`)).at("errorCode")).toBe("CLUSTER_NOT_FOUND");
});

test("a second delete has a code of its own in this API", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: dedicated("one") });
  await api("DELETE", `${path}/one`);
  expect((await api("DELETE", `${path}/one`)).at()).toEqual({
    detail: "The cluster one has already been requested for deletion.",
    error: 400,
    errorCode: "CLUSTER_ALREADY_REQUESTED_DELETION",
    parameters: ["one"],
    reason: "Bad Request",
  });
});

test("termination protection has a code of its own too", async () => {
  const { api, id, path } = await startInProject();
  await api("POST", path, { body: dedicated("one", { terminationProtectionEnabled: true }) });
  expect((await api("DELETE", `${path}/one`)).at()).toEqual({
    detail:
      "Cannot terminate a cluster when termination protection is enabled. Disable termination protection and try again.",
    error: 400,
    errorCode: "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED",
    parameters: [
      `Cannot terminate cluster one in group ${id} because termination protection is enabled. Disable termination protection and try again.`,
    ],
    reason: "Bad Request",
  });
});

test("a free or dedicated cluster that was deleted while CREATING has no more strings than it had", async () => {
  const { api, path, pass } = await startInProject({ provisionMs: 500 });
  await api("POST", path, { body: dedicated("one") });
  await api("POST", path, { body: free("m0") });
  await api("DELETE", `${path}/one`);
  await api("DELETE", `${path}/m0`);
  pass(499);
  expect((await api("GET", `${path}/one`)).at("connectionStrings")).toEqual({});
  const strings = (await api("GET", `${path}/m0`)).at("connectionStrings");
  expect(strings).toEqual({ standardSrv: expect.any(String) });
});

test("ignored_delete applies to this API as well", async () => {
  const { api, path, pass, script } = await startInProject();
  await api("POST", path, { body: dedicated("one") });
  await script("deleteGroupCluster", "ignored_delete");
  expect((await api("DELETE", `${path}/one`)).status).toBe(202);
  pass(10_000);
  expect((await api("GET", `${path}/one`)).at("stateName")).toBe("IDLE");
});
