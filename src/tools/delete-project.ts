import * as z from "zod/v4";
import { deleteResource } from "../operations/delete.ts";
import { projectKey } from "../operations/project.ts";
import { planProjectDelete, projectDeleteSpec } from "../operations/project-delete.ts";
import { groupId, planOptions } from "./arguments.ts";
import { defineChange } from "./define.ts";
import { dataLost, deletedBody } from "./deletion.ts";

/** Deletes a project that has no clusters. */
export const deleteProject = defineChange({
  name: "delete_project",
  title: "Delete project",
  description:
    "Deletes a MongoDB Atlas project for good, with its users and access list; clusters have to be deleted first. groupId and name must agree. Absent is a success.",
  searchHint: "delete, remove a MongoDB Atlas project (group), for good",
  access: "delete",
  kind: "project",
  input: z.strictObject({
    groupId,
    // Existing names may break the rules for new ones (docs/atlas.md#names). This one is only compared.
    name: z
      .string()
      .min(1)
      .meta({ description: "The project's name.", examples: ["shop"] }),
    ...planOptions,
  }),
  output: ["reconciled", "request", "receipt"],
  always: [],
  change: ({ groupId, name }) => ({ name, groupId, details: {}, risks: [dataLost] }),
  plan: async ({ groupId, name }, context) => {
    const target = await planProjectDelete(context, groupId, name);
    const id = "absent" in target ? "" : target.id;
    const { spec, request } = projectDeleteSpec(context, groupId, name, id);
    if ("absent" in target) return { request, done: { outcome: "absent" } };
    const { orgId = "", name: atlasName = "" } = target.resource;
    return { request, id, pending: { spec, key: projectKey(orgId, atlasName) } };
  },
  apply: async ({ spec, key }, _input, context) => {
    const deleted = await deleteResource(spec, context);
    context.madeProjects.forget(key, spec.id);
    return deletedBody(deleted, spec);
  },
});
