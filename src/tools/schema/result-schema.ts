/**
 * The full schemas of results: what is always there, and what only some have. Results are parsed loosely from Atlas's
 * answers, but an answer without the id that was asked for counts as none (docs/results.md#what-a-result-is-worth).
 * Only the build loads this file.
 */
import * as z from "zod/v4";
import { accessListEntrySchema } from "../../atlas/resources/access-list-entry.ts";
import { databaseUserMembers } from "../../atlas/resources/database-user.ts";
import { text } from "../../atlas/resources/fields.ts";
import { flexClusterSchema } from "../../atlas/resources/flex-cluster.ts";
import { organizationSchema } from "../../atlas/resources/organization.ts";
import { projectSchema } from "../../atlas/resources/project.ts";
import { failureSchema } from "../../common/failure.ts";
import type { Tool } from "../define.ts";
import { type Member, outcomes } from "../result.ts";
import { anything, backend, members, plannedRequest, price } from "./members.ts";

const id = z.string().meta({ description: "24 hex digits." });
const name = z.string();
const time = text.meta({ description: "ISO 8601, UTC." });
const leased = {
  sweepAfter: text.meta({
    description: "When the sweep command may delete it (RFC 3339, UTC); missing if never.",
  }),
  expired: z.boolean().optional().meta({ description: "True once sweepAfter has passed." }),
};

const project = projectSchema.extend({ id, created: time, ...leased });

/** A project that was looked up by its name, or sent with it. */
const namedProject = z.intersection(project, z.looseObject({ name }));

const { connectionStrings, providerSettings } = flexClusterSchema.shape;

const flexCluster = flexClusterSchema.extend({
  id,
  name,
  stateName: text.meta({ description: "CREATING, IDLE, UPDATING or DELETING." }),
  connectionStrings: connectionStrings.meta({
    description: "Without a user and a password; missing until the cluster runs.",
  }),
  createDate: time,
  providerSettings: providerSettings.meta({ description: "diskSizeGB is in gigabytes." }),
  ...leased,
});

/** A flex cluster in short, as `list_flex_clusters` shows it. */
const clusterRow = z.looseObject({
  groupId: id,
  projectName: text,
  name,
  stateName: text,
  provider: text.meta({ description: "AWS, AZURE or GCP." }),
  region: text.meta({ description: "In Atlas's spelling." }),
  ...leased,
});

const ephemeralCluster = z.looseObject({
  name,
  status: text.meta({ description: "PROVISIONING, ACTIVE or PAUSED." }),
});

const databaseUser = databaseUserMembers.extend({
  username: z.string(),
  databaseName: z.string().meta({ description: "Against which it authenticates." }),
  deleteAfterDate: time,
});

const accessListEntry = accessListEntrySchema.extend({ deleteAfterDate: time });

const organization = organizationSchema.extend({ id });

const nextAction = z.strictObject({
  tool: z.string(),
  arguments: anything.meta({ description: "Valid as they stand." }),
  why: z.string(),
});
const nextActions = z
  .array(nextAction)
  .meta({ description: "Calls that could help next, the best one first." });

const failure = failureSchema().extend({ nextActions });

/** The schemas that have a name of their own among the types of the library. */
export const namedSchemas = {
  Project: project,
  FlexCluster: flexCluster,
  FlexClusterRow: clusterRow,
  EphemeralCluster: ephemeralCluster,
  DatabaseUser: databaseUser,
  AccessListEntry: accessListEntry,
  Organization: organization,
  NextAction: nextAction,
  Failure: failure,
  Price: price,
  PlannedRequest: plannedRequest,
  Receipt: members.receipt,
} as const;

const shown = {
  ...members,
  project,
  projects: z.array(project),
  cluster: flexCluster,
  clusters: z.array(flexCluster),
  databaseUser,
  databaseUsers: z.array(databaseUser),
  accessListEntry,
  accessListEntries: z.array(accessListEntry),
  organizations: z.array(organization),
} satisfies Record<Member, z.ZodType>;

/** The members that have another form in results of this tool. */
const ownForms: Readonly<Record<string, Partial<Record<Member, z.ZodType>>>> = {
  create_project: { project: namedProject },
  list_flex_clusters: { clusters: z.array(clusterRow) },
  create_ephemeral_cluster: { cluster: ephemeralCluster },
  get_ephemeral_cluster: { cluster: ephemeralCluster },
};

type Declared = Pick<Tool, "name" | "access" | "output" | "always">;

const isPlanned = (outcome: string): boolean => outcome.startsWith("would_");

/** The successes of a tool: what it did or found, and for a change what a dry run shows. */
export const successSchemas = ({ name, access, output, always }: Declared): z.ZodType[] => {
  const all: Readonly<Record<Member, z.ZodType>> = { ...shown, ...ownForms[name] };
  const own = output
    .filter((member) => member !== "request")
    .map((member) => [member, always.includes(member) ? all[member] : all[member].optional()]);
  const done = z.strictObject({
    status: z.literal("ok"),
    backend,
    outcome: z.enum(outcomes[access].filter((outcome) => !isPlanned(outcome))),
    ...Object.fromEntries(own),
    nextActions: nextActions.optional(),
  });
  if (access === "read") return [done];
  const planned = z.strictObject({
    status: z.literal("ok"),
    backend,
    outcome: z.enum(outcomes[access].filter(isPlanned)),
    request: plannedRequest,
  });
  return [done, planned];
};

/** The result of a change that a person has to agree to first. */
export const confirmationSchema = z.strictObject({
  status: z.literal("needs_confirmation"),
  backend,
  quote: price,
  confirmation: z
    .string()
    .meta({ description: "Sent with the same call again, it is a yes. Valid for 5 minutes." }),
  message: z.string().meta({ description: "What the call would do, where and at what price." }),
  nextActions,
});

export const failedSchema = z.strictObject({
  status: z.literal("error"),
  backend,
  error: failure,
});

/** The full JSON Schema of a tool's results: a success, a failure, or (for a change) a request for consent. */
export const resultSchema = (tool: Declared): Record<string, unknown> => {
  const needed = tool.access === "read" ? [] : [confirmationSchema];
  const results = z.union([...successSchemas(tool), ...needed, failedSchema]);
  const { $schema: _, ...schema } = z.toJSONSchema(results, { target: "draft-7" });
  return { type: "object", ...schema };
};
