/** Deleting a project: what is looked up before, and how `deleteResource` goes about it. */
import { deleteGroup, getGroup, listGroupFlexClusters } from "../atlas/requests.ts";
import type { FlexCluster } from "../atlas/resources/flex-cluster.ts";
import type { Project } from "../atlas/resources/project.ts";
import type { Deadline } from "../common/deadline.ts";
import { type Failure, failure, failureOf, type Suggestion } from "../common/failure.ts";
import type { OperationContext } from "./context.ts";
import { findDeleteTarget, notDeleted } from "./delete.ts";
import type { DeleteSpec, DeleteTarget } from "./delete-spec.ts";
import { type Lookup, lookUpBy, noProject } from "./lookup.ts";

const hasClusters = "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS";

const findProject = (
  { atlas }: OperationContext,
  groupId: string,
  deadline: Deadline,
): Promise<Lookup<Project>> =>
  lookUpBy(noProject, async () => [await atlas.read(getGroup(groupId), deadline)]);

const clustersOf = (
  { atlas }: OperationContext,
  groupId: string,
  deadline: Deadline,
): Promise<FlexCluster[]> =>
  atlas.readAll((page) => listGroupFlexClusters(groupId, page), deadline);

/** The project cannot go before its clusters: which these are, and a call to delete each. */
const stillHas = (groupId: string, clusters: FlexCluster[], refused?: Failure): Failure => {
  const staying = clusters.filter(({ stateName }) => stateName !== "DELETING");
  const names = clusters.map((one) => `${one.name ?? "?"} (${one.stateName ?? "?"})`).join(", ");
  const suggestions = staying.flatMap(({ name }): Suggestion[] =>
    name === undefined
      ? []
      : [{ suggest: "delete_cluster", with: { groupId, name }, why: "Has to go first." }],
  );
  return failure(
    "conflict",
    staying.length === 0
      ? `The project cannot be deleted before its clusters are gone, and they are being deleted: ${names}.`
      : `The project cannot be deleted before its clusters: ${names}.`,
    {
      ...(staying.length === 0 ? { retry: "after_delay", retryAfterSeconds: 30 } : {}),
      ...(refused?.atlas === undefined ? {} : { atlas: refused.atlas }),
      existing: clusters.map(({ id, name, stateName, terminationProtectionEnabled }) => ({
        id,
        name,
        stateName,
        terminationProtectionEnabled,
      })),
      suggestions:
        staying.length === 0
          ? [{ suggest: "repeat", why: "Deletes the project once they are gone." }]
          : suggestions,
    },
  );
};

const otherName = (groupId: string): Failure =>
  failure(
    "invalid_input",
    "The project with this id has another name, and both must agree before it is deleted. Nothing was sent.",
    {
      fields: [{ path: "name", problem: "is not the name of the project with this groupId" }],
      suggestions: [{ suggest: "show_project", with: { groupId } }],
    },
  );

/** What a delete of this project would be bound to. Throws where the name is another one, or clusters are in it. */
export const planProjectDelete = async (
  context: OperationContext,
  groupId: string,
  name: string,
): Promise<DeleteTarget<Project>> => {
  const looking = findProject(context, groupId, context.deadline);
  const target = await findDeleteTarget(`project ${JSON.stringify(name)}`, looking);
  if ("absent" in target) return target;
  if (target.resource.name !== name) return notDeleted(otherName(groupId));
  const clusters = await clustersOf(context, groupId, context.deadline).catch((error: unknown) =>
    notDeleted(failureOf(error)),
  );
  if (clusters.length > 0) return notDeleted(stillHas(groupId, clusters));
  return target;
};

/** A project to delete, for `deleteResource`; `id` is what was planned for. */
export const projectDeleteSpec = (
  context: OperationContext,
  groupId: string,
  name: string,
  id: string,
) => {
  const request = deleteGroup(groupId);
  const spec: DeleteSpec<Project> = {
    noun: `project ${JSON.stringify(name)}`,
    key: `project ${groupId}`,
    id,
    find: (deadline) => findProject(context, groupId, deadline),
    send: (deadline) => context.atlas.send(request, deadline),
    idOf: (project) => project.id,
    stateOf: () => undefined,
    absent: noProject,
    // "The current user is not in the group, or the group does not exist" (docs/atlas.md#deletes).
    vanished: ["NOT_IN_GROUP"],
    explain: async (refused, deadline) => {
      if (refused.atlas?.errorCode !== hasClusters) return refused;
      const clusters = await clustersOf(context, groupId, deadline).catch(() => undefined);
      // Clusters that are gone still count for a while (terraform#4431).
      if (clusters?.length === 0) return undefined;
      return clusters === undefined ? refused : stillHas(groupId, clusters, refused);
    },
    lookUp: { suggest: "show_project", with: { groupId } },
  };
  return { spec, request };
};
