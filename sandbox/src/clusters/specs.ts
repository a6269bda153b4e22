/** The replication specs of requests: which regions a cluster has, with which hardware. */
import {
  checkFields,
  optionalNumber,
  optionalObject,
  optionalObjects,
  optionalText,
  requiredText,
} from "../api/fields.ts";
import type { Call } from "../api/operation.ts";
import { createApiError } from "../errors/api-error.ts";
import { isObject, type JsonObject } from "../json.ts";
import { checkRegion } from "../regions/operations.ts";
import type { RegionConfig, ReplicationSpec } from "../state/resources.ts";
import { readHardware, type SentHardware, tenant } from "./hardware.ts";

/** The highest priority, that of the preferred region. */
const maxPriority = 7;

const readAutoScaling = (sent: JsonObject = {}): JsonObject => {
  checkFields(sent, { compute: "object", diskGB: "object" });
  const part = (name: string): JsonObject => optionalObject(sent, name) ?? {};
  return {
    compute: { enabled: false, scaleDownEnabled: false, ...part("compute") },
    diskGB: { enabled: false, ...part("diskGB") },
  };
};

/** One region as requests have it, in whichever version. */
export type SentRegion = {
  provider: string;
  backingProvider: string | undefined;
  region: string;
  priority: number;
  hardware: SentHardware;
  autoScaling: JsonObject | undefined;
  analyticsAutoScaling: JsonObject | undefined;
};

/** Checks the provider, region and hardware of one region, and fills in the defaults. */
const toRegionConfig = (
  { hardware, autoScaling, analyticsAutoScaling, ...sent }: SentRegion,
  diskSizeGB: number | undefined,
): RegionConfig => {
  const { provider, backingProvider, region } = sent;
  if (provider !== tenant) checkRegion(provider, region, "M10");
  else if (backingProvider === undefined) {
    throw createApiError("MISSING_ATTRIBUTE", { attribute: "backingProviderName" });
  } else checkRegion(backingProvider, region, "FLEX", "M0");
  return {
    ...sent,
    backingProvider: provider === tenant ? backingProvider : undefined,
    ...readHardware(provider, hardware, diskSizeGB),
    autoScaling: readAutoScaling(autoScaling),
    analyticsAutoScaling:
      analyticsAutoScaling === undefined ? undefined : readAutoScaling(analyticsAutoScaling),
  };
};

const readRegion = (sent: JsonObject, index: number): SentRegion => {
  checkFields(sent, {
    providerName: "string",
    backingProviderName: "string",
    regionName: "string",
    priority: "number",
    electableSpecs: "object",
    readOnlySpecs: "object",
    analyticsSpecs: "object",
    autoScaling: "object",
    analyticsAutoScaling: "object",
    effectiveElectableSpecs: "ignored",
    effectiveReadOnlySpecs: "ignored",
    effectiveAnalyticsSpecs: "ignored",
  });
  return {
    provider: requiredText(sent, "providerName"),
    backingProvider: optionalText(sent, "backingProviderName"),
    region: requiredText(sent, "regionName"),
    priority: optionalNumber(sent, "priority") ?? maxPriority - index,
    hardware: {
      electable: optionalObject(sent, "electableSpecs"),
      readOnly: optionalObject(sent, "readOnlySpecs"),
      analytics: optionalObject(sent, "analyticsSpecs"),
    },
    autoScaling: optionalObject(sent, "autoScaling"),
    analyticsAutoScaling: optionalObject(sent, "analyticsAutoScaling"),
  };
};

/** The regions of one spec, and how many shards are like it. */
export type SentSpec = { zoneName: string; shards: number; regions: readonly SentRegion[] };

const readSpec = (sent: JsonObject): SentSpec => {
  checkFields(sent, {
    id: "ignored",
    zoneId: "ignored",
    zoneName: "string",
    numShards: "number",
    regionConfigs: "array",
  });
  const regions = optionalObjects(sent, "regionConfigs") ?? [];
  if (regions.length === 0)
    throw createApiError("MISSING_ATTRIBUTE", { attribute: "regionConfigs" });
  return {
    zoneName: optionalText(sent, "zoneName") ?? "Zone 1",
    shards: optionalNumber(sent, "numShards") ?? 1,
    regions: regions.map(readRegion),
  };
};

/** Reads `replicationSpecs`; undefined if there are none, or those of version 2023-01-01. */
export const readSpecs = (body: JsonObject): SentSpec[] | undefined => {
  const specs = optionalObjects(body, "replicationSpecs");
  if (specs === undefined || specs.length === 0) return undefined;
  return specs.some((spec) => isObject(spec.regionsConfig)) ? undefined : specs.map(readSpec);
};

/** Converts specs to the shards that they describe. Shards and zones that were there before keep their ids and disks. */
export const toReplicationSpecs = (
  { state, now }: Call,
  specs: readonly SentSpec[],
  diskSizeGB: number | undefined,
  before: readonly ReplicationSpec[],
): ReplicationSpec[] => {
  const zones = new Map(before.map(({ zoneName, zoneId }) => [zoneName, zoneId]));
  const shards = specs.flatMap((spec) => Array.from({ length: spec.shards }, () => spec));
  return shards.map(({ zoneName, regions }, index) => {
    const old = before[index];
    const zoneId = zones.get(zoneName) ?? state.ids.objectId(now);
    zones.set(zoneName, zoneId);
    const disk = diskSizeGB ?? old?.regions[0]?.electable.diskSizeGB;
    return {
      id: old?.id ?? state.ids.objectId(now),
      zoneId,
      zoneName,
      regions: regions.map((region) => toRegionConfig(region, disk)),
    };
  });
};
