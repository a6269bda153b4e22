/** The whole schema of what a tool answers, for programs that read results; hosts are shown the shallow one. */
import * as z from "zod/v4";
import * as atlas from "../atlas/resources.ts";
import type { ErrorCode, Retry } from "../error-table.ts";
import type { FailureOutcome } from "../errors.ts";
import type { Access, Member, Outcome, Tool } from "./define.ts";

const anything = z.record(z.string(), z.unknown());
const count = z.int().min(0);
const backend = z.enum(["atlas", "sandbox"]);
const nextActions = z.array(
  z.strictObject({ tool: z.string(), arguments: anything, why: z.string() }),
);
const perTime = z.strictObject({ from: z.number(), to: z.number() });

// Records, so that the compiler knows when one is missing.
const oneOf = <T extends string>(names: Record<T, true>) => z.enum(Object.keys(names));

const price = z.strictObject({
  currency: z.literal("USD"),
  perMonth: perTime,
  perHour: perTime.optional(),
  source: z.string().optional(),
  asOf: z.string().optional(),
});

const members: Record<Member, z.ZodType> = {
  reconciled: z.literal(true),
  ready: z.boolean(),
  project: atlas.project,
  projects: z.array(atlas.project),
  cluster: atlas.flexCluster,
  clusters: z.array(atlas.flexCluster),
  databaseUser: atlas.databaseUser,
  databaseUsers: z.array(atlas.databaseUser),
  accessListEntry: atlas.accessListEntry,
  accessListEntries: z.array(atlas.accessListEntry),
  credentialsFile: z.string(),
  note: z.string(),
  organizations: z.array(atlas.organization),
  totalCount: count,
  totals: z.record(z.string(), count),
  request: z.strictObject({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown().optional(),
  }),
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
  switchedOff: z.array(z.strictObject({ tool: z.string(), reason: z.string() })),
};

const outcomes: Record<Access, [Outcome, ...Outcome[]]> = {
  read: ["found"],
  create: ["created", "existing", "would_create"],
  delete: ["deleted", "absent", "would_delete"],
};

const failed = z.strictObject({
  status: z.literal("error"),
  backend,
  error: z.strictObject({
    code: oneOf<ErrorCode>({
      invalid_input: true,
      not_found: true,
      name_conflict: true,
      conflict: true,
      quota_exceeded: true,
      payment_required: true,
      unauthenticated: true,
      forbidden: true,
      policy_denied: true,
      declined: true,
      rate_limited: true,
      unavailable: true,
      outcome_unknown: true,
      internal: true,
    }),
    message: z.string(),
    outcome: oneOf<FailureOutcome>({
      not_created: true,
      not_deleted: true,
      exists: true,
      unknown: true,
      no_change: true,
    }),
    retry: oneOf<Retry>({ never: true, same_arguments: true, after_delay: true, after_fix: true }),
    retryAfterSeconds: z.number().optional(),
    fields: z
      .array(
        z.strictObject({
          path: z.string(),
          problem: z.string(),
          example: z.unknown().optional(),
        }),
      )
      .optional(),
    existing: z.unknown().optional(),
    differences: z
      .array(
        z.strictObject({
          field: z.string(),
          yours: z.unknown().optional(),
          existing: z.unknown().optional(),
        }),
      )
      .optional(),
    identical: z.boolean().optional(),
    atlas: z
      .strictObject({
        status: z.int(),
        errorCode: z.string().optional(),
        reason: z.string().optional(),
        detail: z.string().optional(),
        requestId: z.string().optional(),
      })
      .optional(),
    nextActions,
  }),
});

const needed = z.strictObject({
  status: z.literal("needs_confirmation"),
  backend,
  quote: price,
  confirmation: z.string(),
  message: z.string(),
  nextActions,
});

/** What a tool answers, as one JSON Schema: a success, a failure, or (of a change) a wish for consent. */
export const fullOutput = ({ access, output }: Tool): Record<string, unknown> => {
  const succeeded = z.strictObject({
    status: z.literal("ok"),
    backend,
    outcome: z.enum(outcomes[access]),
    ...Object.fromEntries(output.map((name) => [name, members[name].optional()])),
    nextActions: nextActions.optional(),
  });
  const answers = access === "read" ? [succeeded, failed] : [succeeded, needed, failed];
  const { $schema: _, ...schema } = z.toJSONSchema(z.union(answers), { target: "draft-7" });
  return { type: "object", ...schema };
};
