/** The operations on the backup schedule of a cluster. The sandbox keeps it, but takes no snapshots of these clusters. */
import { checkFields, type FieldKind, optionalObjects } from "../api/fields.ts";
import type { Call, Operation, OperationResult } from "../api/operation.ts";
import { endpointSets } from "../api/rate-limits.ts";
import { type JsonObject, sortMembers } from "../json.ts";
import { changedSettings, storeSettings } from "../settings/store.ts";
import { type AdvancedCluster, toAtlasTime } from "../state/resources.ts";
import { findAdvancedCluster, findVisibleAdvancedCluster } from "./find.ts";

const dayMs = 86_400_000;

const settingsName = ({ id }: AdvancedCluster): string => `backupSchedule ${id}`;

/** The ids of the default policy and its items, which follow from the cluster's. */
const idAt = ({ id }: AdvancedCluster, index: number): string => `${id.slice(0, 22)}e${index}`;

const defaultItems = [
  { frequencyInterval: 6, frequencyType: "hourly", retentionUnit: "days", retentionValue: 7 },
  { frequencyInterval: 1, frequencyType: "daily", retentionUnit: "days", retentionValue: 7 },
  { frequencyInterval: 6, frequencyType: "weekly", retentionUnit: "weeks", retentionValue: 4 },
  { frequencyInterval: 40, frequencyType: "monthly", retentionUnit: "months", retentionValue: 12 },
  { frequencyInterval: 12, frequencyType: "yearly", retentionUnit: "years", retentionValue: 1 },
];

/** The schedule of a new cluster, as recorded. The time of day is that of its creation. */
const defaultsOf = (cluster: AdvancedCluster): JsonObject => {
  const created = new Date(cluster.createdAt);
  const policyItems = defaultItems.map((item, index) => ({
    ...item,
    id: idAt(cluster, index + 1),
  }));
  return {
    autoExportEnabled: false,
    copyPolicyItemsEnabled: false,
    copySettings: [],
    policies: [{ id: idAt(cluster, 0), policyItems }],
    referenceHourOfDay: created.getUTCHours(),
    referenceMinuteOfHour: created.getUTCMinutes(),
    restoreWindowDays: 7,
    useOrgAndGroupNamesInExportPrefix: false,
  };
};

const scheduleOf = (call: Call, cluster: AdvancedCluster): JsonObject => ({
  ...defaultsOf(cluster),
  ...changedSettings(call.state, cluster.groupId, settingsName(cluster)),
});

const policiesOf = (schedule: JsonObject): JsonObject[] =>
  optionalObjects(schedule, "policies") ?? [];

const itemsOf = (policy: JsonObject): JsonObject[] => optionalObjects(policy, "policyItems") ?? [];

/** When the next snapshot is due: every so many hours, counted from the time of day of the schedule; else once a day. */
const nextSnapshot = (schedule: JsonObject, now: number): string | undefined => {
  const items = policiesOf(schedule).flatMap(itemsOf);
  if (items.length === 0) return undefined;
  const hourly = items.find(({ frequencyType }) => frequencyType === "hourly")?.frequencyInterval;
  const stepMs = typeof hourly === "number" ? hourly * 3_600_000 : dayMs;
  const { referenceHourOfDay: hour, referenceMinuteOfHour: minute } = schedule;
  const first = new Date(now).setUTCHours(Number(hour), Number(minute), 0, 0) - dayMs;
  return toAtlasTime(first + (Math.floor((now - first) / stepMs) + 1) * stepMs);
};

const show = (call: Call, cluster: AdvancedCluster): OperationResult => {
  const { groupId, id, name } = cluster;
  const schedule = scheduleOf(call, cluster);
  const next = nextSnapshot(schedule, call.now);
  const self = `${call.origin}/api/atlas/v2/groups/${groupId}/clusters/${name}/backup/schedule`;
  const group = `${call.origin}/api/public/v1.0/groups/${groupId}`;
  const body = sortMembers({
    ...schedule,
    clusterId: id,
    clusterName: name,
    links: [
      { href: self, rel: "self" },
      { href: group, rel: "https://cloud.mongodb.com/group" },
    ],
    ...(next === undefined ? {} : { nextSnapshot: next }),
  });
  return { status: 200, body };
};

/** Policies and items that come without an id get one. */
const withIds = ({ state, now }: Call, policies: readonly JsonObject[]): JsonObject[] => {
  const withId = (object: JsonObject): JsonObject => ({ id: state.ids.objectId(now), ...object });
  return policies.map((policy) => ({
    ...withId(policy),
    policyItems: itemsOf(policy).map(withId),
  }));
};

const kinds: Record<string, FieldKind> = {
  autoExportEnabled: "boolean",
  copyPolicyItemsEnabled: "boolean",
  copySettings: "array",
  export: "object",
  extraRetentionSettings: "array",
  policies: "array",
  referenceHourOfDay: "number",
  referenceMinuteOfHour: "number",
  restoreWindowDays: "number",
  useOrgAndGroupNamesInExportPrefix: "boolean",
  // What these order has nothing to happen to; the rest is read-only.
  deleteCopiedBackups: "ignored",
  deleteSnapshots: "ignored",
  updateSnapshots: "ignored",
  clusterId: "ignored",
  clusterName: "ignored",
  links: "ignored",
  nextSnapshot: "ignored",
};

const update = (call: Call, cluster: AdvancedCluster): void => {
  const { body, state } = call;
  checkFields(body, kinds);
  const given = Object.entries(body).filter(
    ([name, value]) => value !== null && kinds[name] !== "ignored",
  );
  const policies = optionalObjects(body, "policies");
  const name = settingsName(cluster);
  storeSettings(state, cluster.groupId, name, {
    ...changedSettings(state, cluster.groupId, name),
    ...Object.fromEntries(given),
    ...(policies === undefined ? {} : { policies: withIds(call, policies) }),
  });
};

const route = {
  path: "/groups/{groupId}/clusters/{name}/backup/schedule",
  version: "2023-01-01",
  laterVersions: ["2024-08-05"],
  endpointSet: endpointSets.backups,
};

export const backupScheduleOperations: readonly Operation[] = [
  {
    ...route,
    id: "getGroupClusterBackupSchedule",
    method: "GET",
    run: (call) => show(call, findVisibleAdvancedCluster(call)),
  },
  {
    ...route,
    id: "updateGroupClusterBackupSchedule",
    method: "PATCH",
    run: (call) => {
      const cluster = findAdvancedCluster(call);
      update(call, cluster);
      return show(call, cluster);
    },
  },
  {
    ...route,
    id: "deleteGroupClusterBackupSchedule",
    method: "DELETE",
    run: (call) => {
      const cluster = findAdvancedCluster(call);
      const schedule = scheduleOf(call, cluster);
      // As recorded: the policies stay, without items.
      const policies = policiesOf(schedule).map(({ id = "" }) => ({ id, policyItems: [] }));
      storeSettings(call.state, cluster.groupId, settingsName(cluster), { ...schedule, policies });
      return show(call, cluster);
    },
  },
];
