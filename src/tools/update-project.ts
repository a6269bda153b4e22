import * as z from "zod/v4";
import { listGroupFlexClusters } from "../atlas/requests.ts";
import { isSame } from "../atlas/resources/fields.ts";
import { type Project, projectUpdateSchema } from "../atlas/resources/project.ts";
import { failureOf } from "../common/failure.ts";
import { projectUpdateSpec } from "../operations/project-update.ts";
import { updateResource } from "../operations/update.ts";
import { groupId, planOptions, sweepAfter } from "./arguments.ts";
import { defineChange, type Risk, type ToolContext } from "./define.ts";
import { asPlanned, planUpdate, someOf, updateBody } from "./update.ts";

const changes = { ...projectUpdateSchema.shape, sweepAfter };

const input = z
  .strictObject({ groupId, ...changes, ...planOptions })
  .superRefine(someOf(Object.keys(changes)));

type Input = z.output<typeof input>;

const changeOf = ({ name, tags, sweepAfter }: Input) => ({
  ...(name === undefined ? {} : { name }),
  ...(tags === undefined ? {} : { tags }),
  ...(sweepAfter === undefined ? {} : { sweepAfter }),
});

const risksOf =
  ({ name }: Input, hasFlexClusters: boolean) =>
  (project: Project): Risk[] =>
    name === undefined ||
    isSame(project.name, name) ||
    (project.clusterCount === 0 && !hasFlexClusters)
      ? []
      : [
          {
            says: "It renames a project that has clusters: whoever looks it up by name misses it.",
          },
        ];

/** Whether the project has flex clusters; if that cannot be read, it may. */
const hasClusters = async (
  { groupId }: Input,
  { atlas, deadline }: ToolContext,
): Promise<boolean> => {
  const page = await atlas
    .read(listGroupFlexClusters(groupId, { itemsPerPage: 1 }), deadline)
    .catch(failureOf);
  return "code" in page || page.results.length > 0;
};

/** Changes what Atlas lets change on a project, and its lease. */
export const updateProject = defineChange({
  name: "update_project",
  title: "Update project",
  description:
    "Changes a MongoDB Atlas project: name (rename), tags, when it may be swept (expire, extend).",
  searchHint: "change, rename, tag a MongoDB Atlas project; when it expires",
  access: "update",
  kind: "project",
  input,
  output: ["project", "differences", "reconciled", "request", "receipt"],
  always: ["project"],
  suggests: {
    update_project: ({ groupId, tags, sweepAfter }) => ({
      arguments: { groupId, tags, sweepAfter },
      why: "Changes the project.",
    }),
  },
  change: ({ groupId, name, ...input }) => ({
    name: groupId,
    groupId,
    details: { newName: name, tags: input.tags, sweepAfter: input.sweepAfter },
  }),
  plan: async (input, context) => {
    const spec = projectUpdateSpec(context, input.groupId, changeOf(input));
    const risksNow = risksOf(
      input,
      input.name !== undefined && (await hasClusters(input, context)),
    );
    const { resource, isDone, risks } = await planUpdate(spec, risksNow, context);
    const request = spec.request(resource);
    if (isDone) return { request, done: { outcome: "unchanged", project: resource } };
    const { orgId, name = input.groupId, created = "" } = resource;
    const found = { name, ...(orgId && { orgId }), risks, created: Date.parse(created) };
    const id = input.groupId;
    return { request, id, found, pending: asPlanned(spec, id, risksNow, risks) };
  },
  apply: async (spec, _input, context) => {
    const updated = await updateResource(spec, context, context.singleFlights.projectUpdates);
    return { outcome: updated.outcome, project: updated.resource, ...updateBody(updated) };
  },
});
