/** The documented request bodies of the Admin API as zod schemas, with the documented constraints in full. */
import * as z from "zod/v4";

/** `^([a-f0-9]{24})$`, the id of a project, an organization or a user. */
export const objectId = (what: string) =>
  z
    .string()
    .superRefine((id, context) => {
      if (/^[a-f0-9]{24}$/.test(id)) return;
      const lower = id.trim().toLowerCase();
      context.addIssue({
        code: "custom",
        message: "must be 24 hexadecimal digits in lower case",
        params: { example: /^[a-f0-9]{24}$/.test(lower) ? lower : "32b6e34b3d91647abb20e7b8" },
      });
    })
    .meta({ description: what, pattern: "^[a-f0-9]{24}$" });

// Documented with the u flag, so the length counts code points. The class has no space, although old names have some (facts 1.2).
const projectNamePattern = /^[\p{L}\p{N}\-_.(),:&@+']{1,64}$/u;

const mendProjectName = (name: string): string => {
  const kept = name
    .trim()
    .replace(/\s+/g, "-")
    .replace(/[^\p{L}\p{N}\-_.(),:&@+']/gu, "");
  return [...kept].slice(0, 64).join("") || "my-project";
};

/** A project name (createGroup, `name`). */
const projectName = z
  .string()
  .superRefine((name, context) => {
    if (projectNamePattern.test(name)) return;
    context.addIssue({
      code: "custom",
      message: "must be 1 to 64 letters, digits or any of - _ . ( ) , : & @ + ' (no spaces)",
      params: { example: mendProjectName(name) },
    });
  })
  .meta({
    description: "Project name: letters, digits and -_.(),:&@+', no spaces.",
    minLength: 1,
    maxLength: 64,
  });

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
  // The first 23 characters become the host name (facts 1.4).
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

/** A key like this one that is still free. */
const freeKey = (key: string, list: readonly { key: string }[]): string => {
  const taken = new Set(list.map((tag) => tag.key));
  for (let count = 2; ; count += 1) {
    const free = `${key.slice(0, 250)}-${count}`;
    if (!taken.has(free)) return free;
  }
};

/** Resource tags: at most 50, keys unique and case sensitive. Characters are left to Atlas, whose rules change (facts 1.4). */
const tags = z
  .array(
    z.strictObject({
      key: z
        .string()
        .min(1)
        .max(255)
        .meta({ examples: ["environment"] }),
      value: z
        .string()
        .min(1)
        .max(255)
        .meta({ examples: ["test"] }),
    }),
  )
  .max(50)
  .superRefine((list, context) => {
    const seen = new Set<string>();
    for (const [index, { key }] of list.entries()) {
      if (seen.has(key))
        context.addIssue({
          code: "custom",
          path: [index, "key"],
          message: `the key ${JSON.stringify(key)} is given twice`,
          params: { example: freeKey(key, list) },
        });
      seen.add(key);
    }
  })
  .meta({
    description: "Letters, digits, spaces and ;@_-.+ only; unique keys.",
    examples: [[{ key: "environment", value: "test" }]],
  });

/** Body of createGroup (POST /api/atlas/v2/groups). */
export const createProjectBody = z.strictObject({
  name: projectName,
  orgId: objectId("Organization id (get_account lists them)."),
  tags: tags.optional(),
  withDefaultAlertsSettings: z.boolean().optional().meta({ description: "Default true." }),
  regionUsageRestrictions: z
    .enum(["COMMERCIAL_FEDRAMP_REGIONS_ONLY", "GOV_REGIONS_ONLY"])
    .optional()
    .meta({ description: "Atlas for Government only." }),
});

/** Body of createGroupFlexCluster (POST /api/atlas/v2/groups/{groupId}/flexClusters). */
export const createFlexClusterBody = z.strictObject({
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
  tags: tags.optional(),
  terminationProtectionEnabled: z
    .boolean()
    .optional()
    .meta({ description: "Atlas then refuses to delete it." }),
});

export type CreateProjectBody = z.output<typeof createProjectBody>;
export type CreateFlexClusterBody = z.output<typeof createFlexClusterBody>;
