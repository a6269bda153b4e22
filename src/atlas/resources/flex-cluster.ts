/** A flex cluster: what a create may carry, and what Atlas returns. */
import * as z from "zod/v4";
import {
  checked,
  flag,
  isNoName,
  newName,
  number,
  readTags,
  soft,
  tagsSchema,
  text,
} from "./fields.ts";
import { readLease } from "./lease.ts";

/** What keeps a text from being the name of any cluster (the path parameter `name` of getGroupFlexCluster). */
const anyNameProblem = (name: string): string | undefined => {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9-]*$/.test(name))
    return "must be ASCII letters, digits and hyphens, and begin with a letter or digit";
  return name.length > 64 ? "must have at most 64 characters" : undefined;
};

const newNameProblem = (name: string): string | undefined => {
  const problem = anyNameProblem(name);
  if (problem !== undefined) return problem;
  if (name.endsWith("-")) return "must not end with a hyphen";
  // The first 23 characters become the host name (docs/atlas.md#names).
  if (name[22] === "-") return "must not have a hyphen as its 23rd character";
  return undefined;
};

/** The name with hyphens between words, without what Atlas does not take, at most 64 long. */
const mendNewName = (name: string): string | undefined => {
  if (isNoName(name)) return undefined;
  const kept = name
    .replace(/[\s_./\\|:;,+~]+/g, "-")
    .replace(/[^a-zA-Z0-9-]/g, "")
    .replace(/^-+/, "")
    .slice(0, 64);
  const unhosted = kept.slice(0, 22) + kept.slice(22).replace(/^-+/, "");
  return unhosted.replace(/-+$/, "") || undefined;
};

const documented = {
  pattern: "^[a-zA-Z0-9][a-zA-Z0-9-]*$",
  maxLength: 64,
  examples: ["my-cluster"],
};

/** The name of a new flex cluster (createGroupFlexCluster, `name`). */
const newClusterName = checked(newName(), newNameProblem, mendNewName).meta({
  description:
    "1 to 64 ASCII letters, digits and hyphens, no hyphen at the end or 23rd; unique in its first 23.",
  ...documented,
});

/** The name of a cluster that exists, which may break the rules for new ones. Only Atlas knows which one was meant. */
export const clusterName = checked(z.string(), anyNameProblem, () => undefined).meta({
  description: "Cluster name.",
  ...documented,
});

/** Body of createGroupFlexCluster (POST /api/atlas/v2/groups/{groupId}/flexClusters). */
export const flexClusterBodySchema = z.strictObject({
  name: newClusterName,
  providerSettings: z
    .strictObject({
      backingProviderName: z.enum(["AWS", "AZURE", "GCP"]).meta({ anyCase: true }),
      regionName: z
        .string()
        .min(1)
        .meta({
          description:
            "Region in Atlas's spelling: US_EAST_1 (AWS), US_EAST_2 (AZURE), CENTRAL_US (GCP).",
          examples: ["US_EAST_1"],
        }),
    })
    .meta({ examples: [{ backingProviderName: "AWS", regionName: "US_EAST_1" }] }),
  tags: tagsSchema.optional(),
  terminationProtectionEnabled: z
    .boolean()
    .optional()
    .meta({ description: "Atlas then refuses to delete it." }),
});

export type FlexClusterBody = z.output<typeof flexClusterBodySchema>;

/** Body of updateGroupFlexCluster (PATCH /api/atlas/v2/groups/{groupId}/flexClusters/{name}). */
export const flexClusterUpdateSchema = flexClusterBodySchema.pick({
  tags: true,
  terminationProtectionEnabled: true,
});

export type FlexClusterUpdate = z.output<typeof flexClusterUpdateSchema>;

/** A flex cluster as Atlas returns it (schema FlexClusterDescription20241113), with its lease. `diskSizeGB` is in gigabytes. */
export const flexClusterSchema = z.looseObject({
  id: text,
  name: text,
  groupId: text,
  stateName: text,
  connectionStrings: soft(z.looseObject({ standard: text, standardSrv: text })),
  createDate: text,
  mongoDBVersion: text,
  clusterType: text,
  versionReleaseSystem: text,
  backupSettings: soft(z.looseObject({ enabled: flag })),
  providerSettings: soft(
    z.looseObject({
      backingProviderName: text,
      regionName: text,
      diskSizeGB: number,
      providerName: text,
    }),
  ),
  tags: readTags,
  terminationProtectionEnabled: flag,
  sweepAfter: text,
  expired: flag,
});

export type FlexCluster = z.output<typeof flexClusterSchema>;

/** Reads a flex cluster from Atlas's answer. */
export const flexClusterAnswer = flexClusterSchema.transform(
  readLease("flexCluster", ({ groupId }) => groupId),
);

/** A snapshot of a flex cluster (schema FlexBackupSnapshot20241113). */
export const flexSnapshotSchema = z.looseObject({
  id: text,
  status: text,
  startTime: text,
  finishTime: text,
});

export type FlexSnapshot = z.output<typeof flexSnapshotSchema>;
