/**
 * Declares the members of results. The types of results, the names that hosts see, and the full schemas and types that the
 * library exports follow from it. Only the build loads this file (bundle/evaluate.ts): a start does not create the schemas.
 */
import * as z from "zod/v4";
import { accessListEntrySchema } from "../../atlas/resources/access-list-entry.ts";
import { databaseUserSchema } from "../../atlas/resources/database-user.ts";
import { text } from "../../atlas/resources/fields.ts";
import { flexClusterSchema } from "../../atlas/resources/flex-cluster.ts";
import { organizationSchema } from "../../atlas/resources/organization.ts";
import { projectSchema } from "../../atlas/resources/project.ts";
import { differenceSchema } from "../../common/failure.ts";
import { causes } from "../../connection/cause.ts";
import { stepNames } from "../../connection/step.ts";
import { connectionParts } from "../../operations/missing.ts";

export const anything = z.record(z.string(), z.unknown());
const count = z.int().min(0);
const perTime = z.strictObject({ from: z.number(), to: z.number() });
const own = z.strictObject({ id: z.string() });

/** Where the resources of a result are. */
export const backend = z.enum(["atlas", "sandbox"]);

/** What a resource costs, by list price. */
export const price = z.strictObject({
  currency: z.literal("USD"),
  perMonth: perTime.meta({ description: "US dollars; both are 0 if nothing is billed." }),
  perHour: perTime.optional().meta({ description: "US dollars." }),
  source: z.string().optional().meta({ description: "The page with the price list." }),
  asOf: z.string().optional().meta({ description: "The day of the price list." }),
});

/** The request that a dry run would have sent. */
export const plannedRequest = z.strictObject({
  method: z.string(),
  path: z.string().meta({ description: "With the query." }),
  headers: z.record(z.string(), z.string()).meta({ description: "Without credentials." }),
  body: z.unknown().optional(),
});

const receipt = z.strictObject({
  auditId: z.string().meta({ description: "The id of its lines in the audit." }),
  resource: z.string(),
  approver: z.string().meta({
    description:
      "Who agreed: user (in a form), app (by the button of a card), agent (with a confirmation), operator (never asked), or not_needed.",
  }),
  price: z.string(),
});

/** Top-level members of successes, besides those that every result has. */
export const members = {
  reconciled: z.literal(true).meta({
    description: "Atlas's answer was lost, and a look showed that this call did it.",
  }),
  undone: own.meta({
    description: "What this call created too, and took back because another has the name.",
  }),
  ready: z.boolean().meta({ description: "Whether the cluster runs and has a connection string." }),
  missing: z.array(z.enum(connectionParts)).meta({
    description: "What the project lacks for a connection to a ready cluster.",
  }),
  differences: z.array(differenceSchema).meta({
    description:
      "What the update changed: yours is what is there now, existing what was there before.",
  }),
  project: projectSchema,
  projects: z.array(projectSchema),
  /** A flex cluster; of an ephemeral one only the name and the status. */
  cluster: flexClusterSchema.extend({ status: text }),
  /** Whole clusters, or the short rows of `list_flex_clusters`, which have the last three fields. */
  clusters: z.array(flexClusterSchema.extend({ projectName: text, provider: text, region: text })),
  databaseUser: databaseUserSchema,
  databaseUsers: z.array(databaseUserSchema),
  accessListEntry: accessListEntrySchema,
  accessListEntries: z.array(accessListEntrySchema),
  connected: z.boolean(),
  failedStep: z.enum(stepNames).meta({ description: "Only if connected is false." }),
  cause: z.enum(causes).meta({ description: "Why it failed; only if connected is false." }),
  code: z.string().meta({ description: "The error code of the system or of the driver." }),
  from: z.literal("the machine of this server"),
  steps: z.array(
    z.strictObject({
      step: z.enum(stepNames),
      ms: count.meta({ description: "Its duration in milliseconds." }),
    }),
  ),
  host: z.string().meta({ description: "The host of the ephemeral cluster." }),
  pausesAt: z.string().meta({ description: "When Atlas pauses it (ISO 8601, UTC)." }),
  deletesAt: z
    .string()
    .meta({ description: "When Atlas deletes it with its data (ISO 8601, UTC)." }),
  termsOfService: z.string().meta({ description: "Atlas's own words on its terms." }),
  credentialsFile: z.string().meta({
    description: "The path of the file with the password and the connection string.",
  }),
  use: z
    .string()
    .meta({ description: "The command that gives an application what is in the file." }),
  note: z.string().meta({ description: "What a person must know, in sentences." }),
  organizations: z.array(organizationSchema),
  totalCount: count.meta({ description: "The number of entries on all pages." }),
  estimatedMonthlyUsd: perTime.meta({
    description: "What all flex clusters cost in a month, by list price, in US dollars.",
  }),
  notReadable: count.meta({
    description: "The number of projects that are missing in all figures.",
  }),
  otherClusters: z
    .array(z.looseObject({ groupId: text, projectName: text, name: text }))
    .meta({ description: "Free and dedicated clusters, which this server only names." }),
  totals: z
    .record(z.string(), count)
    .meta({ description: "The number of each kind, shown or not." }),
  request: plannedRequest,
  receipt,
  baseUrl: z.string(),
  scope: z
    .strictObject({ orgId: z.string().optional(), groupId: z.string().optional() })
    .meta({ description: "The organization and the project that the operator has fixed." }),
  limits: z.strictObject({
    projectsPerOrganization: count,
    clustersPerProject: count,
    flexCluster: z.record(z.string(), count),
  }),
  prices: z.strictObject({ flexCluster: price, project: z.literal("free") }),
  policy: z.strictObject({
    readOnly: z.boolean(),
    allowDelete: z.boolean(),
    confirm: z.string(),
    rules: z.array(anything),
  }),
  ephemeral: z.strictObject({ on: z.boolean(), backend }),
  switchedOff: z
    .array(z.strictObject({ tool: z.string(), reason: z.string() }))
    .meta({ description: "Tools that are not offered, each with the reason." }),
};
