/** Checks the body of an update, and changes the dedicated cluster. */
import { checkFields, optionalFlag, optionalNumber, optionalText } from "../api/fields.ts";
import type { Call } from "../api/operation.ts";
import { readTags } from "../api/tags.ts";
import { createApiError } from "../errors/api-error.ts";
import { cannotUpdate, checkNotDeleting } from "../flex-clusters/refusals.ts";
import type {
  AdvancedCluster,
  Hardware,
  RegionConfig,
  ReplicationSpec,
} from "../state/resources.ts";
import { canShardsDiffer, isFree, readAllSpecs, readClusterType } from "./create.ts";
import { clusterKinds, readSettings } from "./settings.ts";

/** How long a cluster must run after a pause (docs/atlas.md#free-and-dedicated-clusters). */
const minutesAfterPause = 60;

/** A change of these alone does not make the cluster UPDATING; which others do not is not known. */
const quietFields = ["labels", "tags", "terminationProtectionEnabled"];

const checkPause = (call: Call, { name, settings, resumedAt }: AdvancedCluster): void => {
  const paused = optionalFlag(call.body, "paused");
  // A paused cluster takes no change but the end of its pause: atlas-cli#4310.
  if (settings.paused === true && paused !== false) {
    throw createApiError("CANNOT_UPDATE_PAUSED_CLUSTER", { name });
  }
  const isRecent = resumedAt !== undefined && call.now < resumedAt + minutesAfterPause * 60_000;
  if (paused === true && isRecent) {
    throw createApiError("CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER", { minutes: minutesAfterPause });
  }
};

const withDisk = (specs: readonly ReplicationSpec[], diskSizeGB: number): ReplicationSpec[] => {
  const change = (hardware: Hardware): Hardware => ({ ...hardware, diskSizeGB });
  const changeRegion = (region: RegionConfig): RegionConfig => ({
    ...region,
    electable: change(region.electable),
    readOnly: change(region.readOnly),
    analytics: change(region.analytics),
  });
  return specs.map((spec) => ({ ...spec, regions: spec.regions.map(changeRegion) }));
};

const updateSpecs = (call: Call, before: readonly ReplicationSpec[]): ReplicationSpec[] => {
  const disk = optionalNumber(call.body, "diskSizeGB");
  const specs = readAllSpecs(call, before) ?? [...before];
  return disk === undefined ? specs : withDisk(specs, disk);
};

/** Changes a cluster; throws if Atlas would refuse it. */
export const updateAdvancedCluster = (call: Call, cluster: AdvancedCluster): void => {
  const { body, now } = call;
  if (isFree(cluster)) throw createApiError("TENANT_CLUSTER_UPDATE_UNSUPPORTED");
  checkFields(body, clusterKinds);
  checkNotDeleting(call, cluster, cannotUpdate);
  if ((optionalText(body, "name") ?? cluster.name) !== cluster.name) {
    throw createApiError("CLUSTER_CANNOT_CHANGE_NAME");
  }
  checkPause(call, cluster);
  const tags = readTags(body) ?? cluster.tags;
  const settings = { ...cluster.settings, ...readSettings(body) };
  const clusterType = body.clusterType === undefined ? cluster.clusterType : readClusterType(body);
  const replicationSpecs = updateSpecs(call, cluster.replicationSpecs);
  const isResumed = cluster.settings.paused === true;
  Object.assign(cluster, {
    tags,
    settings,
    clusterType,
    replicationSpecs,
    terminationProtectionEnabled:
      optionalFlag(body, "terminationProtectionEnabled") ?? cluster.terminationProtectionEnabled,
    scalesShards:
      body.replicationSpecs === undefined ? cluster.scalesShards : canShardsDiffer(call.version),
    ...(isResumed ? { resumedAt: now } : {}),
    ...(Object.keys(body).every((name) => quietFields.includes(name)) ? {} : { changedAt: now }),
  } satisfies Partial<AdvancedCluster>);
};
