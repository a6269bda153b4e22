/** Checks the body of a create, and creates the free or dedicated cluster. */
import {
  checkFields,
  choiceOf,
  optionalFlag,
  optionalNumber,
  requiredText,
} from "../api/fields.ts";
import type { Call } from "../api/operation.ts";
import { readTags } from "../api/tags.ts";
import { createApiError } from "../errors/api-error.ts";
import { advancedClustersOf } from "../flex-clusters/state.ts";
import type { JsonObject } from "../json.ts";
import type { AdvancedCluster, ReplicationSpec } from "../state/resources.ts";
import { createAnyCluster } from "./any-cluster.ts";
import { tenant } from "./hardware.ts";
import { readLegacySpecs } from "./legacy-specs.ts";
import { checkClusterCount, checkClusterName, checkNameIsFree } from "./names.ts";
import { clusterKinds, readSettings } from "./settings.ts";
import { readSpecs, toReplicationSpecs } from "./specs.ts";

/** The first version in which each shard has a spec of its own. */
const shardsVersion = "2024-08-05";

/** Tells whether a cluster is a free one (M0). */
export const isFree = ({ replicationSpecs }: Pick<AdvancedCluster, "replicationSpecs">): boolean =>
  replicationSpecs[0]?.regions[0]?.provider === tenant;

/** Tells whether the shards of a cluster that was sent in this version can differ. */
export const canShardsDiffer = (version: string): boolean => version >= shardsVersion;

/** Reads the specs of a request, in the form of any version; undefined if there are none. */
export const readAllSpecs = (
  call: Call,
  before: readonly ReplicationSpec[],
): ReplicationSpec[] | undefined => {
  const specs = readSpecs(call.body) ?? readLegacySpecs(call.body);
  const disk = optionalNumber(call.body, "diskSizeGB");
  return specs && toReplicationSpecs(call, specs, disk, before);
};

/** Refuses a second free cluster in a project. */
const checkNoOtherFree = ({ state, now }: Call, groupId: string): void => {
  if (!advancedClustersOf(state, groupId, now).some(isFree)) return;
  const problem = "This project has reached the limit for the number of free clusters";
  throw createApiError("CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API", { problem });
};

/** Reads the type of a cluster; it is a replica set if the request has none. */
export const readClusterType = (body: JsonObject): string =>
  choiceOf(body, "clusterType", ["REPLICASET", "SHARDED", "GEOSHARDED"], "REPLICASET");

/** Creates a cluster; throws if Atlas would refuse it. The caller adds it to the state. */
export const createAdvancedCluster = (call: Call, groupId: string): AdvancedCluster => {
  const { state, body, now, version } = call;
  checkFields(body, clusterKinds);
  const name = requiredText(body, "name");
  checkClusterName(name);
  const clusterType = readClusterType(body);
  const replicationSpecs = readAllSpecs(call, []);
  if (replicationSpecs === undefined) {
    throw createApiError("MISSING_ATTRIBUTE", { attribute: "replicationSpecs" });
  }
  const tags = readTags(body);
  const settings = readSettings(body);
  checkNameIsFree(state, groupId, name, now);
  if (isFree({ replicationSpecs })) checkNoOtherFree(call, groupId);
  checkClusterCount(state, groupId, now);
  return {
    ...createAnyCluster(call, groupId, name),
    tags,
    terminationProtectionEnabled: optionalFlag(body, "terminationProtectionEnabled") ?? false,
    clusterType,
    replicationSpecs,
    scalesShards: canShardsDiffer(version),
    resumedAt: undefined,
    settings,
    processArgs: {},
  };
};
