/** The rules that an operator may set, in the policy file and for each caller in the token file: the same in both. */
import * as z from "zod/v4";
import { blockOf } from "../atlas/addresses.ts";
import { regionsMeantAnywhere } from "../operations/region-meaning.ts";
import { tools } from "../tools/index.ts";

const ids = (what: string, example: string) =>
  z
    .array(z.string().regex(/^[a-f0-9]{24}$/, "must be 24 hexadecimal digits"))
    .optional()
    .meta({
      description: `Ids of the ${what}; no others.`,
      examples: [[example]],
    });

/** A regular expression that has to match a whole text. */
const pattern = z
  .string()
  .refine((source) => {
    try {
      return new RegExp(source, "u") !== undefined;
    } catch {
      return false;
    }
  }, "must be a regular expression (JavaScript, flag u)")
  .meta({ description: "Regular expression (JavaScript, flag u) that must match the whole text." });

const isAtlasForm = (name: string): boolean => /^[A-Z0-9]+(_[A-Z0-9]+)*$/.test(name);

// Another spelling would match no cluster, so the rule would refuse all of them.
const region = z
  .string()
  .min(1)
  .max(64)
  .refine((name) => isAtlasForm(name) && regionsMeantAnywhere(name).every((one) => one === name), {
    error: ({ input }) => {
      const meant = regionsMeantAnywhere(String(input));
      const hint =
        meant.length === 0 ? ", for example US_EAST_1" : `; did you mean ${meant.join(" or ")}?`;
      return `must be Atlas's name of a region${hint}`;
    },
  });

const count = z.int().min(0).max(10_000);

/** The tools for which consent can be required or waived. */
const changeTools = tools.filter(({ access }) => access !== "read").map(({ name }) => name);

/** Members of both files. A rule that is missing limits nothing. */
export const ruleShape = {
  organizations: ids("organizations that may be used", "32b6e34b3d91647abb20e7b8"),
  projects: ids("projects that may be used", "32b6e34b3d91647abb20e7b9"),
  providers: z
    .array(z.enum(["AWS", "AZURE", "GCP"]))
    .optional()
    .meta({ description: "Cloud providers that clusters may run on.", examples: [["AWS"]] }),
  regions: z
    .array(region)
    .optional()
    .meta({
      description: "Regions that clusters may run in, by Atlas's names such as US_EAST_1.",
      examples: [["US_EAST_1"]],
    }),
  roles: z
    .array(z.string().min(1).max(255))
    .optional()
    .meta({
      description: "Roles that database users may have, by Atlas's names such as readWrite.",
      examples: [["read", "readWrite"]],
    }),
  projectOwners: ids(
    "users who may be made Project Owner of a new project",
    "32b6e34b3d91647abb20e7ba",
  ),
  addresses: z
    .strictObject({
      blocks: z
        .array(
          z
            .string()
            .refine(
              (text) => blockOf(text) !== undefined,
              "must be an IPv4 or IPv6 block such as 203.0.113.0/24",
            ),
        )
        .optional()
        .meta({
          description: "Blocks in which new entries of access lists must lie.",
          examples: [["203.0.113.0/24"]],
        }),
      most: z
        .int()
        .min(0)
        .optional()
        .meta({
          description:
            "Most public addresses that an access list may admit with a new entry; an IPv6 network of /64 counts as one.",
          examples: [65_536],
        }),
    })
    .optional()
    .meta({ description: "What access lists may admit." }),
  names: z
    .strictObject({
      project: pattern.optional(),
      flexCluster: pattern.optional(),
      databaseUser: pattern.optional(),
      ephemeralCluster: pattern.optional(),
    })
    .optional()
    .meta({ description: "What names of new resources must look like." }),
  requiredTags: z
    .array(z.strictObject({ key: z.string().min(1).max(255), value: pattern.optional() }))
    .optional()
    .meta({ description: "Tags that every new project and flex cluster must carry." }),
  limits: z
    .strictObject({
      projectsPerOrganization: count.optional(),
      flexClustersPerProject: count.optional(),
      monthlyUsd: z
        .int()
        .min(0)
        .max(1_000_000)
        .optional()
        .meta({
          description:
            "Most US dollars that all flex clusters that the credentials see may cost a month, at the highest price, 30 each.",
          examples: [150],
        }),
    })
    .optional()
    .meta({ description: "Most that may exist afterwards, counted in Atlas." }),
  requireSweepAfter: z.boolean().optional().meta({
    description: "Whether every new project and flex cluster must have a lease (sweepAfter).",
  }),
  maxLifetimeHours: z
    .int()
    .min(1)
    .max(876_000)
    .optional()
    .meta({
      description:
        "Most hours from the creation of a project or flex cluster to the end of its lease, which it must have.",
      examples: [24],
    }),
  consent: z
    .strictObject(
      Object.fromEntries(changeTools.map((tool) => [tool, z.enum(["ask", "allow"]).optional()])),
    )
    .optional()
    .meta({
      description:
        "Per tool: ask for consent always, or allow without it. docs/consent.md says what is asked by default. An entry of an access list that opens much of the internet is asked all the same.",
    }),
} as const;

const rules = z.strictObject(ruleShape);

/** A set of rules. If several sets apply, all of them must allow a change. */
export type Rules = z.output<typeof rules>;
