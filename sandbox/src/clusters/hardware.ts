/** The hardware of nodes, as requests have it and as Atlas shows it. */
import { checkFields, optionalNumber, optionalText } from "../api/fields.ts";
import { createApiError } from "../errors/api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Hardware } from "../state/resources.ts";

/** The provider of clusters that share their hardware. */
export const tenant = "TENANT";

const freeDiskSizeGB = 0.5;

/** Gigabytes of disk that a size has if the request names none, as the documentation of cluster sizes lists them. */
const diskSizes: Record<string, number> = {
  ...{ M10: 10, M20: 20, M30: 40, M40: 80, M50: 160, M60: 320, M80: 750 },
  ...{ M140: 1000, M200: 1500, M300: 2000, M400: 3000 },
};

const diskSizeOf = (provider: string, instanceSize: string): number => {
  if (provider === tenant) return freeDiskSizeGB;
  const size = diskSizes[instanceSize.replace(/^R/, "M").replace(/_.*/, "")] ?? 40;
  // Azure has disks of certain sizes only; 32 is the recorded one of an M10.
  return provider === "AZURE" ? Math.max(32, 2 ** Math.ceil(Math.log2(size))) : size;
};

/** Refuses a size that the provider does not have. The code is an assumption (docs/atlas.md#not-known). */
const checkInstanceSize = (provider: string, value: string): void => {
  const isKnown =
    provider === tenant ? value === "M0" : /^[MR]\d{2,3}(_NVME)?(_GEN_2)?$/.test(value);
  if (!isKnown) throw createApiError("INVALID_ENUM_VALUE", { value });
};

const kinds = {
  instanceSize: "string",
  nodeCount: "number",
  diskIOPS: "number",
  diskSizeGB: "number",
  ebsVolumeType: "string",
  diskThroughput: "ignored",
  effectiveInstanceSize: "ignored",
} as const;

/** The hardware of one region by the kind of its nodes. */
export type RegionHardware = Record<"electable" | "readOnly" | "analytics", Hardware>;

/** The same as requests have it. */
export type SentHardware = Record<keyof RegionHardware, JsonObject | undefined>;

/** Reads the hardware of a region. What the request leaves out is that of the other kinds of nodes, or the default. */
export const readHardware = (
  provider: string,
  sent: SentHardware,
  diskSizeGB: number | undefined,
): RegionHardware => {
  const all = [sent.electable, sent.readOnly, sent.analytics].filter((one) => one !== undefined);
  for (const one of all) checkFields(one, kinds);
  const first = <T>(read: (one: JsonObject) => T | undefined): T | undefined =>
    all.map(read).find((value) => value !== undefined);
  const instanceSize = first((one) => optionalText(one, "instanceSize"));
  if (instanceSize === undefined) {
    throw createApiError("MISSING_ATTRIBUTE", { attribute: "instanceSize" });
  }
  const disk = first((one) => optionalNumber(one, "diskSizeGB")) ?? diskSizeGB;
  const toHardware = (one: JsonObject = {}, nodeCount: number): Hardware => {
    const own = optionalText(one, "instanceSize") ?? instanceSize;
    checkInstanceSize(provider, own);
    return {
      instanceSize: own,
      nodeCount: optionalNumber(one, "nodeCount") ?? nodeCount,
      diskSizeGB: disk ?? diskSizeOf(provider, own),
      diskIOPS: optionalNumber(one, "diskIOPS"),
      ebsVolumeType: optionalText(one, "ebsVolumeType"),
    };
  };
  return {
    electable: toHardware(sent.electable, sent.electable === undefined ? 0 : 3),
    readOnly: toHardware(sent.readOnly, 0),
    analytics: toHardware(sent.analytics, 0),
  };
};

/** Converts hardware to its form in a response: keys in the recorded order. Older versions have the size of the disk elsewhere. */
export const toHardwareView = (
  provider: string,
  { instanceSize, nodeCount, diskSizeGB, diskIOPS, ebsVolumeType }: Hardware,
  withDisk: boolean,
): JsonObject => {
  const disk = withDisk ? { diskSizeGB } : {};
  switch (provider) {
    case tenant:
      return { effectiveInstanceSize: instanceSize, instanceSize, ...disk };
    case "AWS": {
      const volume = { ebsVolumeType: ebsVolumeType ?? "STANDARD", nodeCount };
      return { instanceSize, diskIOPS: diskIOPS ?? 3000, ...disk, ...volume };
    }
    case "AZURE": {
      const throughput = { diskThroughput: 125, nodeCount };
      return { instanceSize, diskIOPS: diskIOPS ?? 3500, ...disk, ...throughput };
    }
    default:
      return { instanceSize, ...disk, nodeCount };
  }
};
