import { objectId } from "../atlas/resources/fields.ts";
import { projectBodySchema } from "../atlas/resources/project.ts";
import { invalidInput, raise } from "../common/failure.ts";
import { create, lookBefore } from "../operations/create.ts";
import { checkProject, projectCreateSpec } from "../operations/project.ts";
import { createOptions, sweepAfter } from "./arguments.ts";
import { defineChange, type Risk } from "./define.ts";

const input = projectBodySchema.extend({
  projectOwnerId: objectId("User who becomes Project Owner").optional(),
  sweepAfter,
  ...createOptions,
});

const onlyForGovernment = {
  path: "regionUsageRestrictions",
  problem:
    "is for Atlas for Government only; commercial Atlas rejects requests that have it, so leave it out",
};

const ownerRisk = (userId: string): Risk => ({
  says: `It makes user ${userId} Project Owner, who may do everything in the project.`,
});

/** Creates a project. If the name is taken, reports the existing project. */
export const createProject = defineChange({
  name: "create_project",
  title: "Create project",
  description:
    "Creates a MongoDB Atlas project (also called group); free. Safe to repeat: a taken name is reported with the existing project.",
  searchHint: "create, provision, set up a MongoDB Atlas project (group)",
  access: "create",
  kind: "project",
  input,
  output: ["project", "reconciled", "undone", "request", "receipt"],
  always: ["project"],
  change: ({ name, orgId, tags, projectOwnerId, sweepAfter, ...input }) => ({
    name,
    orgId,
    details: {
      tags,
      projectOwnerId,
      sweepAfter,
      withDefaultAlertsSettings: input.withDefaultAlertsSettings,
      regionUsageRestrictions: input.regionUsageRestrictions,
    },
    risks: projectOwnerId === undefined ? [] : [ownerRisk(projectOwnerId)],
  }),
  plan: async (input, context) => {
    const { ifExists = "error", dryRun, confirmation: _, ...asked } = input;
    const { projectOwnerId, sweepAfter, ...body } = asked;
    if (body.regionUsageRestrictions !== undefined && !context.setup.government)
      return raise(invalidInput([onlyForGovernment]));
    const { spec, request } = projectCreateSpec(context, body, { projectOwnerId, sweepAfter });
    const before = await lookBefore(spec, ifExists, context, context.singleFlights.projects);
    if ("existing" in before)
      return { request, done: { outcome: "existing", project: before.existing } };
    if (dryRun) await checkProject(context, body.orgId);
    const found = { created: context.atlas.now() };
    return { request, found, pending: { body, projectOwnerId, sweepAfter, before } };
  },
  apply: async ({ body, before, ...besides }, { ifExists = "error" }, context) => {
    const { projects } = context.singleFlights;
    // Of this context, which records what is taken back, and not of the plan's.
    const { spec } = projectCreateSpec(context, body, besides);
    const created = await create(spec, before, ifExists, context, projects);
    return {
      outcome: created.outcome,
      project: created.resource,
      ...(created.reconciled ? { reconciled: true } : {}),
      ...(created.undone === undefined ? {} : { undone: created.undone }),
    };
  },
});
