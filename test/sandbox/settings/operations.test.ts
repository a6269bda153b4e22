import { expect, test } from "vitest";
import { keysOf, start } from "../harness.ts";

const startInProject = async () => {
  const harness = await start();
  const id = await harness.createProject("shop");
  const call = (method: string, path: string, body?: unknown) =>
    harness.api(method, `/groups/${id}/${path}`, body === undefined ? {} : { body });
  return { ...harness, id, call };
};

const flags = [
  "isAtlasHomePageAiAssistantEnabled",
  "isClusterAiAssistantEnabled",
  "isCollectDatabaseSpecificsStatisticsEnabled",
  "isDataExplorerEnabled",
  "isDataExplorerGenAIFeaturesEnabled",
  "isDataExplorerGenAISampleDocumentPassingEnabled",
  "isDataValidationEnabled",
  "isExtendedStorageSizesEnabled",
  "isNativeRerankingEnabled",
  "isPerformanceAdvisorEnabled",
  "isRealtimePerformancePanelEnabled",
  "isSchemaAdvisorEnabled",
];

test("a project has Atlas's settings in Atlas's order", async () => {
  const { call } = await startInProject();
  const settings = (await call("GET", "settings")).at();
  expect(keysOf(settings)).toEqual(flags);
  expect(settings).toMatchObject({ isDataExplorerEnabled: true, isNativeRerankingEnabled: false });
});

test("an update changes what it names, and answers with all settings", async () => {
  const { call } = await startInProject();
  const off = { isDataExplorerEnabled: false, isSchemaAdvisorEnabled: null };
  const response = await call("PATCH", "settings", off);
  expect([response.status, keysOf(response.at())]).toEqual([200, flags]);
  await call("PATCH", "settings", { isNativeRerankingEnabled: true });
  expect((await call("GET", "settings")).at()).toMatchObject({
    isDataExplorerEnabled: false,
    isNativeRerankingEnabled: true,
    isSchemaAdvisorEnabled: true,
  });
});

test("settings belong to their project, and end with it", async () => {
  const { api, call, createProject, id } = await startInProject();
  await call("PATCH", "settings", { isDataExplorerEnabled: false });
  const other = await createProject("other");
  expect((await api("GET", `/groups/${other}/settings`)).at("isDataExplorerEnabled")).toBe(true);
  expect((await api("DELETE", `/groups/${id}`)).status).toBe(202);
  expect((await call("GET", "settings")).at("errorCode")).toBe("GROUP_NOT_FOUND");
});

test.each([
  ["settings", { isDataExplorerEnabled: "yes" }, "INVALID_JSON_ATTRIBUTE"],
  ["settings", { isDark: true }, "INVALID_ATTRIBUTE"],
  ["maintenanceWindow", { hourOfDay: 1 }, "MISSING_ATTRIBUTE"],
  ["maintenanceWindow", { dayOfWeek: 8 }, "ATLAS_INVALID_MAINTENANCE_WINDOW_DAY_OF_WEEK"],
  [
    "maintenanceWindow",
    { dayOfWeek: 1, hourOfDay: 24 },
    "ATLAS_INVALID_MAINTENANCE_WINDOW_HOUR_OF_DAY",
  ],
])("PATCH %s refuses %j", async (path, body, code) => {
  const { call } = await startInProject();
  const response = await call("PATCH", path, body);
  expect([response.status, response.at("errorCode")]).toEqual([400, code]);
});

test("an organization's settings are changed and read, within their small rate limit", async () => {
  const { api, sandbox } = await start();
  const path = `/orgs/${sandbox.orgId}/settings`;
  const before = await api("GET", path);
  expect(before.headers.get("ratelimit-limit")).toBe("10");
  const body = { multiFactorAuthRequired: true, securityContact: "sec@example.com" };
  expect((await api("PATCH", path, { body })).at()).toEqual({
    ...(before.at() as object),
    ...body,
  });
  expect((await api("GET", path)).at("securityContact")).toBe("sec@example.com");
});

test("a maintenance window is set without a body in the answer, deferred once, and reset", async () => {
  const { call } = await startInProject();
  expect((await call("GET", "maintenanceWindow")).at("dayOfWeek")).toBe(0);
  const set = await call("PATCH", "maintenanceWindow", { dayOfWeek: 7, hourOfDay: 3 });
  expect([set.status, set.text, set.headers.get("content-type")]).toEqual([200, "", null]);
  expect(set.headers.get("ratelimit-limit")).toBe("1200");
  for (const enabled of [true, false]) {
    expect((await call("POST", "maintenanceWindow/autoDefer")).status).toBe(200);
    expect((await call("GET", "maintenanceWindow")).at()).toEqual({
      autoDeferOnceEnabled: enabled,
      dayOfWeek: 7,
      hourOfDay: 3,
      numberOfDeferrals: 0,
      startASAP: false,
      timeZoneId: "UTC",
    });
  }
  expect((await call("POST", "maintenanceWindow/defer")).at("errorCode")).toBe(
    "ATLAS_MAINTENANCE_NOT_SCHEDULED",
  );
  expect((await call("DELETE", "maintenanceWindow")).status).toBe(204);
  expect((await call("GET", "maintenanceWindow")).at("dayOfWeek")).toBe(0);
});

test("the audit log is switched on; its kind is not the caller's to choose", async () => {
  const { call } = await startInProject();
  const body = { enabled: true, auditFilter: "{}", configurationType: "FILTER_JSON" };
  expect((await call("PATCH", "auditLog", body)).status).toBe(202);
  expect((await call("GET", "auditLog")).at()).toEqual({
    auditAuthorizationSuccess: false,
    auditFilter: "{}",
    configurationType: "NONE",
    enabled: true,
  });
});

test("whether Atlas chooses what is slow is a bare boolean", async () => {
  const { call } = await startInProject();
  expect((await call("GET", "managedSlowMs")).text).toBe("true");
  expect((await call("DELETE", "managedSlowMs/disable")).status).toBe(204);
  expect((await call("GET", "managedSlowMs")).text).toBe("false");
  expect((await call("POST", "managedSlowMs/enable")).status).toBe(204);
  expect((await call("GET", "managedSlowMs?envelope=true")).at()).toEqual({
    status: 200,
    content: true,
  });
});

test("nested settings are in alphabetical order, too", async () => {
  const { api, createProject } = await start();
  const path = `/groups/${await createProject("shop")}/maintenanceWindow`;
  const protectedHours = { startHourOfDay: 9, endHourOfDay: 17 };
  await api("PATCH", path, { body: { dayOfWeek: 1, hourOfDay: 2, protectedHours } });
  expect(JSON.stringify((await api("GET", path)).at("protectedHours"))).toBe(
    '{"endHourOfDay":17,"startHourOfDay":9}',
  );
});
