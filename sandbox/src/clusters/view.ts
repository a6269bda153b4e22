/** Free and dedicated clusters as Atlas shows them: one form for each version, keys in the recorded order. */
import type { Call } from "../api/operation.ts";
import { mongoDBVersion } from "../flex-clusters/view.ts";
import { type JsonObject, sortMembers, sortOwnMembers } from "../json.ts";
import type { AdvancedClusterState } from "../snapshot.ts";
import {
  type AdvancedCluster,
  type RegionConfig,
  type ReplicationSpec,
  type SandboxState,
  toAtlasTime,
} from "../state/resources.ts";
import {
  connectionStrings,
  hostPrefix,
  type Members,
  sharedMembers,
} from "./connection-strings.ts";
import { isFree } from "./create.ts";
import { tenant, toHardwareView } from "./hardware.ts";
import { toLegacyView } from "./legacy-view.ts";
import { clusterState } from "./life.ts";
import { defaultMajorVersion, withDefaults } from "./settings.ts";

/** What a view needs of a call. */
export type Viewing = Pick<Call, "state" | "now" | "origin" | "version">;

/** The settings that versions before 2024-08-05 do not have. */
const laterSettings = [
  "adaptiveCapacity",
  "redactClientLogData",
  "retainBackups",
  "useAwsTimeBasedSnapshotCopyForFastInitialSync",
];

const without = (object: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

const toRegionView = (config: RegionConfig, isNew: boolean, isWhole: boolean): JsonObject => {
  const { provider, backingProvider, region, priority, autoScaling, analyticsAutoScaling } = config;
  const place = { priority, providerName: provider };
  const electableSpecs = toHardwareView(provider, config.electable, isNew);
  if (provider === tenant) {
    const backing = { backingProviderName: backingProvider ?? null };
    return { electableSpecs, ...backing, ...place, regionName: region };
  }
  const readOnlySpecs = toHardwareView(provider, config.readOnly, isNew);
  const analyticsSpecs = toHardwareView(provider, config.analytics, isNew);
  const effective = {
    effectiveAnalyticsSpecs: analyticsSpecs,
    effectiveElectableSpecs: electableSpecs,
    effectiveReadOnlySpecs: readOnlySpecs,
  };
  return {
    ...(analyticsAutoScaling === undefined
      ? {}
      : { analyticsAutoScaling: sortMembers(analyticsAutoScaling) }),
    analyticsSpecs,
    autoScaling: sortMembers(autoScaling),
    ...(isWhole ? effective : {}),
    ...{ electableSpecs, ...place, readOnlySpecs, regionName: region },
  };
};

const toSpecView = (spec: ReplicationSpec, isWhole: boolean): JsonObject => ({
  id: spec.id,
  regionConfigs: spec.regions.map((region) => toRegionView(region, true, isWhole)),
  zoneId: spec.zoneId,
  zoneName: spec.zoneName,
});

/** One spec a zone, with the number of its shards. */
const toZoneViews = (specs: readonly ReplicationSpec[]): JsonObject[] => {
  const zoneIds = [...new Set(specs.map(({ zoneId }) => zoneId))];
  return zoneIds.flatMap((zoneId) => {
    const [first, ...others] = specs.filter((spec) => spec.zoneId === zoneId);
    if (first === undefined) return [];
    const { id, regions, zoneName } = first;
    const regionConfigs = regions.map((region) => toRegionView(region, false, false));
    return [{ id, numShards: others.length + 1, regionConfigs, zoneId, zoneName }];
  });
};

const membersOf = (cluster: AdvancedCluster): Members => {
  if (isFree(cluster)) return sharedMembers(cluster);
  const prefix = hostPrefix(cluster.name);
  const [first, ...others] = cluster.replicationSpecs;
  const nodes = first?.regions.reduce((sum, { electable }) => sum + electable.nodeCount, 0) ?? 0;
  const hostsOf = (shard: string): string[] =>
    Array.from({ length: nodes }, (_, n) => `${prefix}-${shard}-0${n}`);
  if (cluster.clusterType === "REPLICASET") {
    const replicaSet = `${cluster.hosts.replicaSet}-shard-0`;
    return { hosts: hostsOf("shard-00"), port: 27017, replicaSet };
  }
  // The config servers are on the first shard (EMBEDDED).
  const shards = ["config-00", ...others.map((_, n) => `shard-0${n}`)];
  return { hosts: shards.flatMap(hostsOf), port: 27016, replicaSet: undefined };
};

const stringsOf = ({ state, now }: Viewing, cluster: AdvancedCluster): JsonObject => {
  const atFirst = isFree(cluster) ? "srv" : "none";
  const strings = connectionStrings(state, cluster, membersOf(cluster), now, atFirst);
  const hasMore = cluster.clusterType !== "REPLICASET" && strings.standard !== undefined;
  return hasMore ? { awsPrivateLinkSrv: {}, privateEndpoint: [], ...strings } : strings;
};

const linksOf = ({ origin }: Viewing, { groupId, name }: AdvancedCluster): JsonObject[] => {
  const self = `${origin}/api/atlas/v2/groups/${groupId}/clusters/${name}`;
  const link = (path: string): JsonObject => ({
    href: `${self}/backup/${path}`,
    rel: `https://cloud.mongodb.com/${path}`,
  });
  return [{ href: self, rel: "self" }, link("restoreJobs"), link("snapshots")];
};

/** What all versions show. */
const toCommonView = (viewing: Viewing, cluster: AdvancedCluster): JsonObject => {
  const { configServerManagementMode, advancedConfiguration, ...settings } = withDefaults(
    cluster.settings,
  );
  const isSharded = cluster.clusterType !== "REPLICASET";
  const major = settings.mongoDBMajorVersion;
  return {
    ...settings,
    ...(isFree(cluster) ? {} : { advancedConfiguration: advancedConfiguration ?? null }),
    ...(isSharded
      ? {
          configServerManagementMode: configServerManagementMode ?? null,
          configServerType: "EMBEDDED",
        }
      : {}),
    clusterType: cluster.clusterType,
    connectionStrings: stringsOf(viewing, cluster),
    createDate: toAtlasTime(cluster.createdAt),
    groupId: cluster.groupId,
    id: cluster.id,
    links: linksOf(viewing, cluster),
    mongoDBVersion: major === defaultMajorVersion ? mongoDBVersion : `${major}.0`,
    name: cluster.name,
    stateName: clusterState(viewing.state, cluster, viewing.now),
    tags: cluster.tags ?? [],
    terminationProtectionEnabled: cluster.terminationProtectionEnabled,
  };
};

const diskSizeOf = ({ replicationSpecs }: AdvancedCluster): number =>
  replicationSpecs[0]?.regions[0]?.electable.diskSizeGB ?? 0;

/** Converts a cluster to the body of a read in the version of the request. */
export const toAdvancedClusterView = (viewing: Viewing, cluster: AdvancedCluster): JsonObject => {
  const { version } = viewing;
  const common = toCommonView(viewing, cluster);
  const { replicationSpecs } = cluster;
  if (version >= "2024-08-05") {
    return sortOwnMembers({
      ...common,
      effectiveDatabaseEdition: "CORE",
      effectiveReplicationSpecs: replicationSpecs.map((spec) => toSpecView(spec, false)),
      featureCompatibilityVersion: common.mongoDBMajorVersion ?? null,
      internalClusterRole: "NONE",
      replicationSpecs: replicationSpecs.map((spec) => toSpecView(spec, true)),
    });
  }
  const older = { ...without(common, laterSettings), diskSizeGB: diskSizeOf(cluster) };
  return sortOwnMembers(
    version >= "2023-02-01"
      ? { ...older, replicationSpecs: toZoneViews(replicationSpecs) }
      : toLegacyView(older, cluster),
  );
};

/** Converts a cluster to the response to its create: without tags if the request had none. */
export const toCreatedAdvancedClusterView = (
  viewing: Viewing,
  cluster: AdvancedCluster,
): JsonObject => {
  const view = toAdvancedClusterView(viewing, cluster);
  return cluster.tags === undefined ? without(view, ["tags"]) : view;
};

/** Converts a cluster to the form in `/_sandbox/state`: that of the newest version, without links. */
export const toAdvancedClusterState = (
  state: SandboxState,
  cluster: AdvancedCluster,
  now: number,
): AdvancedClusterState => {
  const viewing = { state, now, origin: "", version: "2024-08-05" };
  const { clusterType, groupId, id, name, tags, terminationProtectionEnabled } = cluster;
  return {
    ...without(toAdvancedClusterView(viewing, cluster), ["links"]),
    clusterType,
    groupId,
    id,
    name,
    stateName: clusterState(state, cluster, now),
    tags: tags ?? [],
    terminationProtectionEnabled,
  };
};
