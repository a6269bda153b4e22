import { createProjectBody, objectId } from "../atlas/bodies.ts";
import { AtlasToolError, invalidInput } from "../common/failure.ts";
import { make, survey } from "../operations/create.ts";
import { checkProject, projectCreateSpec } from "../operations/project.ts";
import { createOptions } from "./arguments.ts";
import { defineChange } from "./define.ts";

const input = createProjectBody.extend({
  projectOwnerId: objectId("User who becomes Project Owner.").optional(),
  ...createOptions,
});

/** Creates a project, once: an existing one of the name is reported, never doubled. */
export const createProject = defineChange({
  name: "create_project",
  title: "Create project",
  description:
    "Creates a MongoDB Atlas project (also called group); free. Safe to repeat: a taken name is reported with the existing project.",
  access: "create",
  input,
  output: ["project", "reconciled", "request", "receipt"],
  change: ({ name, orgId, tags }) => ({
    kind: "project",
    name,
    orgId,
    ...(tags === undefined ? {} : { tags }),
  }),
  plan: async (input, context) => {
    const { projectOwnerId, ifExists = "error", dryRun, confirmation: _, ...body } = input;
    if (body.regionUsageRestrictions !== undefined && !context.standing.government)
      throw new AtlasToolError(
        invalidInput([
          {
            path: "regionUsageRestrictions",
            problem:
              "is for Atlas for Government only; commercial Atlas rejects a request that carries it, so leave it out",
          },
        ]),
      );
    const { creation, request } = projectCreateSpec(context, body, projectOwnerId);
    const before = await survey(creation, ifExists, context);
    if ("existing" in before)
      return { request, settled: { outcome: "existing", project: before.existing } };
    if (dryRun) await checkProject(context, body.orgId);
    return { request, open: { creation, before } };
  },
  apply: async ({ creation, before }, { ifExists = "error" }, context) => {
    const made = await make(creation, before, ifExists, {
      ...context,
      flights: context.flights.projects,
    });
    return {
      outcome: made.outcome,
      project: made.resource,
      ...(made.reconciled ? { reconciled: true } : {}),
    };
  },
});
