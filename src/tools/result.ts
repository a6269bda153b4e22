/**
 * Declares the members of results. The types of results, the names that hosts see and the full schema that the library
 * exports follow from it.
 */
import * as z from "zod/v4";
import { accessListEntrySchema } from "../atlas/resources/access-list-entry.ts";
import { databaseUserSchema } from "../atlas/resources/database-user.ts";
import { text } from "../atlas/resources/fields.ts";
import { flexClusterSchema } from "../atlas/resources/flex-cluster.ts";
import { organizationSchema } from "../atlas/resources/organization.ts";
import { projectSchema } from "../atlas/resources/project.ts";
import { differenceSchema, failureSchema, type Suggestion } from "../common/failure.ts";
import { causes } from "../connection/cause.ts";
import { stepNames } from "../connection/step.ts";
import { connectionParts } from "../operations/missing.ts";

const anything = z.record(z.string(), z.unknown());
const count = z.int().min(0);
const backend = z.enum(["atlas", "sandbox"]);
const nextActions = z.array(
  z.strictObject({ tool: z.string(), arguments: anything, why: z.string() }),
);
const perTime = z.strictObject({ from: z.number(), to: z.number() });

const price = z.strictObject({
  currency: z.literal("USD"),
  perMonth: perTime,
  perHour: perTime.optional(),
  source: z.string().optional(),
  asOf: z.string().optional(),
});

/** The outcomes of a success, by the access of the tool. */
export const outcomes = {
  read: ["found"],
  create: ["created", "existing", "would_create"],
  update: ["updated", "unchanged", "would_update"],
  delete: ["deleted", "absent", "would_delete"],
} as const;

/** What a tool does. */
export type Access = keyof typeof outcomes;

/** Top-level members of successes, besides those that every result has. */
export const members = {
  reconciled: z.literal(true),
  /** What this call created too, and took back because another has the name. */
  undone: z.strictObject({ id: z.string() }),
  ready: z.boolean(),
  /** What the project lacks for a connection to a ready cluster, as far as it can be read. */
  missing: z.array(z.enum(connectionParts)),
  /** What an update has changed: `yours` is what is there now, `existing` what was there before. */
  differences: z.array(differenceSchema),
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
  /** The connection from the machine of this server: each step that was tried, with its milliseconds, and why one failed. */
  connected: z.boolean(),
  failedStep: z.enum(stepNames),
  cause: z.enum(causes),
  code: z.string(),
  from: z.literal("the machine of this server"),
  steps: z.array(z.strictObject({ step: z.enum(stepNames), ms: count })),
  /** The host of an ephemeral cluster, when Atlas pauses it and when Atlas deletes it, and Atlas's own words on its terms. */
  host: z.string(),
  pausesAt: z.string(),
  deletesAt: z.string(),
  termsOfService: z.string(),
  /** The file that has a user's password and connection string, or an ephemeral cluster's. */
  credentialsFile: z.string(),
  /** The command that gives an application what is in the file of a database user. */
  use: z.string(),
  note: z.string(),
  organizations: z.array(organizationSchema),
  totalCount: count,
  /** What all flex clusters cost in a month, by list price. */
  estimatedMonthlyUsd: perTime,
  /** The number of projects that are missing in all figures. */
  notReadable: count,
  /** Free and dedicated clusters, which this server only names. */
  otherClusters: z.array(z.looseObject({ groupId: text, projectName: text, name: text })),
  /** The number of each kind, shown or not. */
  totals: z.record(z.string(), count),
  /** The request that a dry run would have sent: `path` includes the query, `headers` has no credential. */
  request: z.strictObject({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown().optional(),
  }),
  /** About a change: its id in the audit, the resource, who agreed, and the price. */
  receipt: z.strictObject({
    auditId: z.string(),
    resource: z.string(),
    approver: z.string(),
    price: z.string(),
  }),
  baseUrl: z.string(),
  scope: z.strictObject({ orgId: z.string().optional(), groupId: z.string().optional() }),
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
  switchedOff: z.array(z.strictObject({ tool: z.string(), reason: z.string() })),
};

/** `deleting` is of `sweep` alone, which does not wait: Atlas has accepted the delete. */
export type Outcome = (typeof outcomes)[Access][number] | "deleting";

export type Member = keyof typeof members;

type Members = { [M in Member]?: z.output<(typeof members)[M]> };

/** What a tool returns; the result adds `status` and `backend`, and turns suggestions into next actions. */
export type Body = { outcome: Outcome; suggestions?: Suggestion[] } & Members;

/** The full JSON Schema of a tool's results: a success, a failure, or (for a change) a request for consent. */
export const resultSchema = ({
  access,
  output,
}: {
  access: Access;
  output: readonly Member[];
}): Record<string, unknown> => {
  const succeeded = z.strictObject({
    status: z.literal("ok"),
    backend,
    outcome: z.enum(outcomes[access]),
    ...Object.fromEntries(output.map((name) => [name, members[name].optional()])),
    nextActions: nextActions.optional(),
  });
  const needed = z.strictObject({
    status: z.literal("needs_confirmation"),
    backend,
    quote: price,
    confirmation: z.string(),
    message: z.string(),
    nextActions,
  });
  const failed = z.strictObject({
    status: z.literal("error"),
    backend,
    error: failureSchema().extend({ nextActions }),
  });
  const answers = access === "read" ? [succeeded, failed] : [succeeded, needed, failed];
  const { $schema: _, ...schema } = z.toJSONSchema(z.union(answers), { target: "draft-7" });
  return { type: "object", ...schema };
};
