import { expect, test } from "vitest";
import { start } from "../harness.ts";

const notification = { delayMin: 0, emailEnabled: true, intervalMin: 5, typeName: "GROUP" };
const config = { enabled: true, eventTypeName: "NO_PRIMARY", notifications: [notification] };

const startWithConfig = async () => {
  const harness = await start();
  const groupId = await harness.createProject("shop");
  const configs = (method: string, path = "", body?: unknown) =>
    harness.api(
      method,
      `/groups/${groupId}/alertConfigs${path}`,
      body === undefined ? {} : { body },
    );
  const created = await configs("POST", "", config);
  return { ...harness, groupId, configs, created, id: created.string("id") };
};

test("a configuration is created and read as Atlas shows it, in alphabetical order", async () => {
  const { configs, created, groupId, id, links, sandbox } = await startWithConfig();
  const self = `${links}/groups/${groupId}/alertConfigs/${id}`;
  const time = "2026-08-10T03:02:55Z";
  const { typeName, ...rest } = notification;
  const view = {
    created: time,
    enabled: true,
    eventTypeName: "NO_PRIMARY",
    groupId,
    id,
    links: [
      { href: self, rel: "self" },
      { href: `${self}/alerts`, rel: `${sandbox.url}/alerts` },
    ],
    matchers: [],
    notifications: [{ ...rest, notifierId: created.at("notifications.0.notifierId"), typeName }],
    updated: time,
  };
  expect([created.status, created.text]).toEqual([201, JSON.stringify(view)]);
  expect((await configs("GET", `/${id}`)).text).toBe(created.text);
  expect((await configs("GET")).at("results")).toEqual([view]);
});

test("a configuration is replaced, switched off and deleted", async () => {
  const { configs, created, id, pass } = await startWithConfig();
  pass(60_000);
  const threshold = { threshold: 99, operator: "LESS_THAN", units: "RAW" };
  const metric = { ...config, eventTypeName: "OUTSIDE_METRIC_THRESHOLD" };
  const replaced = await configs("PUT", `/${id}`, { ...metric, metricThreshold: threshold });
  expect(replaced.at()).toMatchObject({
    created: created.at("created"),
    eventTypeName: "OUTSIDE_METRIC_THRESHOLD",
    metricThreshold: threshold,
    updated: "2026-08-10T03:03:55Z",
  });
  const notifier = "notifications.0.notifierId";
  expect(replaced.at(notifier)).not.toBe(created.at(notifier));
  const off = await configs("PATCH", `/${id}`, { enabled: false });
  expect(off.at()).toMatchObject({ enabled: false, metricThreshold: threshold });
  expect((await configs("GET", `/${id}/alerts`)).at("totalCount")).toBe(0);
  expect((await configs("DELETE", `/${id}`)).status).toBe(204);
  const gone = await configs("GET", `/${id}`);
  expect([gone.status, gone.at("errorCode")]).toEqual([404, "ALERT_CONFIG_NOT_FOUND"]);
});

test.each([
  [{ notifications: [notification] }, "MISSING_ATTRIBUTE"],
  [{ eventTypeName: "NO_PRIMARY" }, "MISSING_NOTIFICATIONS"],
  [{ ...config, notifications: [{ intervalMin: 5 }] }, "MISSING_ATTRIBUTE"],
  [{ ...config, matcher: [] }, "INVALID_ATTRIBUTE"],
])("a configuration of %j is refused", async (body, code) => {
  const { configs, id } = await startWithConfig();
  for (const [method, path] of [
    ["POST", ""],
    ["PUT", `/${id}`],
  ] as const) {
    const response = await configs(method, path, body);
    expect([response.status, response.at("errorCode")]).toEqual([400, code]);
  }
});

test("the names of the fields that matchers can have are listed", async () => {
  const { api } = await start();
  expect((await api("GET", "/alertConfigs/matchers/fieldNames")).at()).toContain("CLUSTER_NAME");
});
