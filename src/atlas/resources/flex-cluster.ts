/** A flex cluster: what a create may carry, and what Atlas returns. */
import * as z from "zod/v4";
import { flag, number, readTags, soft, tagsSchema, text } from "./fields.ts";

const mendClusterName = (name: string): string => {
  const kept = name
    .trim()
    .replace(/[\s_.]+/g, "-")
    .replace(/[^a-zA-Z0-9-]/g, "")
    .replace(/^-+/, "")
    .slice(0, 64);
  const unhosted = kept.slice(0, 22) + kept.slice(22).replace(/^-+/, "");
  return unhosted.replace(/-+$/, "") || "my-cluster";
};

const clusterNameProblem = (name: string): string | undefined => {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9-]*$/.test(name))
    return "must be ASCII letters, digits and hyphens, and begin with a letter or digit";
  if (name.length > 64) return "must have at most 64 characters";
  if (name.endsWith("-")) return "must not end with a hyphen";
  // The first 23 characters become the host name (docs/atlas.md#names).
  if (name[22] === "-") return "must not have a hyphen as its 23rd character";
  return undefined;
};

/** A flex cluster's name (createGroupFlexCluster, `name`). */
export const clusterName = z
  .string()
  .superRefine((name, context) => {
    const problem = clusterNameProblem(name);
    if (problem === undefined) return;
    context.addIssue({
      code: "custom",
      message: problem,
      params: { example: mendClusterName(name) },
    });
  })
  .meta({
    description: "Cluster name, unique in its first 23 characters.",
    pattern: "^[a-zA-Z0-9][a-zA-Z0-9-]*$",
    maxLength: 64,
  });

/** Body of createGroupFlexCluster (POST /api/atlas/v2/groups/{groupId}/flexClusters). */
export const flexClusterBodySchema = z.strictObject({
  name: clusterName,
  providerSettings: z
    .strictObject({
      backingProviderName: z.enum(["AWS", "AZURE", "GCP"]),
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

/** A flex cluster as Atlas returns it (schema FlexClusterDescription20241113). `diskSizeGB` is in gigabytes. */
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
});

export type FlexCluster = z.output<typeof flexClusterSchema>;
