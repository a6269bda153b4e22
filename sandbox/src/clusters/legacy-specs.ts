/** The specs of version 2023-01-01, which describe the hardware once for all regions. */
import {
  checkFields,
  optionalNumber,
  optionalObject,
  optionalObjects,
  optionalText,
  requiredText,
} from "../api/fields.ts";
import { createApiError } from "../errors/api-error.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { SentRegion, SentSpec } from "./specs.ts";

const toSpecs = (settings: JsonObject, nodeCount: number): JsonObject => {
  const { instanceSizeName: instanceSize, diskIOPS = null, volumeType = null } = settings;
  return { instanceSize: instanceSize ?? null, nodeCount, diskIOPS, ebsVolumeType: volumeType };
};

/** The compute part of auto-scaling has its switch in one place of the body, and its bounds in another. */
const toAutoScaling = (body: JsonObject, settings: JsonObject): JsonObject => {
  const { compute = {}, diskGBEnabled = false } = optionalObject(body, "autoScaling") ?? {};
  const bounds = optionalObject(settings, "autoScaling")?.compute ?? {};
  return {
    compute: { ...(isObject(compute) ? compute : {}), ...(isObject(bounds) ? bounds : {}) },
    diskGB: { enabled: diskGBEnabled },
  };
};

const countIn = (nodes: JsonObject, name: string): number => optionalNumber(nodes, name) ?? 0;

/** Reads `providerSettings`, and the nodes of each region if the request has them; undefined if there are no settings. */
export const readLegacySpecs = (body: JsonObject): SentSpec[] | undefined => {
  const settings = optionalObject(body, "providerSettings");
  if (settings === undefined) return undefined;
  checkFields(settings, {
    providerName: "string",
    backingProviderName: "string",
    instanceSizeName: "string",
    regionName: "string",
    diskIOPS: "number",
    volumeType: "string",
    autoScaling: "object",
    diskTypeName: "ignored",
    effectiveInstanceSizeName: "ignored",
    encryptEBSVolume: "ignored",
  });
  requiredText(settings, "instanceSizeName");
  const toRegion = (region: string, nodes: JsonObject): SentRegion => ({
    provider: requiredText(settings, "providerName"),
    backingProvider: optionalText(settings, "backingProviderName"),
    region,
    priority: optionalNumber(nodes, "priority") ?? 7,
    hardware: {
      electable: toSpecs(settings, countIn(nodes, "electableNodes")),
      readOnly: toSpecs(settings, countIn(nodes, "readOnlyNodes")),
      analytics: toSpecs(settings, countIn(nodes, "analyticsNodes")),
    },
    autoScaling: toAutoScaling(body, settings),
    analyticsAutoScaling: undefined,
  });
  const specs = optionalObjects(body, "replicationSpecs") ?? [];
  const allShards = optionalNumber(body, "numShards") ?? 1;
  if (specs.length === 0) {
    const electableNodes = optionalNumber(body, "replicationFactor") ?? 3;
    const region = toRegion(requiredText(settings, "regionName"), { electableNodes });
    return [{ zoneName: "Zone 1", shards: allShards, regions: [region] }];
  }
  return specs.map((spec) => {
    checkFields(spec, {
      id: "ignored",
      numShards: "number",
      regionsConfig: "object",
      zoneName: "string",
    });
    const regions = Object.entries(optionalObject(spec, "regionsConfig") ?? {});
    if (regions.length === 0) {
      throw createApiError("MISSING_ATTRIBUTE", { attribute: "regionsConfig" });
    }
    return {
      zoneName: optionalText(spec, "zoneName") ?? "Zone 1",
      shards: optionalNumber(spec, "numShards") ?? allShards,
      regions: regions.map(([region, nodes]) => toRegion(region, isObject(nodes) ? nodes : {})),
    };
  });
};
