/** Free and dedicated clusters in version 2023-01-01, as recorded of the API before it (docs/atlas.md#free-and-dedicated-clusters). */
import { isObject, type Json, type JsonObject } from "../json.ts";
import { type AdvancedCluster, type ReplicationSpec, toAtlasTime } from "../state/resources.ts";
import { tenant } from "./hardware.ts";

const nodesOf = ({ regions }: ReplicationSpec): JsonObject =>
  Object.fromEntries(
    regions.map(({ region, priority, electable, readOnly, analytics }) => [
      region,
      {
        analyticsNodes: analytics.nodeCount,
        electableNodes: electable.nodeCount,
        priority,
        readOnlyNodes: readOnly.nodeCount,
      },
    ]),
  );

const member = (object: Json | undefined, name: string): Json =>
  isObject(object) ? (object[name] ?? null) : null;

/** The strings of drivers before SRV records, which are there once the hosts are. */
const urisOf = (cluster: AdvancedCluster, strings: Json | undefined): JsonObject => {
  const standard = member(strings, "standard");
  if (typeof standard !== "string") return {};
  return {
    mongoURI: standard.replace(/\/\?.*/, ""),
    mongoURIUpdated: toAtlasTime(cluster.createdAt),
    mongoURIWithOptions: standard,
    srvAddress: member(strings, "standardSrv"),
  };
};

/** Adds to what older versions have in common what is particular to this one. */
export const toLegacyView = (common: JsonObject, cluster: AdvancedCluster): JsonObject => {
  const [first] = cluster.replicationSpecs;
  const config = first?.regions[0];
  if (first === undefined || config === undefined) return common;
  const { provider, backingProvider, region, electable, autoScaling } = config;
  const { compute, diskGB } = autoScaling;
  const instanceSizeName = electable.instanceSize;
  const numShards = cluster.replicationSpecs.length;
  const bounds = {
    maxInstanceSize: member(compute, "maxInstanceSize"),
    minInstanceSize: member(compute, "minInstanceSize"),
  };
  const size =
    provider === tenant
      ? {
          backingProviderName: backingProvider ?? null,
          effectiveInstanceSizeName: instanceSizeName,
          instanceSizeName,
        }
      : { instanceSizeName };
  return {
    ...common,
    ...urisOf(cluster, common.connectionStrings),
    autoScaling: {
      compute: {
        enabled: member(compute, "enabled"),
        scaleDownEnabled: member(compute, "scaleDownEnabled"),
      },
      diskGBEnabled: member(diskGB, "enabled"),
    },
    numShards,
    providerBackupEnabled: common.backupEnabled ?? false,
    providerSettings: {
      providerName: provider,
      autoScaling: { compute: bounds },
      ...size,
      regionName: region,
    },
    replicationFactor: 3,
    replicationSpec: nodesOf(first),
    replicationSpecs: [
      { id: first.id, numShards, regionsConfig: nodesOf(first), zoneName: first.zoneName },
    ],
  };
};
