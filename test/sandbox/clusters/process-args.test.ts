import { expect, test } from "vitest";
import { keysOf } from "../harness.ts";
import { dedicated, free, startInProject, vendor } from "./bodies.ts";

test("the process arguments have the recorded defaults, and fewer members from 2024-08-05 on", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: dedicated("big") });
  const before = await api("GET", `${path}/big/processArgs`, { accept: vendor("2023-01-01") });
  expect(before.at()).toMatchObject({
    defaultWriteConcern: "majority",
    failIndexKeyTooLong: null,
    javascriptEnabled: true,
    minimumEnabledTlsProtocol: "TLS1_2",
  });
  const dropped = ["defaultReadConcern", "failIndexKeyTooLong"];
  const after = await api("GET", `${path}/big/processArgs`);
  expect(keysOf(after.at())).toEqual(keysOf(before.at()).filter((key) => !dropped.includes(key)));
});

test("a change is kept", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: dedicated("big") });
  const body = { javascriptEnabled: false, oplogMinRetentionHours: 24 };
  const response = await api("PATCH", `${path}/big/processArgs`, { body });
  expect([response.status, response.at()]).toEqual([200, expect.objectContaining(body)]);
  expect((await api("GET", `${path}/big/processArgs`)).at()).toMatchObject(body);
});

test("a free cluster has none to change", async () => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: free("m0") });
  const response = await api("PATCH", `${path}/m0/processArgs`, { body: { noTableScan: true } });
  expect(response.at("errorCode")).toBe("TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED");
});

test.each([
  [{ color: "red" }, "INVALID_ATTRIBUTE"],
  [{ noTableScan: "yes" }, "INVALID_JSON_ATTRIBUTE"],
  [{ oplogSizeMB: "much" }, "INVALID_JSON_ATTRIBUTE"],
])("%j is refused", async (body, errorCode) => {
  const { api, path } = await startInProject();
  await api("POST", path, { body: dedicated("big") });
  const response = await api("PATCH", `${path}/big/processArgs`, { body });
  expect([response.status, response.at("errorCode")]).toEqual([400, errorCode]);
});
